import { act } from './http'
import type { CaseWhole } from './types'

/** Answers typed on this phone that the server has not confirmed yet, per case. */
type Unsent = Record<string, string | null>

const place = (caseNo: string) => `draft:${caseNo}`

/** What was typed and not yet confirmed, also after the app was closed. */
export function unsent(caseNo: string): Unsent {
  return (uni.getStorageSync(place(caseNo)) as Unsent) || {}
}

/** Keep an answer on the phone at once; the server hears of it later. */
export function keep(caseNo: string, key: string, value: string): void {
  uni.setStorageSync(place(caseNo), { ...unsent(caseNo), [key]: value === '' ? null : value })
}

/**
 * Hand the unsent answers to the server. What was typed meanwhile stays unsent, and what the server refuses
 * stays on the phone too. Throws Refused.
 */
export async function sendDraft(caseNo: string): Promise<CaseWhole | null> {
  const sending = unsent(caseNo)
  if (!Object.keys(sending).length) return null
  const known = await act<CaseWhole>('PATCH', `/cases/${caseNo}/form`, sending)
  const left = Object.fromEntries(Object.entries(unsent(caseNo)).filter(([key, value]) => sending[key] !== value))
  if (Object.keys(left).length) uni.setStorageSync(place(caseNo), left)
  else uni.removeStorageSync(place(caseNo))
  return known
}
