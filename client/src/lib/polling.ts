import { ref, type Ref } from 'vue'
import { onHide, onShow, onUnload } from '@dcloudio/uni-app'

/** A question that is asked again and again while its page is looked at. */
export interface Polling {
  /** Begin anew. */
  start: () => Promise<void>
  stop: () => void
  /** Whether it has stopped asking by itself. */
  over: Ref<boolean>
}

/**
 * Ask again while the page is shown. `pause` says after how many seconds to ask for the n-th time (from 1), null:
 * not any more. The next question waits for the answer to the last one, so a weak network is not flooded.
 */
export function usePolling(ask: () => Promise<unknown>, pause: (time: number) => number | null): Polling {
  const over = ref(false)
  let round = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    round += 1
    clearTimeout(timer)
  }

  async function start(): Promise<void> {
    stop()
    over.value = false
    const mine = round
    for (let time = 1; mine === round; time += 1) {
      const seconds = pause(time)
      if (seconds === null) {
        over.value = true
        return
      }
      await new Promise((resolve) => (timer = setTimeout(resolve, seconds * 1000)))
      await ask()
    }
  }

  onShow(() => void start())
  onHide(stop)
  onUnload(stop)
  return { start, stop, over }
}

/** Whether asking again by itself is of no use, as for whoever is logged out; a network that broke may come back. */
export function isFinal(problem: { status: number; unsure: boolean } | null): boolean {
  return problem !== null && !problem.unsure && problem.status !== 429
}

const FIRST = [1, 2, 3]
const THEN = 5
const PATIENCE = 120 // seconds

/** How patiently the result of a payment is asked for: after 1, 2, 3 and then every 5 seconds, for two minutes. */
export function paymentPause(time: number): number | null {
  const before = FIRST.slice(0, time - 1).reduce((total, each) => total + each, 0) + Math.max(0, time - 1 - FIRST.length) * THEN
  const next = FIRST[time - 1] ?? THEN
  return before + next > PATIENCE ? null : next
}
