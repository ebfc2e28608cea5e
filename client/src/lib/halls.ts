import { clock, day, distance } from './format'
import { cityDay } from './hours'
import type { Centre } from './types'

/** Whether one can go to a hall now, till when, and how far it is, as people say it. */

const A_DAY_MS = 86_400_000
export const CIRCLE_MINUTES = 15

type Now = Pick<Centre, 'on_duty' | 'open_now' | 'closes_at' | 'last_ticket_at' | 'opens_next'>

/** 现在能办，开到17:00，16:30前取号 · 现在没开，明天09:00开门 */
export function nowText(hall: Now, now: number = Date.now()): string {
  const state = hall.on_duty ? '现在能办' : hall.open_now ? '' : '现在没开'
  return [state, tillText(hall, now)].filter(Boolean).join('，')
}

/** The same beside a sign that says whether it is open: 开到17:00，16:30前取号 · 明天09:00开门 */
export function tillText(hall: Now, now: number = Date.now()): string {
  if (hall.on_duty) {
    const last = hall.last_ticket_at && hall.last_ticket_at !== hall.closes_at ? `${clock(hall.last_ticket_at)}前取号` : ''
    return [hall.closes_at ? `开到${clock(hall.closes_at)}` : '', last].filter(Boolean).join('，')
  }
  const next = hall.opens_next ? `${whenText(hall.opens_next, now)}${hall.open_now ? '开始办' : '开门'}` : ''
  return [hall.open_now ? '门开着，但办这件事的窗口现在没人' : '', next].filter(Boolean).join('，')
}

/** 今天14:00, 明天09:00, 11月23日 周一09:00 */
export function whenText(at: string, now: number = Date.now()): string {
  const on = at.slice(0, 10)
  const named = on === cityDay(now) ? '今天' : on === cityDay(now + A_DAY_MS) ? '明天' : `${day(at)} `
  return `${named}${clock(at)}`
}

/** 离您1.2公里，走过去约17分钟; empty while nobody said where they are. */
export function farText(hall: Pick<Centre, 'distance_m' | 'walk_minutes'>): string {
  if (hall.distance_m === null) return ''
  const walk = hall.walk_minutes !== null && hall.walk_minutes <= 60 ? `，走过去约${hall.walk_minutes}分钟` : ''
  return `离您${distance(hall.distance_m)}${walk}`
}

/** Whether it is within the fifteen minutes on foot that the city promises (15分钟办事圈). */
export function isNear(hall: Pick<Centre, 'walk_minutes'>): boolean {
  return hall.walk_minutes !== null && hall.walk_minutes <= CIRCLE_MINUTES
}

export function waitText(hall: Pick<Centre, 'waiting_now'>): string {
  return hall.waiting_now > 0 ? `现在有${hall.waiting_now}人在等` : '现在没有人在等'
}
