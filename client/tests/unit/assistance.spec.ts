import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import AssistNow from '@/components/assist-now.vue'
import Page from '@/pages/me/assistance.vue'

import { server } from './server'

const ASKED = {
  id: 3, state: 'asked', clerk: '王帮办', hall: '市民服务中心', on_paper: false, text: ['请王帮办帮我', '他不能替我提交'], version: 1,
  asked_at: '2026-11-22T09:00:00+08:00', agreed_at: null, ended_at: null, ending: '', minutes_left: 5, done: [],
}
const LIVE = { ...ASKED, state: 'live', minutes_left: 18, done: [{ sentence: '填写了申请表', at: '2026-11-22T09:05:00+08:00' }] }

afterEach(() => {
  server({})
})

async function page(now: object | null) {
  const heard = server({
    'GET /me/assistance': { body: { now, earlier: [] } },
    'POST /me/assistance/3/agree': { body: { now: LIVE } },
    'DELETE /me/assistance/3': { status: 204, body: null },
  })
  const mounted = mount(Page)
  await (mounted.vm as unknown as { load: { again: () => Promise<void> } }).load.again()
  await flushPromises()
  return { heard, mounted }
}

describe('a clerk beside me', () => {
  it('shows the very words, and says yes to that version', async () => {
    const { heard, mounted } = await page(ASKED)
    expect(mounted.text()).toContain('他不能替我提交')

    await mounted.findAll('.y-button').find((one) => one.text() === '同意')?.trigger('click')
    await flushPromises()

    const yes = heard.find((one) => one.method === 'POST')
    expect([yes?.path, yes?.body]).toEqual(['/me/assistance/3/agree', { version: 1 }])
  })

  it('is refused with one tap', async () => {
    const { heard, mounted } = await page(ASKED)
    await mounted.findAll('.y-button').find((one) => one.text() === '不同意')?.trigger('click')
    await flushPromises()

    expect(heard.some((one) => one.method === 'DELETE')).toBe(true)
  })

  it('says for how long, and what was done', async () => {
    const { mounted } = await page(LIVE)

    expect(mounted.text()).toContain('18分钟后自动结束')
    expect(mounted.text()).toContain('填写了申请表')
  })

  it('stands on other pages with the time that is left', async () => {
    vi.useFakeTimers()
    server({ 'GET /me/assistance/now': { body: { now: LIVE } } })
    const mounted = mount(AssistNow)
    await (mounted.vm as unknown as { look: () => Promise<void> }).look()
    await flushPromises()
    vi.useRealTimers()

    expect(mounted.text()).toContain('工作人员王帮办正在帮您办理 · 还有18分钟')
  })
})
