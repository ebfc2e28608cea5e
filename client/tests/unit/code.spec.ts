import { mount } from '@vue/test-utils'
import { nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import Code from '@/pages/code/code.vue'

import { server } from './server'

const hooks = vi.hoisted(() => ({ show: [] as (() => void)[], hide: [] as (() => void)[] }))
vi.mock('@dcloudio/uni-app', () => ({
  onShow: (hook: () => void) => hooks.show.push(hook),
  onHide: (hook: () => void) => hooks.hide.push(hook),
  onUnload: () => undefined,
}))

let given = 0
const fresh = () => ({ body: { content: `https://city/q/${++given}`, refresh_after: 50, expires_at: '2026-11-20T10:00:00+08:00' } })

function shown() {
  const view = mount(Code, { global: { stubs: { YQr: { props: ['content'], template: '<i class="qr">{{ content }}</i>' } } } })
  hooks.show.forEach((hook) => hook())
  return view
}

beforeEach(() => {
  vi.useFakeTimers()
  given = 0
  hooks.show = []
  hooks.hide = []
  Object.assign(uni, { hideTabBar: vi.fn(), showTabBar: vi.fn() })
})

afterEach(() => {
  hooks.hide.forEach((hook) => hook())
  vi.useRealTimers()
})

describe('my code', () => {
  it('fetches the next one before the shown one ends, whatever the phone’s clock says', async () => {
    vi.setSystemTime(new Date('2031-01-01'))
    server({ 'GET /codes/me': fresh })
    const view = shown()
    await vi.advanceTimersByTimeAsync(1000)
    expect(view.find('.qr').text()).toBe('https://city/q/1')

    await vi.advanceTimersByTimeAsync(51_000)

    expect(view.find('.qr').text()).toBe('https://city/q/2')
  })

  it('does not keep a code for hours because the phone’s clock was set back', async () => {
    server({ 'GET /codes/me': fresh })
    const view = shown()
    await vi.advanceTimersByTimeAsync(3000)
    vi.setSystemTime(Date.now() - 3 * 3_600_000)

    await vi.advanceTimersByTimeAsync(2000)

    expect(view.find('.qr').text()).toBe('https://city/q/2')
  })

  it('never shows a code that a scanner would refuse', async () => {
    let away = false
    server({ 'GET /codes/me': () => (away ? 'no network' : fresh()) })
    const view = shown()
    await vi.advanceTimersByTimeAsync(1000)
    away = true

    await vi.advanceTimersByTimeAsync(60_000)

    expect(view.find('.qr').exists()).toBe(false)
    expect(view.text()).toContain('网络不通')
    expect(view.text()).toContain('旧码都不能用')
  })

  it('finds its way back when the network does', async () => {
    let away = true
    server({ 'GET /codes/me': () => (away ? 'no network' : fresh()) })
    const view = shown()
    await vi.advanceTimersByTimeAsync(4000)
    away = false

    await vi.advanceTimersByTimeAsync(10_000)

    expect(view.find('.qr').exists()).toBe(true)
    expect(view.text()).not.toContain('没有换上新码')
  })

  it('rests while nobody looks, and shows nothing old when looked at again', async () => {
    const heard = server({ 'GET /codes/me': fresh })
    const view = shown()
    await vi.advanceTimersByTimeAsync(1000)
    hooks.hide.forEach((hook) => hook())
    const before = heard.length

    await vi.advanceTimersByTimeAsync(300_000)

    expect(heard.length).toBe(before)
    expect(view.find('.qr').exists()).toBe(false)
  })

  it('sends a stranger to the login, and does not ask again and again', async () => {
    const heard = server({ 'GET /codes/me': { status: 401, body: { code: 'login_required', detail: '请先登录' } } })
    const view = shown()
    await vi.advanceTimersByTimeAsync(120_000)

    expect(view.text()).toContain('登录以后才有您自己的码')
    expect(heard.filter((asked) => asked.path === '/codes/me')).toHaveLength(1)
  })

  it('says that a new code is there, and not each second', async () => {
    server({ 'GET /codes/me': fresh })
    const view = shown()
    await vi.advanceTimersByTimeAsync(1000)
    const spoken = view.find('[aria-live]').text()
    await vi.advanceTimersByTimeAsync(20_000)
    await nextTick()

    expect(view.find('[aria-live]').text()).toBe(spoken)
    expect(view.find('.left').text()).toMatch(/^\d+秒后自动换新码$/)
  })
})
