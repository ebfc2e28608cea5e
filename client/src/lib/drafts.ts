import { act } from './http'
import { asRefused } from './refused'
import { keep as store, kept } from './storage'
import type { CaseWhole } from './types'

/** Answers typed on this phone that the server has not confirmed yet, per application; null clears a field. */
export type Unsent = Record<string, string | null>

/** Where forms are kept: of a case alone, and of several items applied for together. */
export const CASES = '/cases'
export const BUNDLES = '/bundle-applications'

const place = (caseNo: string) => `draft:${caseNo}`

/** The latest sending of each case: the next one waits for it, so that an older answer never comes last. */
const sending = new Map<string, Promise<unknown>>()

/** What was typed and not yet confirmed, also after the app was closed. */
export function unsent(caseNo: string): Unsent {
  return { ...kept<Unsent>(place(caseNo)) }
}

/** Keep an answer on the phone at once; the server hears of it later. */
export function keep(caseNo: string, key: string, value: string): void {
  put(caseNo, { ...unsent(caseNo), [key]: value === '' ? null : value })
}

/** Drop what this phone still holds for a case that can no longer be filled in. */
export function forget(caseNo: string): void {
  put(caseNo, {})
}

/**
 * Hand the unsent answers to the server; null when there are none. What was typed meanwhile stays unsent, and
 * what the server refuses stays on the phone too. Throws Refused.
 */
export function sendDraft<Known = CaseWhole>(caseNo: string, home = CASES): Promise<Known | null> {
  const earlier = sending.get(caseNo) ?? Promise.resolve()
  const mine = earlier.catch(() => undefined).then(() => send<Known>(caseNo, home))
  sending.set(caseNo, mine)
  return mine
}

async function send<Known>(caseNo: string, home: string): Promise<Known | null> {
  const all = unsent(caseNo)
  if (!Object.keys(all).length) return null
  try {
    return await handOver<Known>(caseNo, all, home)
  } catch (thrown) {
    const refused = asRefused(thrown)
    const good = Object.fromEntries(Object.entries(all).filter(([key]) => !(key in refused.errors)))
    const left = Object.keys(good).length
    // The server takes all or nothing: one answer it refuses must not hold up the others.
    if (refused.status === 422 && left && left < Object.keys(all).length) await handOver<Known>(caseNo, good, home)
    throw refused
  }
}

async function handOver<Known>(caseNo: string, answers: Unsent, home: string): Promise<Known> {
  const known = await act<Known>('PATCH', `${home}/${caseNo}/form`, answers)
  put(caseNo, Object.fromEntries(Object.entries(unsent(caseNo)).filter(([key, value]) => answers[key] !== value)))
  return known
}

function put(caseNo: string, answers: Unsent): void {
  store(place(caseNo), Object.keys(answers).length ? answers : null)
}
