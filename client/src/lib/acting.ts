import { ref, watch } from 'vue'

import { keep, kept } from './storage'

/** For whom the citizen acts (办事身份): a company, or a person who authorised them, then with what they may do
    (代办). The name is empty until the server has told it. */
export interface Principal {
  id: number
  name: string
  acts?: string[]
}

const PLACE = 'acting'

/** For whom one acts on this phone; null: for oneself. Kept until one changes sides or logs out. */
export const acting = ref<Principal | null>(kept<Principal>(PLACE))

watch(acting, (chosen) => keep(PLACE, chosen), { flush: 'sync' })

/** What tells the sides apart wherever answers are kept. */
export function side(): string {
  const of = acting.value
  return of ? `${of.acts ? 'delegation' : 'org'}:${of.id}` : 'person'
}

/** Whether one may do this as whoever one acts as; only a person's agent is limited. */
export function may(act: string): boolean {
  return acting.value?.acts?.includes(act) ?? true
}

/** The header of every request: the server decides what it may see. */
export function actingHeader(): Record<string, string> {
  return acting.value ? { 'X-Acting-For': side() } : {}
}
