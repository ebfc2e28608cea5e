/** A browser that keeps nothing for us (all cookies blocked) gets a store that lives as long as the page. */
function reachable(): boolean {
  try {
    return typeof window.localStorage.getItem('size') !== 'undefined'
  } catch {
    return false
  }
}

if (!reachable()) {
  const kept = new Map<string, string>()
  const store = {
    get length() {
      return kept.size
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (place: string) => kept.get(place) ?? null,
    setItem: (place: string, value: string) => void kept.set(place, String(value)),
    removeItem: (place: string) => void kept.delete(place),
    clear: () => kept.clear(),
  }
  Object.defineProperty(window, 'localStorage', { value: store, configurable: true })
}
