import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'

import { acting } from '@/lib/acting'
import Slots from '@/pages/booking/slots.vue'

import { server } from './server'
import { page } from './setup'

const CENTRE = { id: 'C01', name: '市民服务中心', address: '示例路88号' }

function half(id: number, time: string, free: number) {
  return {
    slot_id: id,
    day: '2026-11-23',
    starts_at: `2026-11-23T${time}:00+08:00`,
    ends_at: `2026-11-23T${time}:30+08:00`,
    window_group: '公安',
    free,
    load_text: free ? '空闲' : '已约满',
  }
}

const WALK_IN = '不预约也可以办'
const choice = (...items: object[]) => ({ body: { items, next_cursor: null, quieter: [], walk_in_text: WALK_IN } })

function open(replies: Parameters<typeof server>[0], options: Record<string, string> = { centre_id: 'C01', task_code: 'T1' }) {
  page.options = options
  const heard = server({
    'GET /centres/C01': { body: CENTRE },
    'GET /guides/T1': { body: { name: '身份证补领', task_code: 'T1' } },
    'GET /centres/C01/slots': choice(half(1, '09:00', 0), half(2, '10:00', 2)),
    ...replies,
  })
  return { heard, shown: mount(Slots) }
}

async function book(shown: ReturnType<typeof mount>, at = 0): Promise<void> {
  await shown.findAll('.slot-grid .half:not(.full)')[at]?.trigger('click')
  await shown.find('.book-sheet .y-button').trigger('click')
  await flushPromises()
}

const HER = { id: 3, name: '**英', acts: ['book', 'track'] }

afterEach(() => void (acting.value = null))

