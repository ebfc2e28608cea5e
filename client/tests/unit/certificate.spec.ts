import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import CertificateShow from '@/components/certificate-show.vue'
import { remaining } from '@/lib/showing'
import type { CertificateDetail } from '@/lib/types'

import { server } from './server'

const hooks = vi.hoisted(() => ({ show: [] as (() => void)[], gone: [] as (() => void)[] }))
vi.mock('@dcloudio/uni-app', () => ({
  onShow: (hook: () => void) => hooks.show.push(hook),
  onHide: (hook: () => void) => hooks.gone.push(hook),
  onUnload: (hook: () => void) => hooks.gone.push(hook),
  onPullDownRefresh: () => undefined,
}))

const HELD = {
  id: 7, name: '居民身份证补领结果凭证', state: 'valid', can_show: [{ name: 'holder_name', label: '持证人全名' }],
} as unknown as CertificateDetail
const SHARE = { body: { content: 'https://city/s/abc', expires_at: '2026-11-16T08:05:00+08:00', lives_for: 300 } }
const LIST = { body: { items: [{ shown_at: '2026-11-16T08:00:00+08:00', expires_at: '2026-11-16T08:05:00+08:00', is_open: false, facts: [], looks: ['2026-11-16T08:01:00+08:00'] }], next_cursor: null } }

async function shown(certificate = HELD) {
  const heard = server({ 'GET /certificates/7/shares': LIST, 'POST /certificates/7/share': SHARE, 'DELETE /certificates/7/share': { status: 204 } })
  const view = mount(CertificateShow, { props: { certificate }, global: { stubs: { YQr: { props: ['content'], template: '<i class="qr">{{ content }}</i>' } } } })
  hooks.show.forEach((hook) => hook())
  await flushPromises()
  return { view, heard }
}

beforeEach(() => {
  vi.useFakeTimers()
  hooks.show = []
  hooks.gone = []
})
afterEach(() => {
  hooks.gone.forEach((hook) => hook())
  vi.useRealTimers()
})

async function press(view: Awaited<ReturnType<typeof shown>>['view'], label: string) {
  await view.find(`[aria-label^="${label}"]`).trigger('click')
  await flushPromises()
}

describe('showing a certificate', () => {
  it('says how long it is still good and then hides the code', async () => {
    const { view } = await shown()
    await press(view, '出示这张证照')
    expect(view.find('.qr').text()).toBe('https://city/s/abc')
    expect(view.text()).toContain('还有5分00秒')

    await vi.advanceTimersByTimeAsync(301_000)
    expect(view.find('.qr').exists()).toBe(false)
    expect(view.text()).toContain('码失效了')
  })

  it('sends only what was ticked', async () => {
    const { view, heard } = await shown()
    await press(view, '也给看持证人全名')
    await press(view, '出示这张证照')

    expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ facts: ['holder_name'] })
  })

  it('ends at once when its holder says so, and asks who looked', async () => {
    const { view, heard } = await shown()
    await press(view, '出示这张证照')
    await press(view, '结束出示')

    expect(heard.map((each) => each.method)).toEqual(['GET', 'POST', 'DELETE', 'GET'])
    expect(view.find('.qr').exists()).toBe(false)
  })

  it('tells who looked and when', async () => {
    expect((await shown()).view.text()).toContain('被查看1次')
  })

  it('is not offered of one that does not stand', async () => {
    expect((await shown({ ...HELD, state: 'revoked' } as CertificateDetail)).view.text()).not.toContain('出示给别人看')
  })
})

describe('how long is left', () => {
  it('is said in minutes and seconds', () => {
    expect([300, 65, 59, 0].map(remaining)).toEqual(['5分00秒', '1分05秒', '59秒', '0秒'])
  })
})
