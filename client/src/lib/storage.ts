/** What the phone keeps between two starts; what a full phone does not take is kept until the app is closed. */

import { platform } from './platform'

/** The browser's store of pictures that wait. */
export const PICTURES = 'pictures'

const overflow = new Map<string, unknown>()

/** What is kept in a place; null when there is nothing. */
export function kept<T>(place: string): T | null {
  const found: unknown = overflow.has(place) ? overflow.get(place) : uni.getStorageSync(place)
  return found === '' || found === undefined || found === null ? null : (found as T)
}

/** Keep something; an empty text or null clears the place. */
export function keep(place: string, value: unknown): void {
  overflow.delete(place)
  if (value === '' || value === null) return uni.removeStorageSync(place)
  try {
    uni.setStorageSync(place, value)
  } catch {
    // What lies there is older and must not be found again.
    uni.removeStorageSync(place)
    overflow.set(place, value)
  }
}

/** Take every picture that waits off the phone. */
export function forgetPictures(): void {
  if (platform === 'h5') globalThis.indexedDB?.deleteDatabase(PICTURES)
  else uni.getSavedFileList({ success: ({ fileList }) => fileList.forEach(({ filePath }) => uni.removeSavedFile({ filePath, fail: () => undefined })) })
}

/** Every place in which something is kept. */
export function places(): string[] {
  return [...new Set([...stored(), ...overflow.keys()])]
}

/** None in a browser that keeps nothing, which refuses the question too. */
function stored(): string[] {
  try {
    return uni.getStorageInfoSync().keys
  } catch {
    return []
  }
}
