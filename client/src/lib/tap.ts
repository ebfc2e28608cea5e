import { ref, type Ref } from 'vue'

import { asRefused, type Refused } from './refused'

/** Something a tap does: one at a time, with its refusal to show beside the button. */
export interface Tap {
  busy: Ref<boolean>
  problem: Ref<Refused | null>
  /** Do it unless it is being done; true when it succeeded. */
  run: (work: () => Promise<void>) => Promise<boolean>
}

export function useTap(): Tap {
  const busy = ref(false)
  const problem = ref<Refused | null>(null)
  async function run(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await work()
      return true
    } catch (thrown) {
      problem.value = asRefused(thrown)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, run }
}
