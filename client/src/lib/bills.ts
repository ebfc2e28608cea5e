import type { MyBill } from './types'

/** As many bills as one payment takes. */
export const MOST_BILLS = 20

const STATES: Record<MyBill['state'], string> = { unpaid: '待缴费', paid: '已缴费', void: '已作废', refunded: '已退费' }
const TONES = { unpaid: 'amber', paid: 'green', void: 'grey', refunded: 'grey' } as const

export function billState(state: MyBill['state']): string {
  return STATES[state]
}

export function billTone(state: MyBill['state']): 'amber' | 'green' | 'grey' {
  return TONES[state]
}

/** The bills that a page was opened with: no=a,b. */
export function billNos(given: string): string[] {
  const nos = given.split(',').map((each) => each.trim())
  return [...new Set(nos.filter(Boolean))].slice(0, MOST_BILLS)
}

/** The sum of bills, in whole fen. */
export function sum(bills: { amount_fen: number }[]): number {
  return bills.reduce((total, bill) => total + bill.amount_fen, 0)
}

/** What was typed in yuan, as fen; null when it is no amount. */
export function fenOf(typed: string): number | null {
  const found = /^\s*(\d{1,8})(?:[.。](\d{1,2}))?\s*元?\s*$/.exec(typed)
  if (!found) return null
  const fen = Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'))
  return fen > 0 ? fen : null
}
