import { act, get } from './http'
import type { Assistance, Assistances } from './types'

/** The clerk who asks or sits beside me, if anybody does (正在帮办). Throws Refused. */
export async function beside(): Promise<Assistance | null> {
  return (await get<{ now: Assistance | null }>('/me/assistance/now')).now
}

/** The same, and who helped me before. Throws Refused. */
export function assistances(): Promise<Assistances> {
  return get<Assistances>('/me/assistance')
}

/** Say yes to the words as they were shown; twice is once. Throws Refused. */
export async function agree(to: Assistance): Promise<void> {
  await act('POST', `/me/assistance/${to.id}/agree`, { version: to.version })
}

/** Say no, or stop it at once. Throws Refused. */
export async function stop(one: Assistance): Promise<void> {
  await act('DELETE', `/me/assistance/${one.id}`)
}
