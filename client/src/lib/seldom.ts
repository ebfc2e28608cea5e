import { side } from './acting'
import { get } from './http'

const FRESH_MS = 10 * 60_000

const kept = new Map<string, { asked: Promise<unknown>; until: number }>()

/** Read what changes seldom (themes, bundles); asked again after ten minutes, or at once when it failed. Throws Refused. */
export function seldom<T>(path: string, asked: Record<string, string | number> = {}): Promise<T> {
  const key = `${side()} ${path} ${JSON.stringify(asked)}`
  const known = kept.get(key)
  if (known && known.until > Date.now()) return known.asked as Promise<T>
  const asking = get<T>(path, asked).catch((thrown) => {
    kept.delete(key)
    throw thrown
  })
  kept.set(key, { asked: asking, until: Date.now() + FRESH_MS })
  return asking
}

/** Ask everything again, because the citizen pulled. */
export function forgetSeldom(): void {
  kept.clear()
}
