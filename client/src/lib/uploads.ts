import { onUnmounted, reactive } from 'vue'

import { headers } from './http'
import { whenOnline } from './online'
import { address } from './places'
import { asRefused, NO_NETWORK, NOT_OURS, Refused, refusal } from './refused'
import { accessToken, renewed } from './session'
import { newKey } from './taps'
import { found, hold, left, letGo } from './unsent'
import { CLIENT } from './wire'
import type { Photo } from './types'

/** One page on its way to the server. */
export interface Upload {
  /** Stays the same for every try, so that a page is never kept twice. */
  key: string
  /** Empty until a picture from before this start of the app has been looked up. */
  path: string
  percent: number
  state: 'sending' | 'waiting' | 'refused'
  problem: Refused | null
  /** The page whose place it takes; null: it becomes the last. */
  instead: Page | null
}

/** A page that is there: the photo's number, and which page it is, counted from 0. */
export interface Page {
  id: number
  at: number
}

type Arrived = (photo: Photo, instead: Page | null) => void

/** The pages of one material on their way; it outlives the page that shows it. */
interface Queue {
  uploads: Upload[]
  heard: Set<Arrived>
  sending: boolean
}

const PATIENCE_MS = 60_000
const WAITS_MS = [3_000, 8_000, 20_000, 60_000]
const GONE = '这张照片手机里已经没有了，请重新拍一张。'

const queues = reactive(new Map<string, Queue>())
for (const { target, key, path, instead } of left()) queueOf(target).uploads.push(waiting(key, path, instead))

/** How many pages of a case have not reached the server, refused ones too. */
export function pagesOnTheirWay(caseNo: string): number {
  return [...queues].reduce((sum, [target, { uploads }]) => sum + (target.startsWith(`/cases/${caseNo}/`) ? uploads.length : 0), 0)
}

/**
 * The pages of one material on their way. A page whose upload broke waits and is sent again with the same key:
 * after a while, when the network is back, when the page is opened again, or when the citizen taps. One that the
 * server refused stays visible with the reason. Leaving the page stops nothing, and closing the app loses none.
 */
export function useUploads(target: string, arrived: Arrived) {
  const queue = queueOf(target)
  let tries = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function add(paths: string[], instead: Page | null = null): Promise<void> {
    for (const [nth, path] of paths.entries()) {
      const key = newKey()
      queue.uploads.push(waiting(key, await hold({ key, target, instead, path, at: Date.now() + nth / 100 }), instead))
    }
    return resume()
  }

  async function resume(): Promise<void> {
    clearTimeout(timer)
    if (await emptied(target, queue)) tries = 0
    else timer = setTimeout(() => void resume(), WAITS_MS[Math.min(tries++, WAITS_MS.length - 1)])
  }

  /** Send a refused page once more, as after logging in. */
  function again(upload: Upload): Promise<void> {
    upload.state = 'waiting'
    return resume()
  }

  function drop(upload: Upload): void {
    remove(queue, upload.key)
  }

  queue.heard.add(arrived)
  whenOnline(() => void resume())
  onUnmounted(() => void queue.heard.delete(arrived))
  queue.uploads.forEach((upload) => void lookedUp(upload))
  if (queue.uploads.length) void resume()
  return { uploads: queue.uploads, add, resume, again, drop }
}

function queueOf(target: string): Queue {
  if (!queues.has(target)) queues.set(target, { uploads: [], heard: new Set(), sending: false })
  return queues.get(target) as Queue
}

function waiting(key: string, path: string, instead: Page | null): Upload {
  return { key, path, percent: 0, state: 'waiting', problem: null, instead }
}

/** A picture from before this start of the app is where the phone has put it. */
async function lookedUp(upload: Upload): Promise<void> {
  upload.path ||= await found(upload)
}

/** Send what waits, one after the other: page order is kept, and a weak network is not split. False: some wait. */
async function emptied(target: string, queue: Queue): Promise<boolean> {
  const next = () => queue.uploads.find((each) => each.state === 'waiting')
  if (queue.sending) return true
  queue.sending = true
  try {
    for (let upload = next(); upload; upload = next()) {
      if (!(await sent(target, queue, upload))) return false
    }
    return true
  } finally {
    queue.sending = false
  }
}

/** Send one page; false when it has to wait. */
async function sent(target: string, queue: Queue, upload: Upload): Promise<boolean> {
  Object.assign(upload, { state: 'sending', problem: null, percent: 0 })
  try {
    await lookedUp(upload)
    if (!upload.path) throw new Refused('picture_gone', GONE, 410)
    const photo = await put(target, upload)
    remove(queue, upload.key)
    queue.heard.forEach((arrived) => arrived(photo, upload.instead))
    return true
  } catch (thrown) {
    const problem = asRefused(thrown)
    Object.assign(upload, { problem, state: problem.later ? 'waiting' : 'refused' })
    return !problem.later
  }
}

function remove(queue: Queue, key: string): void {
  const at = queue.uploads.findIndex((each) => each.key === key)
  if (at >= 0) queue.uploads.splice(at, 1).forEach(letGo)
}

async function put(target: string, upload: Upload): Promise<Photo> {
  const token = accessToken()
  const first = await once(target, upload)
  const { statusCode, data } = first.statusCode === 401 && (await renewed(token)) ? await once(target, upload) : first
  if (statusCode >= 200 && statusCode < 300) return ours(data) as Photo
  throw refusal(statusCode, data)
}

/** The answer as an object; whatever a network in between said instead is no answer of ours. */
function ours(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    throw new Refused('not_our_answer', NOT_OURS)
  }
}

function once(target: string, upload: Upload): Promise<{ statusCode: number; data: string }> {
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: address(`/api/v1${target}${upload.instead ? `/${upload.instead.id}/retake` : ''}`),
      filePath: upload.path,
      name: 'photo',
      header: { 'X-Client': CLIENT, ...headers(upload.key) },
      timeout: PATIENCE_MS,
      success: resolve,
      fail: () => reject(new Refused('no_network', NO_NETWORK)),
    })
    task?.onProgressUpdate?.((told) => (upload.percent = told.progress))
  })
}
