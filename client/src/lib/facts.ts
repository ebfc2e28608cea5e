import { get } from './http'
import type { Facts } from './types'

let asked: Promise<Facts> | null = null

/** What the client must know about this city: its name, hotline, message templates, the demo. Throws Refused. */
export function facts(): Promise<Facts> {
  asked ??= get<Facts>('/bootstrap').catch((thrown) => {
    asked = null
    throw thrown
  })
  return asked
}
