import { onUnmounted, ref, type Ref } from 'vue'
import { onHide } from '@dcloudio/uni-app'

import { CASES, keep, sendDraft, unsent } from './drafts'
import { whenOnline } from './online'
import { asRefused, type Refused } from './refused'
import type { CaseWhole } from './types'

/** Where what was typed stands: with the server, on its way, on this phone only, or refused by the server. */
export type Standing = 'saved' | 'saving' | 'unsent' | 'refused'

export const STANDINGS: Record<Standing, string> = {
  saved: '尚未提交 · 已自动保存',
  saving: '尚未提交 · 正在保存…',
  unsent: '尚未提交 · 还没传到服务器，已存在手机里',
  refused: '尚未提交 · 有内容没有保存，请按提示修改',
}

const PAUSE_MS = 800
const FIRST_WAIT_MS = 4_000
const LONGEST_WAIT_MS = 60_000

export interface Autosave {
  standing: Ref<Standing>
  /** Why the last try did not succeed; `errors` by field. */
  problem: Ref<Refused | null>
  /** Keep an answer on the phone now, and with the server after a pause. */
  write: (key: string, value: string) => void
  /** Hand over now what is unsent; true when the server has everything. */
  save: () => Promise<boolean>
  /** Hand over everything before one goes on, also what is typed meanwhile; true when the server has everything. */
  saveAll: () => Promise<boolean>
}

/**
 * The answers of a form, kept while they are typed. What the server cannot be told now is told later: after a
 * while, when the network is back, or when the page is opened again. `took` hears what the server holds.
 */
export function useAutosave<Known = CaseWhole>(caseNo: () => string, took: (known: Known) => void, home = CASES): Autosave {
  const standing = ref<Standing>('saved')
  const problem = ref<Refused | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT_MS
  let gone = false

  function later(pause: number): void {
    clearTimeout(timer)
    if (!gone) timer = setTimeout(() => void save(), pause)
  }

  function write(key: string, value: string): void {
    keep(caseNo(), key, value)
    standing.value = 'saving'
    later(PAUSE_MS)
  }

  async function save(): Promise<boolean> {
    clearTimeout(timer)
    if (some()) standing.value = 'saving'
    try {
      const known = await sendDraft<Known>(caseNo(), home)
      problem.value = null
      wait = FIRST_WAIT_MS
      if (known) took(known)
      if (some()) later(PAUSE_MS)
      else standing.value = 'saved'
      return !some()
    } catch (thrown) {
      notTaken(asRefused(thrown))
      return false
    }
  }

  async function saveAll(): Promise<boolean> {
    while (!(await save())) if (standing.value !== 'saving') return false
    return true
  }

  function notTaken(refused: Refused): void {
    problem.value = refused
    standing.value = refused.later ? 'unsent' : 'refused'
    if (!refused.later) return
    later(wait)
    wait = Math.min(2 * wait, LONGEST_WAIT_MS)
  }

  const some = () => Object.keys(unsent(caseNo())).length > 0
  const now = () => {
    if (some()) void save()
  }
  whenOnline(now)
  onHide(now)
  onUnmounted(() => {
    gone = true
    now()
  })
  return { standing, problem, write, save, saveAll }
}
