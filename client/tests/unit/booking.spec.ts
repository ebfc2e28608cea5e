import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { acting } from '@/lib/acting'
import Centre from '@/pages/booking/centre.vue'
import Centres from '@/pages/booking/centres.vue'
import List from '@/pages/booking/list.vue'
import Ticket from '@/pages/booking/ticket.vue'

import { server } from './server'
import { page } from './setup'

const NOW = '2026-11-23T08:00:00+08:00'
const HALL = {
  id: 'C01',
  name: '市民服务中心',
  level: '市级',
  address: '示例路88号',
  phone: '0591-00002001',
  open_now: true,
  waiting_now: 3,
  distance_m: null,
  hours: { '1': [['09:00', '17:00']] },
  shift_days: [],
  windows: [],
  self_service: [],
  accessibility: [],
  special_windows: [],
  last_ticket_before_minutes: 30,
  walk_in_text: '不预约也可以办',
}
const VISIT = {
  id: 7,
  code: 'AbCd1234efgh',
  status: 'booked',
  status_text: '已预约',
  task_code: 'T1',
  task_name: '身份证补领',
  for: null,
  note: null,
  centre: { id: 'C01', name: '市民服务中心', address: '示例路88号', lat: 26, lng: 119 },
  window_group: '公安',
  starts_at: '2026-11-23T09:00:00+08:00',
  ends_at: '2026-11-23T09:30:00+08:00',
  can_change: true,
  change_until: '2026-11-23T07:00:00+08:00',
  check_in_until: '2026-11-23T09:15:00+08:00',
  calendar_url: 'http://a/api/v1/appointments/calendar/x.ics',
  ticket_id: null,
  taken_in: [] as string[],
}
const WAIT = {
  id: 3,
  centre_name: '市民服务中心',
  task_name: '身份证补领',
  before: '2026-11-24T00:00:00+08:00',
  state: 'offered',
  state_text: '有号待确认',
  offer: { starts_at: VISIT.starts_at, ends_at: VISIT.ends_at, window_group: '公安', expires_at: '2026-11-23T08:10:00+08:00' },
  appointment_id: null,
}
const items = (...given: object[]) => ({ body: { items: given, next_cursor: null } })

function agrees(): void {
  vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => asked.success?.({ confirm: true } as never)) as never)
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  vi.setSystemTime(Date.parse(NOW))
})
afterEach(() => {
  vi.useRealTimers()
  acting.value = null
})

describe('the halls', () => {
  it('never ask by themselves where the citizen is', async () => {
    const where = vi.fn()
    Object.defineProperty(navigator, 'geolocation', { value: { getCurrentPosition: where }, configurable: true })
    const heard = server({ 'GET /centres': items(HALL) })
    const shown = mount(Centres)
    await flushPromises()
    expect(where).not.toHaveBeenCalled()

    where.mockImplementation((found: PositionCallback) => found({ coords: { latitude: 26.1, longitude: 119.2 } } as never))
    await shown.find('.sort .press').trigger('click')
    await flushPromises()

    expect(heard.some((asked) => asked.path.includes('near=26.1%2C119.2'))).toBe(true)
  })

  it('lead to the half hours when the matter is known', async () => {
    page.options = { task_code: 'T1' }
    server({ 'GET /centres': items(HALL) })
    const shown = mount(Centres)
    await flushPromises()

    await shown.find('.doings .y-button').trigger('click')

    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/booking/slots?centre_id=C01&task_code=T1' })
  })

  it('say their week and take a number for a matter that is chosen first', async () => {
    page.options = { id: 'C01' }
    const heard = server({
      'GET /centres/C01': { body: HALL },
      'GET /guides': items({ task_code: 'T1', name: '身份证补领', bookable: false }),
      'POST /centres/C01/tickets': { status: 201, body: { id: 12 } },
    })
    const shown = mount(Centre)
    await flushPromises()
    expect(shown.find('.day.today').text()).toContain('今天周一')

    await shown.findAll('.y-bar .y-button')[0]?.trigger('click')
    await flushPromises()
    await shown.find('.item-finder .item').trigger('click')
    await shown.findAll('.take-number .kind')[1]?.trigger('click')
    await shown.find('.take-number .y-button').trigger('click')
    await flushPromises()

    expect(heard.find((asked) => asked.method === 'POST')?.body).toEqual({ task_code: 'T1', priority: 'elder' })
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/booking/queue?id=12' })
  })
})

