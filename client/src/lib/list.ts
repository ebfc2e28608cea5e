import { reactive, watch } from 'vue'
import { onPullDownRefresh, onReachBottom, onShow } from '@dcloudio/uni-app'

import { side } from './acting'
import { get } from './http'
import { asRefused, type Refused } from './refused'

interface Page<T> {
  items: T[]
  next_cursor: string | null
  [beside: string]: unknown
}

/** A list that goes on when one scrolls to its end. */
export interface List<T> {
  items: T[]
  busy: boolean
  problem: Refused | null
  /** Whether the first page is there. */
  ready: boolean
  more: boolean
  /** What the server says beside the items, such as how many are unread. */
  beside: Record<string, unknown>
  again: () => Promise<void>
  further: () => Promise<void>
}

/**
 * A list of the server, page by page: asked afresh whenever the page is shown or pulled down. `asked` gives the
 * query of the moment; null asks nothing yet.
 */
export function useList<T>(path: string, asked: () => Record<string, string | number | null | undefined> | null = () => ({})): List<T> {
  let latest = 0
  let cursor: string | null = null
  let of = side()

  async function load(from: string | null): Promise<void> {
    const wanted = asked()
    if (wanted === null) return
    const mine = ++latest
    list.busy = true
    // What one side was shown is not shown to the other while its own is on the way.
    if (of !== side()) Object.assign(list, { items: [], ready: false, more: false })
    of = side()
    try {
      const page = await get<Page<T>>(path, { ...wanted, cursor: from })
      if (mine !== latest) return
      list.items = from === null ? page.items : [...list.items, ...page.items]
      cursor = page.next_cursor
      Object.assign(list, { more: cursor !== null, ready: true, problem: null, beside: page })
    } catch (thrown) {
      if (mine === latest) list.problem = asRefused(thrown)
    } finally {
      if (mine === latest) list.busy = false
    }
  }

  const list = reactive({
    items: [],
    busy: true,
    problem: null,
    ready: false,
    more: false,
    beside: {},
    again: () => load(null),
    further: async () => {
      if (cursor !== null && !list.busy) await load(cursor)
    },
  }) as List<T>
  onShow(() => void list.again())
  watch(side, () => void list.again())
  onReachBottom(() => void list.further())
  onPullDownRefresh(() => void list.again().finally(() => uni.stopPullDownRefresh()))
  return list
}
