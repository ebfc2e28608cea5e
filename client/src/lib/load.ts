import { reactive, watch, type UnwrapNestedRefs } from 'vue'
import { onPullDownRefresh, onShow } from '@dcloudio/uni-app'

import { side } from './acting'
import { asRefused, type Refused } from './refused'

/** What a page shows: the data once it is there, else that it is on its way, or why it is not. */
export interface Load<T> {
  data: T | null
  busy: boolean
  problem: Refused | null
  /** Ask again; what is shown stays until the new answer is there. */
  again: () => Promise<void>
}

/**
 * Data of a page, asked for whenever the page is shown and when it is pulled down. An answer that comes after
 * a newer question was asked is dropped. `own`: it is the person's also while they act for a company; all else is
 * asked anew when they change sides.
 */
export function useLoad<T>(ask: () => Promise<T>, own = false): UnwrapNestedRefs<Load<T>> {
  let latest = 0
  let of = side()
  const load: UnwrapNestedRefs<Load<T>> = reactive({
    data: null,
    busy: true,
    problem: null,
    again: async () => {
      const mine = ++latest
      load.busy = true
      // What one side was shown is not shown to the other while its own is on the way.
      if (!own && of !== side()) load.data = null
      of = side()
      try {
        const given = await ask()
        if (mine !== latest) return
        load.data = given as typeof load.data
        load.problem = null
      } catch (thrown) {
        if (mine === latest) load.problem = asRefused(thrown) as typeof load.problem
      } finally {
        if (mine === latest) load.busy = false
      }
    },
  }) as UnwrapNestedRefs<Load<T>>
  onShow(() => void load.again())
  watch(side, () => !own && void load.again())
  onPullDownRefresh(() => void load.again().finally(() => uni.stopPullDownRefresh()))
  return load
}
