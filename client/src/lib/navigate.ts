import { query } from './places'

const TABS = ['/pages/home/home', '/pages/code/code', '/pages/cases/list', '/pages/me/me']
const DEEPEST = 9 // mini-programs refuse an eleventh page

const TWICE_MS = 800
let last = { page: null as unknown, what: '', at: 0 }

/** Whether the same was asked for a moment ago on the same page: a trembling finger taps twice and means one. */
function again(what: string): boolean {
  const now = { page: getCurrentPages().slice(-1)[0] as unknown, what, at: Date.now() }
  const same = now.page === last.page && what === last.what && Math.abs(now.at - last.at) < TWICE_MS
  last = now
  return same
}

/** Open a page of ours; `to` may carry its own query, as pages named by the server do. */
export function go(to: string, values: Record<string, string | number | null | undefined> = {}): void {
  const path = to.startsWith('/') ? to : `/${to}`
  const bare = path.split('?')[0] ?? path
  if (TABS.includes(bare)) return void uni.switchTab({ url: bare })
  const url = path + query(values)
  if (again(url)) return
  if (getCurrentPages().length > DEEPEST) uni.redirectTo({ url })
  else uni.navigateTo({ url })
}

/** Open a page in place of this one, so that going back skips it. */
export function goInstead(to: string, values: Record<string, string | number | null | undefined> = {}): void {
  const bare = to.split('?')[0] ?? to
  if (TABS.includes(bare)) return void uni.switchTab({ url: bare })
  uni.redirectTo({ url: to + query(values) })
}

/** Go back; home when there is nothing behind, as after a shared link. */
export function goBack(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else uni.switchTab({ url: '/pages/home/home' })
}

/** One line that goes away by itself, for what needs no answer. */
export function say(sentence: string): void {
  uni.showToast({ title: sentence, icon: 'none', duration: 2500 })
}

/** Ask before something that cannot be taken back; true when the citizen agrees. */
export function sure(question: { title: string; content: string; yes: string; no?: string }): Promise<boolean> {
  if (again(`${question.title} ${question.content}`)) return Promise.resolve(false)
  return new Promise((resolve) => {
    uni.showModal({
      title: question.title,
      content: question.content,
      confirmText: question.yes,
      cancelText: question.no ?? '再想想',
      success: (told) => resolve(told.confirm),
      fail: () => resolve(false),
    })
  })
}

/** Call a number. */
export function call(number: string): void {
  uni.makePhoneCall({ phoneNumber: number, fail: () => undefined })
}
