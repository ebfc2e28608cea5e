import { computed, ref } from 'vue'

import { acting } from './acting'
import { alone, loginCode, platform } from './platform'
import { Refused, refusal } from './refused'
import { forgetPictures, keep, kept, places } from './storage'
import { newKey } from './taps'
import type { Citizen } from './types'
import { ask } from './wire'

interface DemoProof {
  platform: 'demo'
  code: string
}

interface SmsProof {
  platform: 'h5'
  phone: string
  code: string
}

interface Kept {
  access_token: string
  refresh_token: string
}

/** One renewal: which token it gives away, and the key by which a lost answer is given again. */
interface Renewal {
  refresh_token: string
  key: string
}

const PLACE = 'session'
const RENEWAL = 'renewal'
const PERSONA = 'persona'
const LEFT = 'left'
const BETWEEN_LOOKS_MS = 40
/** What a person has typed and not handed in, or said no to; it goes with them when they log out. */
const PERSONAL = ['draft:', 'rating:', 'tap:', 'complaint', 'declined:', 'unsent:']

const session = ref<Kept | null>(kept<Kept>(PLACE))
const played = ref(kept<string>(PERSONA) ?? '')
const left = ref(kept<string>(LEFT) === '1')

/** The citizen as the login showed them, masked; null until this start of the app has logged in. */
export const citizen = ref<Citizen | null>(null)

export const loggedIn = computed(() => session.value !== null)

/** Whether the server can know who this is without asking the citizen anything; nobody who logged out. */
export const recognised = computed(() => loggedIn.value || (!left.value && (platform !== 'h5' || played.value !== '')))

let renewing: Promise<boolean> | null = null

export function accessToken(): string | null {
  return session.value?.access_token ?? null
}

/** The demo citizen this browser plays (演示登录); only development has one. */
export function persona(): string {
  return played.value
}

/** Play this demo citizen from now on; the next question to the server logs in (links of the simulated phone). */
export function play(key: string): void {
  if (!key || key === persona()) return
  forget()
  impersonate(key)
}

function impersonate(key: string): void {
  played.value = key
  keep(PERSONA, key)
}

/** Log in by a demo citizen, or by an SMS code on H5. Throws Refused. */
export async function logInWith(proof: DemoProof | SmsProof): Promise<void> {
  await open('/sessions', proof)
  impersonate(proof.platform === 'demo' ? proof.code : '')
}

/** Log in by the account of the app around us, which asks nothing. Throws Refused. */
export async function logInHere(): Promise<void> {
  left.value = false
  await renewed(accessToken())
}

/**
 * New tokens after a 401: by the refresh token, else by the platform's own login, which asks nobody anything.
 * `refused` is the token that was asked with: requests of one moment wait for the same renewal, and one whose 401
 * comes after it goes on with what the others were given. False: only the citizen can log in now. Throws Refused
 * when the network is away, so that nobody is logged out by a tunnel.
 */
export async function renewed(refused: string | null): Promise<boolean> {
  if (!renewing && loggedIn.value && accessToken() !== refused) return true
  renewing ??= renew().finally(() => (renewing = null))
  return renewing
}

/** Log out here; the server ends the session when it can be reached. */
export async function logOut(): Promise<void> {
  const token = accessToken()
  forget()
  impersonate('')
  left.value = true
  keep(LEFT, '1')
  for (const place of places()) if (PERSONAL.some((each) => place.startsWith(each))) keep(place, null)
  forgetPictures()
  if (token) await ask('DELETE', '/sessions/current', undefined, { Authorization: `Bearer ${token}` }).catch(() => undefined)
}

function forget(): void {
  session.value = null
  acting.value = null
  citizen.value = null
  keep(PLACE, null)
  keep(RENEWAL, null)
}

/**
 * A refresh token is good once, and using it twice ends the session, but for the same renewal asked again: of
 * several tabs of one browser one renews, and the others go on with what it was given.
 */
function renew(): Promise<boolean> {
  return alone('renewing the session', async (looks) => (await adopted(looks)) || renewHere())
}

async function adopted(looks: number): Promise<boolean> {
  for (let look = 1; look <= looks; look += 1) {
    if (adopt()) return true
    if (look < looks) await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS))
  }
  return false
}

/** Go on with the session that another tab has renewed or opened; true when there is one. */
function adopt(): boolean {
  const stored = kept<Kept>(PLACE)
  if (!stored || stored.refresh_token === session.value?.refresh_token) return false
  session.value = stored
  citizen.value = null
  return true
}

async function renewHere(): Promise<boolean> {
  if (session.value) {
    try {
      await open('/sessions/refresh', renewalOf(session.value.refresh_token))
      return true
    } catch (thrown) {
      if (!(thrown instanceof Refused) || thrown.unsure) throw thrown
      forget()
    }
  }
  const proof = await silentProof()
  if (proof === null) return false
  await open('/sessions', proof)
  return true
}

/** The renewal by this token: the one that nobody answered, also before this start of the app, else a new one. */
function renewalOf(refresh_token: string): Renewal {
  const earlier = kept<Renewal>(RENEWAL)
  if (earlier?.refresh_token === refresh_token) return earlier
  const fresh = { refresh_token, key: newKey() }
  keep(RENEWAL, fresh)
  return fresh
}

async function silentProof(): Promise<{ platform: string; code: string } | null> {
  if (left.value) return null
  if (platform !== 'h5') return { platform, code: await loginCode() }
  return persona() ? { platform: 'demo', code: persona() } : null
}

async function open(path: string, body: unknown): Promise<void> {
  const { status, body: told } = await ask('POST', path, body, {})
  if (status < 200 || status >= 300) throw refusal(status, told)
  const given = told as Kept & { citizen: Citizen }
  session.value = { access_token: given.access_token, refresh_token: given.refresh_token }
  keep(PLACE, session.value)
  keep(RENEWAL, null)
  citizen.value = given.citizen
  left.value = false
  keep(LEFT, null)
}
