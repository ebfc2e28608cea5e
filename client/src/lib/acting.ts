import { ref, watch } from 'vue'

import { keep, kept } from './storage'

/** The company for which the citizen acts (企业身份); the name is empty until the server has told it. */
export interface Company {
  id: number
  name: string
}

const PLACE = 'acting'

/** For whom one acts on this phone; null: for oneself. Kept until one changes sides or logs out. */
export const acting = ref<Company | null>(kept<Company>(PLACE))

watch(acting, (chosen) => keep(PLACE, chosen), { flush: 'sync' })

/** What tells the two sides apart wherever answers are kept. */
export function side(): string {
  return acting.value ? `org:${acting.value.id}` : 'person'
}

/** The header of every request: the server decides what it may see. */
export function actingHeader(): Record<string, string> {
  return acting.value ? { 'X-Acting-For': side() } : {}
}
