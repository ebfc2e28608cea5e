import { reactive, watch } from 'vue'

import { act } from './http'
import { asRefused, type Refused } from './refused'
import { loggedIn } from './session'
import type { Reply } from './types'

/** What was said in the chat since the app was opened (在线咨询); kept on no disk. */
export interface Line {
  key: number
  mine: string
  reply: Reply | null
}

type Asked = { text: string } | { action: 'progress' | 'person' | 'menu' }

export const talk = reactive({
  lines: [] as Line[],
  busy: false,
  problem: null as Refused | null,
})

let next = 1
let asked: Asked | null = null

// Somebody else may hold the phone now; answers about progress are nobody else's.
watch(loggedIn, (still, before) => {
  if (before && !still) startAfresh()
})

export function startAfresh(): void {
  talk.lines = []
  talk.problem = null
  asked = null
}

/** Ask; the question is shown at once, and stays to be asked again when the network broke. */
export async function say(question: Asked, shown: string): Promise<void> {
  if (talk.busy) return
  if (shown) talk.lines.push({ key: next++, mine: shown, reply: null })
  asked = question
  await ask()
}

export async function sayAgain(): Promise<void> {
  if (!talk.busy) await ask()
}

async function ask(): Promise<void> {
  if (asked === null) return
  const mine = asked
  talk.busy = true
  talk.problem = null
  try {
    const { replies } = await act<{ replies: Reply[] }>('POST', '/chat/messages', mine)
    if (asked !== mine) return // the phone changed hands meanwhile
    for (const reply of replies) talk.lines.push({ key: next++, mine: '', reply })
    asked = null
  } catch (thrown) {
    if (asked === mine) talk.problem = asRefused(thrown)
  } finally {
    talk.busy = false
  }
}
