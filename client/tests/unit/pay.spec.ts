import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import Pay from '@/pages/bills/pay.vue'

import { server } from './server'
import { page } from './setup'

vi.hoisted(() => vi.stubEnv('UNI_PLATFORM', 'mp-weixin'))

const bill = (no: string, changed: object = {}) => ({
  bill_no: no,
  title: `身份证补领${no}`,
  task_code: 'T1',
  amount_fen: 4000,
  state: 'unpaid',
  lines: [{ fee_code: 'F1', name: '工本费', amount_fen: 4000, basis: '发改价格〔2003〕2322号' }],
  ...changed,
})
const PAYMENT = { payment_no: 'P1', channel: 'wechat', state: 'waiting', invoke: { package: 'prepay_id=1', timeStamp: '1' } }

/** The cashier of WeChat ends like this. */
function cashier(end: 'paid' | 'left'): void {
  const request = vi.fn((asked: UniApp.RequestPaymentOptions) => {
    if (end === 'paid') asked.success?.({ errMsg: 'requestPayment:ok' } as never)
    else asked.fail?.({ errMsg: 'requestPayment:fail cancel' } as never)
  })
  Object.assign(uni, { requestPayment: request })
}

async function open(no: string, replies: Parameters<typeof server>[0] = {}) {
  page.options = { no }
  const heard = server({
    'GET /bills/B1': { body: bill('B1') },
    'GET /bills/B2': { body: bill('B2', { amount_fen: 1050 }) },
    'GET /guides/T1': { body: { task_code: 'T1', dept_name: '市公安局' } },
    'POST /payments': { status: 201, body: PAYMENT },
    ...replies,
  })
  const shown = mount(Pay)
  await flushPromises()
  return { heard, shown }
}

async function pay(shown: ReturnType<typeof mount>): Promise<void> {
  await shown.find('.y-bar .y-button').trigger('click')
  await flushPromises()
}

describe('paying', () => {
  it('says what for, by which law, to whom and how much', async () => {
    const { shown } = await open('B1')

    for (const words of ['工本费', '发改价格〔2003〕2322号', '市公安局', '¥40.00', '微信支付']) expect(shown.text()).toContain(words)
  })

  it('pays several bills in one tap and goes to the result', async () => {
    cashier('paid')
    const { heard, shown } = await open('B1,B2')
    expect(shown.find('.sum').text()).toBe('¥50.50')

    await pay(shown)

    expect(heard.find((asked) => asked.method === 'POST')?.body).toEqual({ bill_nos: ['B1', 'B2'], channel: 'wechat' })
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/bills/result?payment_no=P1' })
  })

  it('takes it calmly when the citizen leaves the cashier, and never goes to the result', async () => {
    cashier('left')
    const { shown } = await open('B1')

    await pay(shown)

    expect(shown.text()).toContain('您已退出支付，还没有缴费')
    expect(shown.find('.y-problem').exists()).toBe(false)
    expect(uni.redirectTo).not.toHaveBeenCalled()
  })

  it('taps with the same key when nobody knows whether the first tap arrived', async () => {
    cashier('paid')
    let away = true
    const { heard, shown } = await open('B1', { 'POST /payments': () => (away ? { status: 503 } : { status: 201, body: PAYMENT }) })

    await pay(shown)
    away = false
    await pay(shown)

    const keys = heard.filter((asked) => asked.method === 'POST').map((asked) => asked.header['Idempotency-Key'])
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
  })

  it('says that a bill was paid in the meantime, and asks for it no more', async () => {
    let paid = false
    const { shown } = await open('B1', {
      'GET /bills/B1': () => ({ body: bill('B1', { state: paid ? 'paid' : 'unpaid' }) }),
      'POST /payments': () => {
        paid = true
        return { status: 409, body: { code: 'already_paid', detail: '这笔费用已经缴过了，不用再付' } }
      },
    })

    await pay(shown)

    expect(shown.text()).toContain('不用再付')
    expect(shown.text()).toContain('已缴费')
    expect(shown.find('.y-bar').exists()).toBe(false)
  })

  it('shows the way on when the bill is being paid elsewhere', async () => {
    const { shown } = await open('B1', { 'POST /payments': { status: 409, body: { code: 'payment_running', detail: '这笔费用正在支付中' } } })

    await pay(shown)

    expect(shown.text()).toContain('正在支付中')
    expect(shown.find('.way').text()).toBe('看我的缴费')
  })

  it('pays without the unit’s name when the guide is away', async () => {
    const { shown } = await open('B1', { 'GET /guides/T1': { status: 404 } })

    expect(shown.find('.y-bar .y-button').text()).toBe('立即缴费 ¥40.00')
    expect(shown.text()).not.toContain('收费单位')
  })
})
