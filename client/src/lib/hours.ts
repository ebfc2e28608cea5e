/** When a hall is open, in words (开放时间). */

const DAYS = ['一', '二', '三', '四', '五', '六', '日']
const CITY_OFFSET_MS = 8 * 3600_000

/** ISO weekday → pairs of local times, as the server tells them. */
export type Hours = Record<string, string[][]>

/** The city's date now, such as 2026-11-23, whatever the phone's zone is. */
export function cityDay(now: number = Date.now()): string {
  return new Date(now + CITY_OFFSET_MS).toISOString().slice(0, 10)
}

/** 1 (Monday) to 7 (Sunday) of the city's date now. */
export function cityWeekday(now: number = Date.now()): number {
  return new Date(now + CITY_OFFSET_MS).getUTCDay() || 7
}

/** 09:00–12:00、14:00–17:00, or 不开放 */
export function stretches(pairs: string[][] | undefined): string {
  return pairs?.length ? pairs.map(([opens, closes]) => `${opens}–${closes}`).join('、') : '不开放'
}

/** The seven days of a hall, today first; a day on which only some windows work says so (周末轮值). */
export function week(hours: Hours, shiftDays: number[], now: number = Date.now()): { name: string; value: string }[] {
  const today = cityWeekday(now)
  return DAYS.map((_, offset) => {
    const weekday = ((today - 1 + offset) % 7) + 1
    const open = stretches(hours[String(weekday)])
    const partly = open !== '不开放' && shiftDays.includes(weekday)
    return {
      name: offset === 0 ? `今天周${DAYS[weekday - 1]}` : `周${DAYS[weekday - 1]}`,
      value: partly ? `${open}，部分窗口轮值` : open,
    }
  })
}

/** What today looks like, for a list of halls. */
export function todayWords(hours: Hours, now: number = Date.now()): string {
  return `今天${stretches(hours[String(cityWeekday(now))])}`
}
