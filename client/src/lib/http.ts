import { acting, actingHeader, side } from './acting'
import { query } from './places'
import { asRefused, Refused, refusal } from './refused'
import { accessToken, renewed } from './session'
import { answered, keyFor } from './taps'
import { ask, type Answer, type Method } from './wire'

type Asked = Record<string, string | number | boolean | null | undefined>

const PAUSE_MS = 800

/** Read something; tried once more when the network stumbles. Throws Refused. */
export function get<T>(path: string, asked: Asked = {}): Promise<T> {
  return send<T>('GET', path + query(asked), undefined, null)
}

/** Do something that may safely be done again. Throws Refused. */
export function act<T = void>(method: Exclude<Method, 'GET'>, path: string, body?: unknown): Promise<T> {
  return send<T>(method, path, body, null)
}

/**
 * Do something once: the tap has a key that stays the same until the server has answered, also after the app
 * was closed in between, so that a second try finds the first one's effect. Throws Refused.
 */
export async function once<T>(path: string, body: unknown = {}): Promise<T> {
  const intent = `${side()} ${path} ${JSON.stringify(body)}`
  try {
    const given = await send<T>('POST', path, body, keyFor(intent))
    answered(intent)
    return given
  } catch (thrown) {
    if (!asRefused(thrown).unsure) answered(intent)
    throw thrown
  }
}

/** The headers of a citizen's request, for uploads and pictures too. */
export function headers(key: string | null = null, whose = actingHeader()): Record<string, string> {
  const token = accessToken()
  return { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...whose, ...(key ? { 'Idempotency-Key': key } : {}) }
}

async function send<T>(method: Method, path: string, body: unknown, key: string | null): Promise<T> {
  // A page that was opened without its number would be given a whole list for one thing.
  if (/\/(\/|\?|$)/.test(path)) throw refusal(404, null)
  // Whoever changes sides meanwhile has not asked for this as the other.
  const [of, whose] = [side(), actingHeader()]
  const tried = () => patiently(method, path, body, key, () => headers(key, whose))
  const token = accessToken()
  let answer = await tried()
  if (answer.status === 401 && (await renewed(token))) answer = await tried()
  if (answer.status >= 200 && answer.status < 300) return answer.body as T
  const refused = refusal(answer.status, answer.body)
  if (/^(organisation|delegation)_not_found$/.test(refused.code) && !/^\/me\/(org|del)/.test(path)) leave(of)
  throw refused
}

let leaving = false

/**
 * Whoever may not act for them any more goes on as themselves once they have read so; until then everything is
 * refused, so that nothing meant for the other is begun in one's own name.
 */
function leave(of: string): void {
  if (leaving || of === 'person' || of !== side()) return
  leaving = true
  uni.showModal({
    title: `您不能再${acting.value?.acts ? '替' : '代表'}${acting.value?.name || '企业'}办事了`,
    content: '授权已经结束。接下来办的都是您自己的事。',
    showCancel: false,
    confirmText: '知道了',
    success: () => {
      if (of === side()) acting.value = null
    },
    complete: () => (leaving = false),
  })
}

/** One try, and a second one when the first got no answer and doing it twice is harmless. */
async function patiently(method: Method, path: string, body: unknown, key: string | null, header: () => Record<string, string>): Promise<Answer> {
  try {
    return await ask(method, path, body, header())
  } catch (thrown) {
    if (method === 'POST' && key === null) throw thrown
    if (!(thrown instanceof Refused)) throw thrown
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    return ask(method, path, body, header())
  }
}