describe('choosing a time', () => {
  it('books a half hour once and shows its voucher in place of the page', async () => {
    const { heard, shown } = open({ 'POST /appointments': { status: 201, body: { id: 7 } } })
    await flushPromises()

    await book(shown)

    const booked = heard.filter((asked) => asked.method === 'POST')
    expect(booked.map((asked) => asked.body)).toEqual([{ centre_id: 'C01', slot_id: 2, task_code: 'T1' }])
    expect(booked[0]?.header['Idempotency-Key']).toBeTruthy()
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/booking/ticket?id=7' })
  })

  it('books for somebody else, with a word for the window', async () => {
    const { heard, shown } = open({ 'POST /appointments': { status: 201, body: { id: 7 } } })
    await flushPromises()

    await shown.find('.slot-grid .half:not(.full)').trigger('click')
    await shown.find('.book-sheet .link').trigger('click')
    const type = (at: string, value: string) => shown.find(`.book-sheet ${at}`).element.dispatchEvent(new CustomEvent('input', { detail: { value } }))
    type('input', '陈奶奶 ')
    type('textarea', '坐轮椅')
    await shown.find('.book-sheet .y-button').trigger('click')
    await flushPromises()

    expect(heard.find((asked) => asked.method === 'POST')?.body).toMatchObject({ for: '陈奶奶', note: '坐轮椅' })
  })

  it('offers quieter half hours that are not in sight already', async () => {
    const asked = choice(half(1, '09:00', 1))
    const tomorrow = { ...half(3, '09:00', 9), starts_at: '2026-11-24T09:00:00+08:00', ends_at: '2026-11-24T09:30:00+08:00' }
    const body = { ...asked.body, quieter: [half(1, '09:00', 1), tomorrow] }
    const { shown } = open({ 'GET /centres/C01/slots': { body } })
    await flushPromises()

    const quiet = shown.findAll('.y-card').find((card) => card.text().includes('人少些'))
    expect(quiet?.findAll('.half')).toHaveLength(1)
    expect(quiet?.text()).toContain('11月24日')
  })

  it('does not let a full half hour be pressed', async () => {
    const { shown } = open({})
    await flushPromises()

    await shown.find('.slot-grid .full').trigger('click')

    expect(shown.find('.book-sheet').exists()).toBe(false)
    expect(shown.find('.slot-grid .full').text()).toContain('已约满')
  })

  it('says that a place was taken meanwhile, and shows what is free now', async () => {
    let asked = 0
    const { shown } = open({
      'GET /centres/C01/slots': () => (++asked === 1 ? choice(half(2, '10:00', 1)) : choice(half(2, '10:00', 0), half(3, '11:00', 4))),
      'POST /appointments': { status: 409, body: { code: 'slot_full', detail: '该时段已约满，请换一个时段' } },
    })
    await flushPromises()

    await book(shown)

    expect(shown.find('[role=alert]').text()).toContain('该时段已约满')
    expect(shown.find('.book-sheet').exists()).toBe(false)
    expect(shown.find('.slot-grid').text()).toContain('11:00')
  })

  it('keeps the sheet open and points to what is booked already', async () => {
    const refusal = { code: 'already_booked_that_day', detail: '您当天已经预约过这件事' }
    const { shown } = open({ 'POST /appointments': { status: 409, body: refusal } })
    await flushPromises()

    await book(shown)
    await shown.find('.book-sheet .way').trigger('click')

    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/booking/list' })
  })

  it('sends who has no login to the login', async () => {
    const { shown } = open({ 'POST /appointments': { status: 401, body: { detail: '请先登录' } } })
    await flushPromises()

    await book(shown)

    expect(shown.find('.book-sheet .way').text()).toBe('去登录')
  })

  it('moves a visit without ever giving up its place first', async () => {
    const visit = { id: 5, task_code: 'T1', task_name: '身份证补领', centre: CENTRE }
    const { heard, shown } = open(
      { 'GET /appointments/5': { body: visit }, 'POST /appointments/5/reschedule': { body: visit } },
      { appointment_id: '5' },
    )
    await flushPromises()
    expect(shown.text()).toContain('原来的号会一直留着')

    await book(shown)

    expect(heard.filter((asked) => asked.method === 'POST').map((asked) => [asked.path, asked.body])).toEqual([
      ['/appointments/5/reschedule', { slot_id: 2 }],
    ])
  })

  it('asks first for what one comes, when only a window was scanned', async () => {
    const { heard, shown } = open(
      { 'GET /guides': { body: { items: [{ task_code: 'T1', name: '身份证补领', bookable: true }], next_cursor: null } } },
      { centre_id: 'C01', window: 'A03' },
    )
    await flushPromises()
    expect(shown.find('.slot-grid').exists()).toBe(false)

    await shown.find('.item-finder .item').trigger('click')
    await flushPromises()

    expect(heard.some((asked) => asked.path === '/centres/C01/slots?task_code=T1')).toBe(true)
    expect(shown.find('.slot-grid').exists()).toBe(true)
  })

  it('offers the waiting list when nothing is free, and only then', async () => {
    const { heard, shown } = open({
      'GET /centres/C01/slots': choice(half(1, '09:00', 0)),
      'POST /waitlist': { status: 201, body: { id: 3 } },
    })
    await flushPromises()

    await shown.findAll('.link').find((link) => link.text() === '候补更早的号')?.trigger('click')
    await shown.find('.wait-sheet .y-button').trigger('click')
    await flushPromises()

    expect(heard.find((asked) => asked.path === '/waitlist')?.body).toEqual({ centre_id: 'C01', task_code: 'T1', before: '2026-11-23' })
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/booking/list?tab=waitlist' })
  })

  it('offers no waiting list while the first half hour is free', async () => {
    const { shown } = open({ 'GET /centres/C01/slots': choice(half(1, '09:00', 1), half(2, '10:00', 0)) })
    await flushPromises()

    expect(shown.text()).not.toContain('候补')
  })

  it('says in place why a matter is not booked here', async () => {
    const refusal = { code: 'not_bookable', detail: '这件事不用预约，可以直接网上办理' }
    const { shown } = open({ 'GET /centres/C01/slots': { status: 422, body: refusal } })
    await flushPromises()

    expect(shown.text()).toContain('这件事不用预约')
    expect(shown.text()).toContain('现在取号')
  })

  it('says for whom an agent books, and offers neither the queue nor the waiting list', async () => {
    acting.value = HER
    const { shown } = open({ 'GET /centres/C01/slots': choice(half(1, '09:00', 0)) })
    await flushPromises()

    expect(shown.find('.acting-bar').text()).toContain('您正在替 **英 办理')
    expect(shown.findAll('.link').map((link) => link.text())).toEqual(['换一个大厅'])
  })

  it('leads who may not book for another back to their own matters', async () => {
    acting.value = { ...HER, acts: ['track'] }
    const { shown } = open({})
    await flushPromises()
    expect(shown.find('.slot-grid').exists()).toBe(false)

    await shown.findAll('.link').find((link) => link.text() === '回到办自己的事')?.trigger('click')
    await flushPromises()

    expect([acting.value, shown.find('.slot-grid').exists()]).toEqual([null, true])
  })
})
