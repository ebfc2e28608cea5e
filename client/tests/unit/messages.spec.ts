import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import Messages from '@/pages/messages/list.vue'
import type { Message } from '@/lib/types'

import { server } from './server'

const message = (id: number, changes: Partial<Message> = {}): Message => ({
  id, title: '申请已受理', text: '您的申请已受理。', page: 'pages/cases/detail?no=C1', created_at: '2026-11-21T10:00:00+08:00', read_at: null, ...changes,
})

async function opened(items: Message[], read: Parameters<typeof server>[0][string] = { body: { marked: 1 } }) {
  const unread = items.filter((each) => !each.read_at).length
  const heard = server({ 'GET /messages': { body: { items, next_cursor: null, unread } }, 'POST /messages/read': read })
  const shown = mount(Messages)
  await flushPromises()
  return { shown, heard }
}

describe('messages', () => {
  it('say in a word that they are unread', async () => {
    const { shown } = await opened([message(1), message(2, { read_at: '2026-11-21T11:00:00+08:00' })])

    expect(shown.findAll('.message').map((each) => each.text().includes('未读'))).toEqual([true, false])
    expect(shown.text()).toContain('1条未读')
  })

  it('are read by pressing, which leads to what they are about', async () => {
    const { shown, heard } = await opened([message(1)])
    await shown.find('.message').trigger('click')
    await flushPromises()

    expect(heard.at(-1)).toMatchObject({ method: 'POST', body: { ids: [1] } })
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/cases/detail?no=C1' })
    expect(shown.text()).toContain('没有未读消息')
  })

  it('lead nowhere that is not ours', async () => {
    const { shown } = await opened([message(1, { page: 'pages/nowhere?x=1' })])

    await shown.find('.message').trigger('click')

    expect(uni.navigateTo).not.toHaveBeenCalled()
  })

  it('open also when they cannot be marked now', async () => {
    const { shown } = await opened([message(1)], 'no network')
    await shown.find('.message').trigger('click')
    await flushPromises()

    expect(uni.navigateTo).toHaveBeenCalledTimes(1)
    expect(shown.find('.message').text()).toContain('未读')
  })

  it('are all read in one press', async () => {
    const { shown, heard } = await opened([message(1), message(2)])
    await shown.findAll('[role=button]').find((each) => each.text() === '全部已读')?.trigger('click')
    await flushPromises()

    expect(heard.at(-1)?.body).toEqual({})
    expect(shown.text()).not.toContain('全部已读')
  })
})
