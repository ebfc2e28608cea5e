import { ref } from 'vue'

import { address } from './places'
import { platform } from './platform'
import { NO_NETWORK, Refused } from './refused'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'

export interface Answer {
  status: number
  body: unknown
}

export const CLIENT = `${platform}/0.1.0`

/** Whether the last request could not leave the phone. */
export const offline = ref(false)

const PATIENCE_MS = 15_000

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
        resolve({ status: reply.statusCode, body: reply.data })
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
