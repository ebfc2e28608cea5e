import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import Detail from '@/pages/bills/detail.vue'
import Bills from '@/pages/bills/list.vue'
import Pay from '@/pages/bills/pay.vue'
import Receipts from '@/pages/bills/receipts.vue'
import Refund from '@/pages/bills/refund.vue'

import { server } from './server'
import { page } from './setup'

const bill = (no: string, changed: object = {}) => ({
  bill_no: no,
  title: `身份证补领${no}`,
  task_code: 'T1',
  amount_fen: 4000,
  refunded_fen: 0,
  state: 'unpaid',
  issued_at: '2026-11-23T09:00:00+08:00',
  paid_at: null,
  payment_no: null,
  receipt_no: null,
  refundable: false,
  refund_hint: null,
  lines: [],
  ...changed,
})
const items = (...given: object[]) => ({ body: { items: given, next_cursor: null } })

async function list(...unpaid: object[]) {
  server({ 'GET /bills': (asked) => (asked.path.includes('state=unpaid') ? items(...unpaid) : items()) })
  const shown = mount(Bills)
  await flushPromises()
  return shown
}

describe('my bills', () => {
  it('pays only what was ticked, and says its sum', async () => {
    const shown = await list(bill('B1'), bill('B2', { amount_fen: 1050 }), bill('B3'))
    expect(shown.find('.y-bar .y-button').attributes('aria-disabled')).toBe('true')

    await shown.findAll('.tick')[0]?.trigger('click')
    await shown.findAll('.tick')[1]?.trigger('click')
    expect(shown.find('.y-bar .y-button').text()).toBe('去缴费 ¥50.50')
    await shown.find('.y-bar .y-button').trigger('click')

    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/bills/pay?no=B1%2CB2' })
  })

  it('needs no tick for a single bill', async () => {
    const shown = await list(bill('B1'))

    expect(shown.find('[role=checkbox]').exists()).toBe(false)
    expect(shown.find('.y-bar .y-button').text()).toBe('去缴费 ¥40.00')
  })

  it('ticks no more than one payment takes', async () => {
    const shown = await list(...Array.from({ length: 21 }, (_, at) => bill(`B${at}`)))

    await shown.find('.all').trigger('click')
    await shown.findAll('.tick')[20]?.trigger('click')

    expect(shown.find('.y-bar .y-button').text()).toBe('去缴费 ¥800.00')
    expect(uni.showToast).toHaveBeenCalled()
  })
})

describe('paying in a browser', () => {
  it('begins no payment where no cashier is', async () => {
    page.options = { no: 'B1' }
    const heard = server({ 'GET /bills/B1': { body: bill('B1') }, 'GET /bootstrap': { body: { demo: null, templates: {} } } })
    const shown = mount(Pay)
    await flushPromises()

    await shown.find('.y-bar .y-button').trigger('click')
    await flushPromises()

    expect(heard.some((asked) => asked.method === 'POST')).toBe(false)
    expect(shown.text()).toContain('小程序缴费')
  })
})

describe('one bill', () => {
  it('offers a refund only when the server says that there can be one', async () => {
    page.options = { no: 'B1' }
    const paid = bill('B1', { state: 'paid', payment_no: 'P1', refund_hint: '退费正在审核，结果会发消息给您' })
    server({ 'GET /bills/B1': { body: paid }, 'GET /payments/P1/refunds': items() })
    const shown = mount(Detail)
    await flushPromises()

    expect(shown.text()).toContain('退费正在审核')
    expect(shown.text()).not.toContain('申请退费')
  })
})

describe('asking money back', () => {
  const payment = (refundable: boolean) => ({
    body: { payment_no: 'P1', state: 'paid', bills: [bill('B1', { state: 'paid', refundable })], refunds: [] },
  })

  async function open(replies: Parameters<typeof server>[0] = {}) {
    page.options = { payment_no: 'P1', bill_no: 'B1' }
    vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => asked.success?.({ confirm: true } as never)) as never)
    const heard = server({ 'GET /payments/P1': payment(true), 'POST /payments/P1/refunds': { status: 201, body: {} }, ...replies })
    const shown = mount(Refund)
    await flushPromises()
    return { heard, shown }
  }

  it('needs a reason before anything is sent', async () => {
    const { heard, shown } = await open()

    await shown.find('.y-bar .y-button').trigger('click')
    await flushPromises()

    expect(heard.some((asked) => asked.method === 'POST')).toBe(false)
    expect(shown.find('.fault').text()).toContain('为什么要退')
  })

  it('asks for all by naming no amount', async () => {
    const { heard, shown } = await open()

    await shown.find('.chip').trigger('click')
    await shown.find('.y-bar .y-button').trigger('click')
    await flushPromises()

    expect(heard.find((asked) => asked.method === 'POST')?.body).toEqual({ bill_no: 'B1', reason: '不办了' })
  })

  it('shows the server’s sentence about the amount at the amount', async () => {
    const refusal = { code: 'refund_too_much', detail: '申请的金额超过了可以退的金额', errors: { amount_fen: ['最多可以退40元'] } }
    const { shown } = await open({ 'POST /payments/P1/refunds': { status: 422, body: refusal } })

    await shown.findAll('.chip')[0]?.trigger('click')
    await shown.findAll('[role=radio]')[1]?.trigger('click')
    const amount = shown.findAll('input').pop()
    amount?.element.dispatchEvent(new CustomEvent('input', { detail: { value: '50' } }))
    await shown.find('.y-bar .y-button').trigger('click')
    await flushPromises()

    expect(shown.findAll('.fault').map((fault) => fault.text())).toContain('最多可以退40元')
  })

  it('offers no form when nothing can go back', async () => {
    const { shown } = await open({ 'GET /payments/P1': payment(false) })

    expect(shown.find('.y-bar').exists()).toBe(false)
    expect(shown.text()).toContain('不能在手机上申请退费')
  })
})

describe('receipts', () => {
  it('say what kind of paper they are', async () => {
    page.options = { no: 'R1' }
    const receipt = {
      receipt_no: 'R1',
      kind_text: '缴费凭证',
      note: '这是缴费凭证，证明款项已经缴到。',
      payer_name: null,
      unit_name: null,
      case_no: null,
      amount_fen: 4000,
      refunded_fen: 0,
      paid_at: '2026-11-23T10:00:00+08:00',
      channel_text: '微信支付',
      payment_no: 'P1',
      transaction_id: null,
      bill: bill('B1'),
    }
    server({ 'GET /receipts': items(), 'GET /receipts/R1': { body: receipt } })
    const shown = mount(Receipts)
    await flushPromises()

    expect(shown.find('[role=dialog]').text()).toContain('证明款项已经缴到')
  })
})
