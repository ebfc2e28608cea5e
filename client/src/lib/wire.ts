import { ref } from 'vue'

import { address } from './places'
import { platform } from './platform'
import { NO_NETWORK, NOT_OURS, Refused } from './refused'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'

export interface Answer {
  status: number
  body: unknown
}

export const CLIENT = `${platform}/0.1.0`

/** Whether the last request could not leave the phone. */
export const offline = ref(false)

const PATIENCE_MS = 15_000

/** Whether a success comes from the backend: it says nothing, or gives an object. A café's login page says 200 too. */
function isOurs(status: number, body: unknown): boolean {
  const success = status >= 200 && status < 300
  return !success || status === 204 || (typeof body === 'object' && body !== null && !Array.isArray(body))
}

/** One request to the backend, whatever its answer; throws Refused `no_network` when there was none. */
export function ask(method: Method, path: string, body: unknown, header: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: address(`/api/v1${path}`),
      method: method as 'GET', // the framework's types know no PATCH, its platforms do
      data: body === undefined ? undefined : JSON.stringify(body),
      header: { 'X-Client': CLIENT, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...header },
      timeout: PATIENCE_MS,
      success: (reply) => {
        offline.value = false
        if (isOurs(reply.statusCode, reply.data)) resolve({ status: reply.statusCode, body: reply.data })
        else reject(new Refused('not_our_answer', NOT_OURS))
      },
      fail: (trouble) => {
        // Alipay reports the server's refusals here, with their status.
        const told = trouble as { status?: number; data?: unknown }
        if ((told.status ?? 0) >= 400) return resolve({ status: told.status ?? 0, body: told.data })
        offline.value = true
        reject(new Refused('no_network', NO_NETWORK))
      },
    })
  })
}
