import { money } from './format'
import type { Delivery } from './types'

export type Way = Delivery['way']

/** What a case says about its delivery in one line; null where there is nothing to choose or to follow. */
export function lineOf(delivery: Delivery): { title: string; note: string } | null {
  if (delivery.state === 'waiting') return { title: '结果可以领取了', note: `取件码在里面，请到${delivery.centre?.name ?? '部门窗口'}领取` }
  if (delivery.state === 'returned') return { title: '邮件退回了，请选怎么办', note: '可以改地址再寄，也可以改成窗口领取' }
  if (delivery.state === 'sending') return { title: delivery.parcel?.waybill ? `已寄出，运单号${delivery.parcel.waybill}` : '等快递公司接单', note: latest(delivery) }
  if (delivery.state === 'withheld') return { title: '已撤销，纸质件不再发放', note: '点开看说明' }
  if (delivery.state === 'delivered') return { title: `${delivery.way_text}，已送达`, note: '点开看经过' }
  if (delivery.way === 'electronic') return delivery.may_change && delivery.offers.length > 1 ? { title: '电子送达', note: '也可以领纸质件，点开修改' } : null
  return { title: delivery.way_text, note: delivery.way === 'post' ? `寄给${delivery.recipient}，点开核对地址` : '点开选大厅、填代领人' }
}

/** What the courier said last. */
function latest(delivery: Delivery): string {
  const line = delivery.parcel?.lines[0]
  return line ? [line.text, line.place].filter(Boolean).join('，') : '点开看物流'
}

/** The postage of a region in words. */
export function postage(fen: number): string {
  return fen ? `邮费${money(fen)}` : '免邮费'
}

/** Eight digits as one reads them out: 1234 5678. */
export function spoken(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`
}

/** The trace as the steps that are shown, newest first. */
export function traceLines(delivery: Delivery, when: (at: string) => string): { key: string; title: string; note: string; when: string }[] {
  return (delivery.parcel?.lines ?? []).map((line, at) => ({ key: `${at}`, title: line.text, note: line.place, when: when(line.at) }))
}
