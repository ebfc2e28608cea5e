import type { Principal } from './acting'
import { get } from './http'
import type { Delegation, Delegations } from './types'

/** Whom I authorised and for whom I may act (授权代办). Throws Refused. */
export function delegations(): Promise<Delegations> {
  return get<Delegations>('/me/delegations')
}

/** For whom one acts under an authority. */
export function principal(of: Delegation): Principal {
  return { id: of.id, name: of.giver, acts: of.acts.map((each) => each.act) }
}

/** Which items an authority is for, in words. */
export function itemsOf(of: Delegation): string {
  return of.scope.length ? of.scope.map((each) => each.name).join('、') : '全部可以代办的事项'
}

/** What may be done under it, in words. */
export function actsOf(of: Delegation): string {
  return of.acts.map((each) => each.text).join('、')
}
