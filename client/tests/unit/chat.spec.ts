import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

import { logInWith, logOut } from '@/lib/session'
import { say, sayAgain, startAfresh, talk } from '@/lib/talk'
import Chat from '@/pages/chat/chat.vue'

import { server } from './server'

const settled = () => new Promise((resolve) => setTimeout(resolve))
const reply = (text: string, more: object = {}) => ({ body: { replies: [{ kind: 'text', text, choices: [], sources: [], demo: false, ...more }] } })

afterEach(startAfresh)

function page() {
  Object.assign(uni, { pageScrollTo: vi.fn() })
  return mount(Chat)
}

describe('the chat', () => {
  it('begins with what one may ask, and goes on by a choice', async () => {
    const heard = server({ 'POST /chat/messages': reply('您好', { kind: 'choices', choices: [{ text: '身份证丢了怎么办', task_code: null }] }) })
    const view = page()
    await settled()

    await view.find('.choice').trigger('click')
    await settled()

    expect(heard.filter((asked) => asked.method === 'POST').map((asked) => asked.body)).toEqual([{ action: 'menu' }, { text: '身份证丢了怎么办' }])
    expect(view.find('.line.mine').text()).toContain('身份证丢了怎么办')
  })

  it('opens the guide that an answer quotes, once per guide', async () => {
    const source = { task_code: '1135', field: 'fees', version: 1 }
    server({ 'POST /chat/messages': reply('40元', { kind: 'card', sources: [source, { ...source, field: 'limit' }], demo: true }) })
    const view = page()
    await settled()

    expect(view.findAll('.choice')).toHaveLength(1)
    expect(view.text()).toContain('演示数据')
    await view.find('.choice').trigger('click')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/guides/detail?task_code=1135' })
  })

  it('keeps the question when the network is away, and asks it again', async () => {
    let away = true
    const heard = server({ 'POST /chat/messages': () => (away ? 'no network' : reply('好的')) })
    await say({ text: '落户' }, '落户')
    expect(talk.problem?.message).toContain('网络不通')

    away = false
    await sayAgain()

    expect(heard.map((asked) => asked.body)).toEqual([{ text: '落户' }, { text: '落户' }])
    expect(talk.lines.map((line) => line.reply?.text ?? line.mine)).toEqual(['落户', '好的'])
  })

  it('forgets what was said when the person logs out', async () => {
    server({ 'POST /sessions': { status: 201, body: { access_token: 'a', refresh_token: 'r', citizen: {} } }, 'POST /chat/messages': reply('您的办件') })
    await logInWith({ platform: 'demo', code: 'lin' })
    await nextTick()
    await say({ action: 'progress' }, '查进度')
    expect(talk.lines).toHaveLength(2)

    await logOut()
    await nextTick()

    expect(talk.lines).toHaveLength(0)
  })
})
