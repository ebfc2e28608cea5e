import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import Result from '@/pages/bills/result.vue'

import { server } from './server'
import { page } from './setup'

const WAITING = {
  payment_no: 'P1',
  state: 'waiting',
  state_text: '等待支付',
  channel_text: '微信支付',
  amount_fen: 4000,
  refunded_fen: 0,
  returning_fen: 0,
  description: '身份证补领',
  paid_at: null,
  bills: [{ bill_no: 'B1', title: '身份证补领', amount_fen: 4000, refunded_fen: 0, state: 'unpaid', receipt_no: null }],
  refunds: [],
}
const PAID = { ...WAITING, state: 'paid', paid_at: '2026-11-23T10:00:00+08:00', bills: [{ ...WAITING.bills[0], state: 'paid', receipt_no: 'R1' }] }

describe('the result of a payment', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    page.options = { payment_no: 'P1' }
  })
  afterEach(() => void vi.useRealTimers())

  it('is called paid only when the server says so', async () => {
    let state: object = WAITING
    server({ 'GET /payments/P1': () => ({ body: state }), 'GET /receipts/R1': { body: { case_no: 'A1' } } })
    const shown = mount(Result)
    await flushPromises()
    expect(shown.text()).toContain('正在确认')
    expect(shown.text()).not.toContain('已缴费')

    state = PAID
    await vi.advanceTimersByTimeAsync(1000)

    expect(shown.text()).toContain('已缴费')
    expect(shown.text()).toContain('¥40.00')
  })

  it('leads back to the case that waited for the money', async () => {
    server({ 'GET /payments/P1': { body: PAID }, 'GET /receipts/R1': { body: { case_no: 'A1' } } })
    const shown = mount(Result)
    await flushPromises()

    await shown.findAll('.y-button').find((button) => button.text() === '回到办件')?.trigger('click')

    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/cases/detail?no=A1' })
  })

  it('stops asking after two minutes and says what to do, without calling it paid', async () => {
    const heard = server({ 'GET /payments/P1': { body: WAITING } })
    const shown = mount(Result)
    await flushPromises()

    await vi.advanceTimersByTimeAsync(125_000)
    const asked = heard.length
    await vi.advanceTimersByTimeAsync(60_000)

    expect(heard).toHaveLength(asked)
    expect(shown.text()).toContain('还在等银行确认')
    expect(shown.text()).toContain('不要重复缴')
    expect(shown.text()).not.toContain('已缴费')
  })

  it('asks again when the citizen wants to know', async () => {
    const heard = server({ 'GET /payments/P1': { body: WAITING } })
    const shown = mount(Result)
    await vi.advanceTimersByTimeAsync(125_000)
    const asked = heard.filter((each) => each.path === '/payments/P1').length

    await shown.findAll('.y-button').find((button) => button.text() === '刷新结果')?.trigger('click')
    await vi.advanceTimersByTimeAsync(1000)

    expect(heard.filter((each) => each.path === '/payments/P1').length).toBe(asked + 2)
    expect(shown.text()).toContain('正在确认')
  })

  it('does not go on asking for whoever is logged out', async () => {
    const heard = server({ 'GET /payments/P1': { status: 401, body: { detail: '请先登录' } } })
    mount(Result)
    await vi.advanceTimersByTimeAsync(30_000)

    expect(heard.filter((asked) => asked.path === '/payments/P1').length).toBeLessThanOrEqual(2)
  })

  it('asks nothing while it is hidden', async () => {
    const heard = server({ 'GET /payments/P1': { body: WAITING } })
    mount(Result)
    await flushPromises()
    const asked = heard.length

    page.hidden.forEach((hide) => hide())
    await vi.advanceTimersByTimeAsync(60_000)

    expect(heard).toHaveLength(asked)
  })

  it('says that a closed payment took no money, and lets one pay the same bills again', async () => {
    server({ 'GET /payments/P1': { body: { ...WAITING, state: 'closed' } } })
    const shown = mount(Result)
    await flushPromises()

    expect(shown.text()).toContain('没有扣款')
    await shown.find('.doings .y-button').trigger('click')

    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/bills/pay?no=B1' })
  })

  it('keeps what it knows when the network breaks while asking', async () => {
    let away = false
    server({ 'GET /payments/P1': () => (away ? 'no network' : { body: WAITING }) })
    const shown = mount(Result)
    await flushPromises()

    away = true
    await vi.advanceTimersByTimeAsync(2000)

    expect(shown.text()).toContain('没有取得最新的结果')
    expect(shown.text()).toContain('¥40.00')
  })
})
