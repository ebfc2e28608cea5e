import { platform } from './platform'
import type { Scan } from './types'

/** Whether this client can read a code with the camera; a browser takes what is typed or pasted. */
export const canScan = platform !== 'h5'

/** Whether the screen is made bright for a scanner. */
export const canBrighten = platform !== 'h5'

/** What a code is, and what the one button after scanning it says. */
export const WHAT: Record<Scan['action'], { name: string; press: string }> = {
  open_guide: { name: '办事指南', press: '看办事指南' },
  open_centre: { name: '办事大厅', press: '看这个大厅' },
  book: { name: '窗口', press: '在这里预约' },
  open_appointment: { name: '预约凭证', press: '看预约凭证' },
  open_case: { name: '办件', press: '看办理进度' },
  open_bill: { name: '缴费通知', press: '看缴费通知' },
  open_certificate: { name: '电子证照', press: '看证照' },
  open_licence: { name: '行业综合许可', press: '核对许可' },
}

/** For a kind of code that the server learned of after this client was built. */
export const SOMETHING = { name: '一码办的码', press: '打开' }

/** Read a code with the camera; '' when the citizen left or the camera saw nothing. */
export function scan(): Promise<string> {
  return new Promise((resolve) => {
    uni.scanCode({
      scanType: ['qrCode', 'barCode'],
      success: (seen) => resolve(seen.result),
      fail: () => resolve(''),
    })
  })
}

/** The page that the server names; only pages of ours are opened, whatever was scanned. */
export function leadsTo(page: string): string {
  return page.startsWith('/pages/') ? page : '/pages/home/home'
}