describe('my appointments', () => {
  it('are parted into coming and past', async () => {
    server({ 'GET /appointments': items(VISIT, { ...VISIT, id: 6, status: 'cancelled', status_text: '已取消' }), 'GET /waitlist': items() })
    const shown = mount(List)
    await flushPromises()

    const [coming, past] = shown.findAll('.y-card')
    expect(coming?.text()).toContain('已预约')
    expect(past?.text()).toContain('已取消')
  })

  it('have today’s number in the queue on top', async () => {
    const ticket = { id: 12, number: 'A012', state: 'waiting', state_text: '等候中', hint: '前面还有3位', centre_name: '市民服务中心', task_name: '补领' }
    server({ 'GET /appointments': items(), 'GET /waitlist': items(), 'GET /tickets': items(ticket, { ...ticket, id: 1, state: 'served' }) })
    const shown = mount(List)
    await flushPromises()

    expect(shown.findAll('.queue').map((each) => each.text())).toEqual([expect.stringContaining('A012号')])
  })

  it('are those an agent booked, without the waiting list', async () => {
    acting.value = { id: 3, name: '**英', acts: ['book'] }
    const heard = server({ 'GET /appointments': items(VISIT), 'GET /waitlist': items(), 'GET /tickets': items() })
    page.options = { tab: 'waitlist' }
    const shown = mount(List)
    await flushPromises()

    expect(shown.text()).toContain('您正在替 **英 办理')
    expect(shown.text()).toContain('身份证补领')
    expect(heard.some((asked) => asked.path.startsWith('/waitlist'))).toBe(false)
  })

  it('open at the waiting list, and say how long an offer is held', async () => {
    page.options = { tab: 'waitlist' }
    server({ 'GET /appointments': items(), 'GET /waitlist': items(WAIT) })
    const shown = mount(List)
    await flushPromises()
    expect(shown.text()).toContain('还剩约10分钟')
    expect(shown.text()).toContain('11月23日 周一或更早')

    vi.setSystemTime(Date.parse('2026-11-23T08:11:00+08:00'))
    vi.advanceTimersByTime(10_000)
    await flushPromises()

    expect(shown.text()).toContain('保留时间已到')
  })

  it('book what the waiting list offers, once', async () => {
    page.options = { tab: 'waitlist' }
    const heard = server({ 'GET /appointments': items(), 'GET /waitlist': items(WAIT), 'POST /waitlist/3/accept': { status: 201, body: { id: 9 } } })
    const shown = mount(List)
    await flushPromises()

    await shown.findAll('.wait-card .y-button')[1]?.trigger('click')
    await flushPromises()

    expect(heard.find((asked) => asked.method === 'POST')?.header['Idempotency-Key']).toBeTruthy()
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/booking/ticket?id=9' })
  })

  it('give an offered place up only after asking', async () => {
    page.options = { tab: 'waitlist' }
    const heard = server({ 'GET /appointments': items(), 'GET /waitlist': items(WAIT), 'DELETE /waitlist/3': { status: 204 } })
    const shown = mount(List)
    await flushPromises()

    await shown.findAll('.wait-card .y-button')[0]?.trigger('click')
    expect(heard.some((asked) => asked.method === 'DELETE')).toBe(false)
    agrees()
    await shown.findAll('.wait-card .y-button')[0]?.trigger('click')
    await flushPromises()

    expect(heard.some((asked) => asked.method === 'DELETE')).toBe(true)
  })
})

describe('the voucher', () => {
  async function open(replies: Parameters<typeof server>[0]) {
    page.options = { id: '7' }
    const heard = server(replies)
    const shown = mount(Ticket)
    await flushPromises()
    return { heard, shown }
  }

  it('shows the code, and the number in groups', async () => {
    const { shown } = await open({ 'GET /appointments/7': { body: VISIT } })

    expect(shown.find('.y-qr').exists()).toBe(true)
    expect(shown.find('.code').text()).toBe('AbCd 1234 efgh')
  })

  it('shows no code any more once it is cancelled, and lets one book again', async () => {
    const { shown } = await open({ 'GET /appointments/7': { body: { ...VISIT, status: 'cancelled', status_text: '已取消', can_change: false } } })

    expect(shown.find('.y-qr').exists()).toBe(false)
    expect(shown.find('.y-bar').text()).toContain('重新预约')
  })

  it('says what was handed in online already and need not be brought', async () => {
    const { shown } = await open({ 'GET /appointments/7': { body: { ...VISIT, taken_in: ['居民身份证', '近期照片'] } } })

    expect(shown.text()).toContain('这些不用再带')
    expect(shown.text()).toContain('居民身份证、近期照片')
  })

  it('is cancelled only after asking', async () => {
    const { heard, shown } = await open({
      'GET /appointments/7': { body: VISIT },
      'POST /appointments/7/cancel': { body: { ...VISIT, status: 'cancelled', status_text: '已取消' } },
    })
    agrees()

    await shown.findAll('.y-bar .y-button')[0]?.trigger('click')
    await flushPromises()

    expect(heard.some((asked) => asked.path === '/appointments/7/cancel')).toBe(true)
    expect(shown.text()).toContain('已取消')
  })

  it('lets one check in on the day, and leads to the queue', async () => {
    const { heard, shown } = await open({
      'GET /appointments/7': { body: VISIT },
      'POST /appointments/7/check-in': { body: { ...VISIT, status: 'checked_in', status_text: '已签到', ticket_id: 12 } },
    })
    agrees()

    await shown.find('.check-in .y-button').trigger('click')
    await flushPromises()

    expect(heard.find((asked) => asked.path.endsWith('check-in'))?.body).toEqual({ code: VISIT.code })
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/booking/queue?id=12' })
    expect(shown.text()).toContain('看排队进度')
  })

  it('says why it cannot be changed any more', async () => {
    const { shown } = await open({ 'GET /appointments/7': { body: { ...VISIT, can_change: false } } })

    expect(shown.text()).toContain('不能再改约或取消')
    expect(shown.find('.y-bar').exists()).toBe(false)
  })
})
