import { headers } from './http'
import { address } from './places'
import { platform } from './platform'
import { asRefused, NO_NETWORK, refusal, Refused } from './refused'
import { accessToken, renewed } from './session'
import type { CaseDocument } from './types'

const NOT_OPENED = '文书没有打开，请再试一次，也可以到窗口领取纸质件。'
const PATIENCE_MS = 60_000

/** What a line says under the name of a notice. */
export function noteOf(document: CaseDocument): string {
  if (!document.ready) return `${document.number}，正在生成`
  return document.replaced_by ? `${document.number}，已更正，以${document.replaced_by}为准` : document.number
}

/** Whether there is one whose file is still being made. */
export function isWaiting(documents: CaseDocument[]): boolean {
  return documents.some((each) => !each.ready)
}

/** A file of the citizen's own: where it is, what a saved one is called, and of which type unless it is a PDF. */
export type OwnFile = Pick<CaseDocument, 'url' | 'name'> & { type?: string }

/** Let the citizen have a file of theirs: a browser saves it, a mini-program fetches and shows it. Throws Refused. */
export function openDocument(document: OwnFile): Promise<void> {
  return loggedIn(document, platform === 'h5' ? save : show)
}

/** Fetch a file of the citizen's own, to be passed on; where it lies on the phone. Throws Refused. */
export function fetchDocument(document: OwnFile): Promise<string> {
  return loggedIn(document, fetched)
}

/** Take a file, with a new session where the old one is over. */
async function loggedIn<T>(document: OwnFile, take: (document: OwnFile) => Promise<T>): Promise<T> {
  const token = accessToken()
  try {
    return await take(document)
  } catch (thrown) {
    if (asRefused(thrown).status !== 401 || !(await renewed(token))) throw thrown
    return await take(document)
  }
}

function save(document: OwnFile): Promise<void> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: address(document.url),
      header: headers(),
      responseType: 'arraybuffer',
      timeout: PATIENCE_MS,
      success: (reply) => {
        if (reply.statusCode !== 200) return reject(refusal(reply.statusCode, null))
        const link = window.document.createElement('a')
        link.href = URL.createObjectURL(new Blob([reply.data as ArrayBuffer], { type: document.type ?? 'application/pdf' }))
        link.download = document.name
        link.click()
        setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE_MS)
        resolve()
      },
      fail: () => reject(new Refused('no_network', NO_NETWORK)),
    })
  })
}

async function show(document: OwnFile): Promise<void> {
  const path = await fetched(document)
  await new Promise<void>((resolve, reject) => {
    uni.openDocument({
      filePath: path,
      fileType: 'pdf',
      showMenu: true,
      success: () => resolve(),
      fail: () => reject(new Refused('not_opened', NOT_OPENED)),
    })
  })
}

function fetched(document: OwnFile): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url: address(document.url),
      header: headers(),
      timeout: PATIENCE_MS,
      success: (reply) => (reply.statusCode === 200 ? resolve(reply.tempFilePath) : reject(refusal(reply.statusCode, null))),
      fail: () => reject(new Refused('no_network', NO_NETWORK)),
    })
  })
}
