/** What a list of guides is narrowed by; '', null and false narrow nothing. */
export interface Wanted {
  q: string
  audience: string
  theme: string
  department: string
  label: string
  channel: string
  max_visits: number | null
  cross_province: boolean
}

export const ANYTHING: Wanted = {
  q: '', audience: '', theme: '', department: '', label: '', channel: '', max_visits: null, cross_province: false,
}

/** 马上办、网上办、就近办、一次办: the four that the policy names (四办). */
export const FOUR_WAYS = ['mashang', 'wangshang', 'jiujin', 'yici']

/** Labels that say the same as another condition, and that condition. */
const SAME: Record<string, Partial<Wanted>> = {
  zero_visit: { label: '', max_visits: 0 },
  cross_province: { label: '', cross_province: true },
}

/** The labels that are left beside the four and beside what is asked otherwise. */
export function isOwnLabel(key: string): boolean {
  return !FOUR_WAYS.includes(key) && !(key in SAME)
}

/** A label as the condition it stands for. */
export function withLabel(wanted: Wanted): Wanted {
  return { ...wanted, ...SAME[wanted.label] }
}

/** The query of the server. */
export function asked(wanted: Wanted): Record<string, string | number | null> {
  return { ...wanted, q: wanted.q.trim(), cross_province: wanted.cross_province ? 'true' : '' }
}

/** Whether anything beside the words narrows the list. */
export function isNarrowed(wanted: Wanted): boolean {
  return Boolean(wanted.audience || wanted.theme || wanted.department || more(wanted))
}

/** How many of the conditions of the second sheet are set. */
export function more(wanted: Wanted): number {
  return [wanted.label, wanted.channel, wanted.max_visits !== null, wanted.cross_province].filter(Boolean).length
}
