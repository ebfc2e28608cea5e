/** Money, days and distances as people say them. Times come as RFC 3339 with +08:00 and are shown as written. */

const WEEK = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

export function money(fen: number): string {
  if (fen === 0) return '免费'
  const sign = fen < 0 ? '-' : ''
  const whole = Math.abs(fen)
  return `${sign}¥${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
}

/** 11月23日 周一; the year is said when it is not this one. */
export function day(text: string, today: Date = new Date()): string {
  const [year, month, date] = parts(text)
  const said = `${month}月${date}日 ${WEEK[weekday(year, month, date)]}`
  return year === today.getFullYear() ? said : `${year}年${said}`
}

/** 11月23日 09:30, in the city's time whatever the phone's zone is. */
export function moment(text: string, today: Date = new Date()): string {
  return `${day(text, today).split(' ')[0]} ${clock(text)}`
}

/** 09:30 */
export function clock(text: string): string {
  return text.slice(11, 16)
}

/** 1.2公里, 350米 */
export function distance(metres: number): string {
  return metres < 1000 ? `${Math.max(10, Math.round(metres / 10) * 10)}米` : `${(metres / 1000).toFixed(1)}公里`
}

/** 3505 2611 2000 00: long numbers in groups of four, easier to read out. */
export function grouped(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ')
}

/** What there is to say with a date or a moment, or a dash. */
export function orDash(text: string | null | undefined): string {
  return text || '—'
}

function parts(text: string): [number, number, number] {
  const [year, month, date] = text.slice(0, 10).split('-').map(Number)
  return [year ?? 0, month ?? 0, date ?? 0]
}

function weekday(year: number, month: number, date: number): number {
  return new Date(Date.UTC(year, month - 1, date)).getUTCDay()
}
