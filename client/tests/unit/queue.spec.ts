import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import Queue from '@/pages/booking/queue.vue'

import { server } from './server'
import { page } from './setup'

const TICKET = {
  id: 12,
  number: 'A012',
  centre_name: '市民服务中心',
  window_group: '公安',
  task_name: '身份证补领',
  priority_text: null,
  state: 'waiting',
  state_text: '等候中',
  hint: '前面还有9位，请留意叫号',
  people_ahead: 9,
  expected_wait_minutes: null,
  window: null,
  calls: 0,
  taken_at: '2026-11-23T09:00:00+08:00',
  can_cancel: true,
}
const CALLED = { ...TICKET, state: 'called', state_text: '正在叫号', people_ahead: null, window: 'A03', calls: 1, hint: '请到A03窗口办理' }

describe('waiting in the queue', () => {
  beforeEach(() => {
    Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: true }, configurable: true })
    vi.useFakeTimers()
    page.options = { id: '12' }
  })
  afterEach(() => void vi.useRealTimers())

  it('shows the number, who is ahead, and that nobody knows how long', async () => {
    server({ 'GET /tickets/12': { body: TICKET } })
    const shown = mount(Queue)
    await flushPromises()

    expect(shown.find('.no').text()).toBe('A012')
    expect(shown.text()).toContain('前面还有9人')
    expect(shown.text()).toContain('估不出要等多久')
  })

  it('says loudly when it is one’s turn, and shakes once', async () => {
    let state: object = TICKET
    server({ 'GET /tickets/12': () => ({ body: state }) })
    const shown = mount(Queue)
    await flushPromises()

    state = CALLED
    await vi.advanceTimersByTimeAsync(45_000)

    expect(shown.find('[role=alert]').text()).toContain('A03 窗口')
    expect(uni.vibrateLong).toHaveBeenCalledTimes(1)
  })

  it('asks nothing while it is hidden', async () => {
    const heard = server({ 'GET /tickets/12': { body: TICKET } })
    mount(Queue)
    await flushPromises()
    const before = heard.length

    page.hidden.forEach((hide) => hide())
    await vi.advanceTimersByTimeAsync(120_000)

    expect(heard).toHaveLength(before)
  })

  it('says that what is shown is not the latest when the network is away', async () => {
    let away = false
    server({ 'GET /tickets/12': () => (away ? 'no network' : { body: TICKET }) })
    const shown = mount(Queue)
    await flushPromises()

    away = true
    await vi.advanceTimersByTimeAsync(20_000)

    expect(shown.find('.no').text()).toBe('A012')
    expect(shown.text()).toContain('没有取得最新的')
  })

  it('gives a number back only after asking', async () => {
    const heard = server({
      'GET /tickets/12': { body: TICKET },
      'POST /tickets/12/cancel': { body: { ...TICKET, state: 'cancelled', state_text: '已取消', can_cancel: false } },
    })
    vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => asked.success?.({ confirm: true } as never)) as never)
    const shown = mount(Queue)
    await flushPromises()

    await shown.find('.y-bar .y-button').trigger('click')
    await flushPromises()

    expect(heard.some((asked) => asked.path === '/tickets/12/cancel')).toBe(true)
    expect(shown.text()).toContain('已取消')
    expect(shown.find('.y-bar').exists()).toBe(false)
  })

  it('finds today’s number by itself when none is named', async () => {
    page.options = {}
    server({ 'GET /tickets': { body: { items: [{ ...TICKET, state: 'served' }, { ...TICKET, number: 'A020' }], next_cursor: null } } })
    const shown = mount(Queue)
    await flushPromises()

    expect(shown.find('.no').text()).toBe('A020')
  })

  it('says that there is no number today', async () => {
    page.options = {}
    server({ 'GET /tickets': { body: { items: [], next_cursor: null } } })
    const shown = mount(Queue)
    await flushPromises()

    expect(shown.text()).toContain('您今天没有排队号')
  })
})
