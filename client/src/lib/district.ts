import { facts } from './facts'
import { get } from './http'
import { seldom } from './seldom'
import { citizen, loggedIn } from './session'
import type { Citizen } from './types'

export interface District {
  code: string
  name: string
}

interface Divisions {
  counties: (District & { city: string })[]
}

const DIGITS_OF_A_CITY = 4

/** The districts of this city (区县), in the order of their codes. Throws Refused. */
export async function districts(): Promise<District[]> {
  const [city, known] = await Promise.all([facts(), seldom<Divisions>('/lists/divisions')])
  return known.counties.filter((county) => county.city === city.region_code.slice(0, DIGITS_OF_A_CITY)).map(({ code, name }) => ({ code, name }))
}

/** Where the citizen said that they live or trade (现居住区); empty for whoever is not logged in or did not say. Throws Refused. */
export async function myDistrict(): Promise<string> {
  if (!loggedIn.value) return ''
  citizen.value ??= await get<Citizen>('/me')
  return citizen.value.preferences.district ?? ''
}

/** The halls of the own district first, the others after them as they were. */
export function ownFirst<T extends { region_code: string }>(halls: T[], district: string): T[] {
  if (!district) return halls
  return [...halls.filter((hall) => hall.region_code === district), ...halls.filter((hall) => hall.region_code !== district)]
}
