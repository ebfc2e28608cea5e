/** What a list of guides is narrowed by; '' and null narrow nothing. */
export interface Wanted {
  q: string
  audience: string
  theme: string
  department: string
  label: string
  channel: string
  max_visits: number | null
}

export const ANYTHING: Wanted = { q: '', audience: '', theme: '', department: '', label: '', channel: '', max_visits: null }

/** Whether anything beside the words narrows the list. */
export function isNarrowed(wanted: Wanted): boolean {
  return Boolean(wanted.audience || wanted.theme || wanted.department || wanted.label || wanted.channel || wanted.max_visits !== null)
}
