/** Pictures that have not reached the server (还没传上去的照片): kept on the phone, so that closing the app loses none. */

import { platform } from './platform'
import { keep, kept, PICTURES, places } from './storage'
import type { Page } from './uploads'

/** One picture that waits; `path` is where a mini-program has put it, a browser finds it by its key. */
export interface Unsent {
  key: string
  target: string
  instead: Page | null
  path: string
  /** When it was taken, in milliseconds: those of one material go in this order. */
  at: number
}

const PREFIX = 'unsent:'
const KEPT_MS = 30 * 24 * 3600_000

/** Keep a picture until it has arrived; where it can be shown and sent from. A full phone keeps it until the app is closed. */
export async function hold(unsent: Unsent): Promise<string> {
  if (platform === 'h5') {
    keep(PREFIX + unsent.key, { ...unsent, path: '' })
    void copied(unsent).catch(() => keep(PREFIX + unsent.key, null))
    return unsent.path
  }
  const path = await saved(unsent.path).catch(() => null)
  if (path !== null) keep(PREFIX + unsent.key, { ...unsent, path })
  return path ?? unsent.path
}

/** It has arrived, or nobody wants it any more. */
export function letGo({ key, path }: { key: string; path: string }): void {
  if (kept(PREFIX + key) === null) return
  keep(PREFIX + key, null)
  if (platform === 'h5') void pictures('readwrite', (store) => store.delete(key)).catch(() => undefined)
  else uni.removeSavedFile({ filePath: path, fail: () => undefined })
}

/** What an earlier start of the app left, the oldest first; what nobody came back for is let go. */
export function left(): Unsent[] {
  const known = places().filter((place) => place.startsWith(PREFIX)).flatMap((place) => kept<Unsent>(place) ?? [])
  known.sort((one, other) => one.at - other.at)
  const old = Date.now() - KEPT_MS
  known.filter((each) => each.at < old).forEach(letGo)
  return known.filter((each) => each.at >= old)
}

/** Where a picture that was left can be shown and sent from; empty when the phone has it no more. */
export async function found({ key, path }: { key: string; path: string }): Promise<string> {
  if (path || platform !== 'h5') return path
  const blob = await pictures<Blob | undefined>('readonly', (store) => store.get(key)).catch(() => undefined)
  return blob ? URL.createObjectURL(blob) : ''
}

/** A copy of what the browser forgets with the page; it may have arrived before it was copied. */
async function copied({ key, path }: Unsent): Promise<void> {
  const blob = await (await fetch(path)).blob()
  await pictures('readwrite', (store) => store.put(blob, key))
  if (kept(PREFIX + key) === null) await pictures('readwrite', (store) => store.delete(key))
}

function saved(path: string): Promise<string> {
  return new Promise((resolve, reject) => uni.saveFile({ tempFilePath: path, success: (told) => resolve(told.savedFilePath), fail: reject }))
}

/** One question to the browser's store of pictures; rejected where there is none. */
function pictures<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(PICTURES)
    opening.onerror = reject
    opening.onupgradeneeded = () => opening.result.createObjectStore(PICTURES)
    opening.onsuccess = () => {
      const work = opening.result.transaction(PICTURES, mode)
      const asked = ask(work.objectStore(PICTURES))
      work.onabort = work.onerror = reject
      work.oncomplete = () => resolve(asked.result as T)
      opening.result.close() // once the work is done
    }
  })
}
