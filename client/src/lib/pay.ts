import { facts } from './facts'
import { query } from './places'
import { platform } from './platform'
import { Refused } from './refused'
import { persona } from './session'
import type { Payment } from './types'

/** Which channel pays here; on H5 only the demo has one. */
export const CHANNEL: 'wechat' | 'alipay' = platform === 'alipay' ? 'alipay' : 'wechat'

/** What people call the channel that pays here. */
export const CHANNEL_NAME = CHANNEL === 'alipay' ? '支付宝' : '微信支付'

/** Ask before a payment is begun whether it could be finished here at all. Throws Refused. */
export async function needCashier(): Promise<void> {
  if (platform === 'h5') await demoCashier()
}

/**
 * Hand a payment to the platform's cashier. What the platform answers is not proof: the result page asks the
 * server. Ends when the cashier is closed; on H5 the browser leaves for the demo's cashier and comes back to
 * the result page. Throws Refused when nothing was paid for a reason worth telling.
 */
export async function openCashier(payment: Payment): Promise<void> {
  if (!payment.invoke) return
  if (platform === 'wechat') return wechat(payment.invoke)
  if (platform === 'alipay') return alipay(payment.invoke)
  return browser(payment, payment.invoke)
}

type Invoke = NonNullable<Payment['invoke']>

function wechat(invoke: Invoke): Promise<void> {
  return new Promise((resolve, reject) => {
    uni.requestPayment({
      provider: 'wxpay',
      orderInfo: '',
      ...(invoke as object),
      success: () => resolve(),
      fail: (trouble) => (/cancel/.test(trouble.errMsg ?? '') ? reject(left()) : resolve()),
    })
  })
}

function alipay(invoke: Invoke): Promise<void> {
  return new Promise((resolve, reject) => {
    my.tradePay({
      ...(invoke as object),
      success: (told: { resultCode?: string }) => (told.resultCode === '6001' ? reject(left()) : resolve()),
      fail: () => resolve(),
    })
  })
}

async function browser(payment: Payment, invoke: Invoke): Promise<void> {
  const demo = await demoCashier()
  const back = `${location.origin}${location.pathname}#/pages/bills/result?payment_no=${encodeURIComponent(payment.payment_no)}`
  location.assign(
    demo.cashier_url + query({ person: persona(), channel: payment.channel, invoke: packed(invoke), return: back }),
  )
}

async function demoCashier(): Promise<{ cashier_url: string }> {
  const { demo } = await facts()
  if (!demo) throw new Refused('pay_in_the_app', '网页版暂不能缴费，请在微信或支付宝里打开“一码办”小程序缴费。')
  return demo
}

/** base64url of the JSON, as the demo's cashier takes it. */
function packed(invoke: Invoke): string {
  const bytes = new TextEncoder().encode(JSON.stringify(invoke))
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

function left(): Refused {
  return new Refused('payment_left', '您已退出支付，还没有缴费。需要时可以再次缴费。')
}
