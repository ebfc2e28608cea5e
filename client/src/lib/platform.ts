import { Refused } from './refused'

/** Where this client runs. Only files of this folder ask. */
export type Platform = 'wechat' | 'alipay' | 'h5'

/** Known when the client is built, so that what belongs to the others is left out. */
export const platform: Platform =
  process.env.UNI_PLATFORM === 'mp-weixin' ? 'wechat' : process.env.UNI_PLATFORM === 'mp-alipay' ? 'alipay' : 'h5'

/** What people call the place they are in. */
export const PLATFORM_NAME = { wechat: '微信', alipay: '支付宝', h5: '网页' }[platform]

/** The keyboard for telephone numbers; a browser's number field would drop leading zeros and spin on scroll. */
export const PHONE_KEYBOARD = platform === 'h5' ? 'tel' : 'number'

/** A code with which the backend asks the platform who this is; the citizen is asked nothing. Throws Refused. */
export function loginCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({
      success: (given) => resolve(given.code),
      fail: () => reject(new Refused('no_login_code', `没有从${PLATFORM_NAME}取得登录凭证，请稍后重新打开再试。`)),
    })
  })
}

/**
 * Do something while no other tab of this browser does it. `looks` says how often it is worth looking whether
 * another tab has done it: what a tab has stored reaches the others a moment late. A mini-program has no tabs.
 */
export async function alone<T>(what: string, work: (looks: number) => Promise<T>): Promise<T> {
  if (platform !== 'h5' || !navigator.locks) return work(1)
  const first = await navigator.locks.request(what, { ifAvailable: true }, async (lock) => (lock ? { given: await work(3) } : null))
  return first ? first.given : navigator.locks.request(what, () => work(25))
}

/** How large the citizen has set letters in the app around us; 1 is usual. */
export function fontScale(): number {
  if (platform !== 'wechat') return 1
  const told = (uni.getAppBaseInfo?.() ?? {}) as { fontSizeScaleFactor?: number }
  return told.fontSizeScaleFactor ?? 1
}

/** Make the screen bright for a scanner, and give back what it was; a browser cannot. */
export async function brighten(): Promise<() => void> {
  if (platform === 'h5') return () => undefined
  const before = await new Promise<number>((resolve) => {
    uni.getScreenBrightness({ success: (told) => resolve(told.value), fail: () => resolve(-1) })
  })
  uni.setScreenBrightness({ value: 1 })
  uni.setKeepScreenOn({ keepScreenOn: true })
  return () => {
    if (before >= 0) uni.setScreenBrightness({ value: before })
    uni.setKeepScreenOn({ keepScreenOn: false })
  }
}

/** Where the citizen is, in GCJ-02 degrees (a browser knows WGS-84, which is near enough); null when they would rather not say. */
export function whereAmI(): Promise<{ lat: number; lng: number } | null> {
  return new Promise((resolve) => {
    const found = (told: { latitude: number; longitude: number }) => resolve({ lat: told.latitude, lng: told.longitude })
    if (platform === 'h5') {
      // Not by the framework, which would ask a map company where a phone is that does not say.
      if (!navigator.geolocation) return resolve(null)
      navigator.geolocation.getCurrentPosition((told) => found(told.coords), () => resolve(null), { timeout: 10_000 })
    } else {
      uni.getLocation({ type: 'gcj02', success: found, fail: () => resolve(null) })
    }
  })
}

/** What the platform's own button says about the citizen's number. */
export interface PhoneEvent {
  detail: { code?: string; response?: string }
}

/** The proof of a number that the platform gave; null when the citizen said no. */
export function phoneProofOf(event: PhoneEvent): { code: string } | { response: string } | null {
  if (event.detail.code) return { code: event.detail.code }
  return event.detail.response ? { response: event.detail.response } : null
}
