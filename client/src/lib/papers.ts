import { address } from './places'
import { platform } from './platform'
import { NO_NETWORK, Refused } from './refused'
import type { Paper } from './types'

const NOT_OPENED = '文件没有打开。可以在电脑上打开办事指南下载，或到窗口领取。'
const PATIENCE_MS = 60_000

const ENDINGS: Record<string, 'pdf' | 'docx' | 'xlsx'> = {
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
}

/** How large a file is, in the words people use. */
export function sizeOf(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))}KB` : `${(bytes / 1024 / 1024).toFixed(1)}MB`
}

/** Let the citizen have a blank form or a sample: a browser saves it, a mini-program fetches and shows it. Throws Refused. */
export async function openPaper(paper: Paper): Promise<void> {
  if (platform === 'h5') return save(paper)
  const path = await fetched(paper)
  const ending = ENDINGS[paper.media_type]
  await new Promise<void>((resolve, reject) => {
    const outcome = { success: () => resolve(), fail: () => reject(new Refused('not_opened', NOT_OPENED)) }
    if (ending) uni.openDocument({ filePath: path, fileType: ending, showMenu: true, ...outcome })
    else uni.previewImage({ urls: [path], ...outcome })
  })
}

function save(paper: Paper): void {
  const link = document.createElement('a')
  link.href = address(paper.url)
  link.download = paper.name
  link.click()
}

function fetched(paper: Paper): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url: address(paper.url),
      timeout: PATIENCE_MS,
      success: (reply) => {
        if (reply.statusCode === 200) resolve(reply.tempFilePath)
        else reject(new Refused('not_opened', NOT_OPENED))
      },
      fail: () => reject(new Refused('no_network', NO_NETWORK)),
    })
  })
}
