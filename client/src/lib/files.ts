import { platform } from './platform'
import { Refused } from './refused'

/**
 * Let the citizen keep a text: a download in a browser, a file to send to oneself in WeChat, the clipboard in
 * Alipay, which passes no files on. Throws Refused.
 */
export async function keepFile(name: string, text: string): Promise<void> {
  if (platform === 'h5') download(name, text)
  else if (platform === 'wechat') await share(name, text)
  else await copy(text)
}

/** Pass a file that lies on the phone on to a chat of WeChat, which wants the tap for it; also when nobody is chosen. */
export function passOn(path: string, name: string): Promise<void> {
  return new Promise((resolve) => wx.shareFileMessage({ filePath: path, fileName: name, success: () => resolve(), fail: () => resolve() }))
}

function share(name: string, text: string): Promise<void> {
  const path = `${wx.env.USER_DATA_PATH}/${name}`
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().writeFile({
      filePath: path,
      data: text,
      encoding: 'utf8',
      success: () => void passOn(path, name).then(resolve),
      fail: () => reject(new Refused('not_kept', '没有存下来，可能手机空间不够。请清理后再试。')),
    })
  })
}

function copy(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    uni.setClipboardData({
      data: text,
      success: () => resolve(),
      fail: () => reject(new Refused('not_kept', '没有复制成功，请再试一次。')),
    })
  })
}

function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
