import { act } from './http'
import { keep, kept } from './storage'
import type { Consent } from './types'

interface Consents {
  items: Consent[]
}

/** How it stands, said to the person. */
export const STANDS: Record<Consent['state'], string> = {
  never: '还没有同意',
  given: '已同意',
  text_changed: '说明有更新，需要重新同意',
  withdrawn: '已撤回',
}

/** Agree to the words that were shown; one tap. */
export async function agree({ purpose, version }: Consent): Promise<Consent[]> {
  return (await act<Consents>('POST', '/me/consents', { purpose, version })).items
}

/** Take a consent back; one tap as well, and it holds at once. */
export async function withdraw({ purpose }: Consent): Promise<Consent[]> {
  return (await act<Consents>('DELETE', `/me/consents/${purpose}`)).items
}

/** Whether the person has said no on this phone to just these words; they are not asked twice. */
export function declined({ purpose, version }: Consent): boolean {
  return kept<number>(place(purpose)) === version
}

/** Remember a no, until the words change or somebody else logs in. */
export function decline({ purpose, version }: Consent): void {
  keep(place(purpose), version)
}

function place(purpose: string): string {
  return `declined:${purpose}`
}
