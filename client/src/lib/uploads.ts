import { reactive } from 'vue'

import { headers } from './http'
import { address } from './places'
import { asRefused, NO_NETWORK, Refused, refusal } from './refused'
import { renewed } from './session'
import { newKey } from './taps'
import { CLIENT } from './wire'
import type { Photo } from './types'

/** One page on its way to the server. */
export interface Upload {
  /** Stays the same for every try, so that a page is never kept twice. */
  key: string
  path: string
  percent: number
  state: 'sending' | 'waiting' | 'refused'
  problem: Refused | null
}

const PATIENCE_MS = 60_000

/**
 * The pages of one material on their way. A page whose upload broke waits and is sent again when the network is
 * back or the citizen taps; one that the server refused stays visible with the reason.
 */
export function useUploads(target: string, arrived: (photo: Photo) => void) {
  const uploads = reactive<Upload[]>([])

  async function add(paths: string[]): Promise<void> {
    for (const path of paths) {
      uploads.push({ key: newKey(), path, percent: 0, state: 'waiting', problem: null })
    }
    await resume()
  }

  /** Send what waits, one after the other: page order is kept, and a weak network is not split. */
  async function resume(): Promise<void> {
    if (uploads.some((each) => each.state === 'sending')) return
    for (let next = waiting(); next; next = waiting()) {
      if (!(await send(next))) return
    }
  }

  function waiting(): Upload | undefined {
    return uploads.find((each) => each.state === 'waiting')
  }

  function drop(upload: Upload): void {
    const at = uploads.indexOf(upload)
    if (at >= 0) uploads.splice(at, 1)
  }

  /** Send one page; false when it has to wait for the network. */
  async function send(upload: Upload): Promise<boolean> {
    Object.assign(upload, { state: 'sending', problem: null, percent: 0 })
    try {
      const photo = await put(target, upload)
      drop(upload)
      arrived(photo)
      return true
    } catch (thrown) {
      const problem = asRefused(thrown)
      Object.assign(upload, { problem, state: problem.unsure ? 'waiting' : 'refused' })
      return !problem.unsure
    }
  }

  uni.onNetworkStatusChange((now) => {
    if (now.isConnected) void resume()
  })
  return { uploads, add, resume, drop }
}

async function put(target: string, upload: Upload): Promise<Photo> {
  const first = await once(target, upload)
  const { statusCode, data } = first.statusCode === 401 && (await renewed()) ? await once(target, upload) : first
  if (statusCode >= 200 && statusCode < 300) return JSON.parse(data) as Photo
  throw refusal(statusCode, data)
}

function once(target: string, upload: Upload): Promise<{ statusCode: number; data: string }> {
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: address(`/api/v1${target}`),
      filePath: upload.path,
      name: 'photo',
      header: { 'X-Client': CLIENT, ...headers(upload.key) },
      timeout: PATIENCE_MS,
      success: resolve,
      fail: () => reject(new Refused('no_network', NO_NETWORK)),
    })
    task.onProgressUpdate?.((told) => (upload.percent = told.progress))
  })
}
