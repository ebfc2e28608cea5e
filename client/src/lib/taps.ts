/** One tap, one effect: the Idempotency-Key of each tap that waits for its answer, kept on the phone. */

import { keep, kept } from './storage'

const PREFIX = 'tap:'

/** The key of an intent: the one of an earlier try that nobody answered, else a fresh one. */
export function keyFor(intent: string): string {
  const place = PREFIX + digest(intent)
  const earlier = kept<string>(place)
  if (earlier) return earlier
  const fresh = newKey()
  keep(place, fresh)
  return fresh
}

/** The server has said yes or no; the next tap is a new one. */
export function answered(intent: string): void {
  keep(PREFIX + digest(intent), null)
}

/** A key nobody else has: 128 bits by time and chance. */
export function newKey(): string {
  const chance = () => Math.floor(Math.random() * 2 ** 32).toString(16).padStart(8, '0')
  return `${Date.now().toString(16).padStart(12, '0')}${chance()}${chance()}${chance().slice(0, 4)}`
}

/** 64 bits of FNV-1a: names a slot of the phone's storage, protects nothing. */
export function digest(text: string): string {
  let high = 0xcbf29ce4
  let low = 0x84222325
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0
    low = Math.imul(low ^ code, 0x01000193) >>> 0
    high = Math.imul(high ^ (code >>> 8) ^ (low & 0xffff), 0x01000193) >>> 0
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}
