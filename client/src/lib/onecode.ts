import { reactive } from 'vue'
import { onHide, onShow, onUnload } from '@dcloudio/uni-app'

import { get } from './http'
import { brighten } from './platform'
import { asRefused, type Refused } from './refused'
import type { Code } from './types'

const TICK_MS = 1000
// The server asks for the next code ten seconds before the shown one ends; two of them are kept for clocks.
const GRACE_MS = 8000
const AGAIN_AFTER_MS = 5000

/** My code as it is shown now: `content` is '' as soon as a scanner might find it void. */
export interface OneCode {
  content: string
  /** Seconds until the next code is fetched. */
  left: number
  busy: boolean
  problem: Refused | null
  /** Fetch a fresh code now. */
  renew: () => Promise<void>
}

/**
 * My code, fetched anew while the page is shown and by nobody's clock but this phone's own pace: the phone may
 * think it is any time of day. The timer rests while the page is hidden, and what was shown before is gone.
 */
export function useOneCode(): OneCode {
  let timer: ReturnType<typeof setInterval> | null = null
  let darken: (() => void) | null = null
  let shownOnScreen = false
  let asking = 0
  let renewAt = 0
  let voidAt = 0
  let ticked = 0

  const code: OneCode = reactive({ content: '', left: 0, busy: false, problem: null, renew })

  async function renew(): Promise<void> {
    const mine = ++asking
    const sent = Date.now()
    code.busy = true
    try {
      const given = await get<Code>('/codes/me')
      if (mine !== asking || !shownOnScreen) return
      renewAt = Math.min(sent, Date.now()) + given.refresh_after * 1000
      voidAt = renewAt + GRACE_MS
      Object.assign(code, { content: given.content, problem: null })
      tick()
    } catch (thrown) {
      if (mine !== asking) return
      code.problem = asRefused(thrown) as Refused
      renewAt = Date.now() + 1000 * (code.problem.retryAfter ?? AGAIN_AFTER_MS / 1000)
    } finally {
      if (mine === asking) code.busy = false
    }
  }

  function tick(): void {
    const now = Date.now()
    // A clock that was set back would keep a void code for hours.
    if (now < ticked - TICK_MS) renewAt = voidAt = now
    ticked = now
    if (code.content && now >= voidAt) code.content = ''
    code.left = code.content ? Math.max(0, Math.ceil((renewAt - now) / 1000)) : 0
    if (now >= renewAt && !code.busy && code.problem?.status !== 401) void renew()
  }

  onShow(async () => {
    shownOnScreen = true
    code.content = ''
    timer ??= setInterval(tick, TICK_MS)
    void renew()
    const back = await brighten()
    if (shownOnScreen && !darken) darken = back
    else back()
  })

  function rest(): void {
    shownOnScreen = false
    asking++
    ticked = 0
    code.content = ''
    code.busy = false
    if (timer) clearInterval(timer)
    timer = null
    darken?.()
    darken = null
  }

  onHide(rest)
  onUnload(rest)
  return code
}
