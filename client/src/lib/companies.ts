import { acting, side } from './acting'
import { get } from './http'
import { go } from './navigate'
import type { Organisation } from './types'

interface Known {
  items: Organisation[]
  asking: { code: string; created_at: string }[]
}

/** The companies for which the citizen may act. Throws Refused. */
export function companies(): Promise<Known> {
  return get<Known>('/me/organisations')
}

/** Change sides: to a company by its number, or back to oneself; its name is asked for when it is not known. */
export function actFor(id: number | null): void {
  if (side() === (id === null ? 'person' : `org:${id}`)) return
  acting.value = id === null ? null : { id, name: '' }
  if (id !== null) void learnName(id)
}

async function learnName(id: number): Promise<void> {
  const found = (await companies().catch(() => null))?.items.find((each) => each.id === id)
  if (side() === `org:${id}` && found) acting.value = { id, name: found.name }
}

/** The company that an address of the server's names (`acting_for`); null: it is the citizen's own. */
export function companyIn(address: string): number | null {
  const named = /[?&]acting_for=([1-9]\d{0,15})(?:&|$)/.exec(address)
  return named ? Number(named[1]) : null
}

/** Open a page that the server named, as whoever it concerns: a company's case is opened for the company. */
export function goAs(address: string): void {
  actFor(companyIn(address))
  go(address)
}
