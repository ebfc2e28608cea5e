import { cityDay } from './hours'
import type { Appointment, Wait } from './types'

/** Appointments still to come, the next one first, and those that are over or cancelled, the latest first. */
export function parted(visits: Appointment[], now: number = Date.now()): { coming: Appointment[]; past: Appointment[] } {
  const comes = (visit: Appointment) => visit.status !== 'cancelled' && Date.parse(visit.ends_at) > now
  return {
    coming: visits.filter(comes).sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at)),
    past: visits.filter((visit) => !comes(visit)),
  }
}

/** The server's word for an appointment, or that its time has gone by. */
export function standing(visit: Appointment, now: number = Date.now()): string {
  return visit.status === 'booked' && Date.parse(visit.check_in_until) < now ? '时间已过' : visit.status_text
}

/** Whether one can say now that one has come (签到): on the day, until the place is given away. */
export function mayCheckIn(visit: Appointment, now: number = Date.now()): boolean {
  return (
    visit.status === 'booked' && visit.starts_at.slice(0, 10) === cityDay(now) && Date.parse(visit.check_in_until) >= now
  )
}

/** How long an offered place is still held, as people say it. */
export function left(until: string, now: number = Date.now()): string {
  const seconds = Math.floor((Date.parse(until) - now) / 1000)
  if (seconds <= 0) return '保留时间已到'
  return seconds < 60 ? '还剩不到1分钟' : `还剩约${Math.ceil(seconds / 60)}分钟`
}

/** Whether a wish for an earlier place still stands. */
export function isLive(wait: Wait): boolean {
  return wait.state === 'waiting' || wait.state === 'offered'
}
