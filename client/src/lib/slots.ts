import { clock, day } from './format'
import type { Slot } from './types'

/** The half hours of one day. */
export interface SlotDay {
  day: string
  free: number
  slots: Slot[]
}

/** What is still free, by day, in the order of time. */
export function byDay(slots: Slot[]): SlotDay[] {
  const days = new Map<string, SlotDay>()
  for (const slot of slots) {
    const found = days.get(slot.day) ?? { day: slot.day, free: 0, slots: [] }
    found.free += slot.free
    found.slots.push(slot)
    days.set(slot.day, found)
  }
  return [...days.values()]
}

/** Words for the tabs: 11月23日 周一 余12. */
export function dayTabs(days: SlotDay[]): { value: string; text: string }[] {
  return days.map((each) => ({ value: each.day, text: `${day(each.day)} ${each.free > 0 ? `余${each.free}` : '约满'}` }))
}

/** 09:00–09:30 */
export function stretch(slot: { starts_at: string; ends_at: string }): string {
  return `${clock(slot.starts_at)}–${clock(slot.ends_at)}`
}

/** How full a half hour is, in words. */
export function room(slot: Slot): string {
  return slot.free > 0 ? `余${slot.free}个 · ${slot.load_text}` : slot.load_text
}

/** Whether windows of several kinds take the item, so that a half hour alone would not say which. */
export function severalGroups(slots: Slot[]): boolean {
  return new Set(slots.map((slot) => slot.window_group)).size > 1
}

/**
 * Until when one can wait for a place that somebody gives back (候补): only before the first free place, because
 * nobody need wait for what can be booked. `before` as POST /waitlist takes it: a day, or a moment.
 */
export function waitChoices(slots: Slot[]): { before: string; text: string }[] {
  const first = slots.find((slot) => slot.free > 0)
  const full = first ? slots.filter((slot) => slot.free === 0 && slot.starts_at < first.starts_at) : slots
  return [...new Set(full.map((slot) => slot.day))].map((each) =>
    first && each === first.day
      ? { before: first.starts_at, text: `${day(each)} ${clock(first.starts_at)}之前` }
      : { before: each, text: `${day(each)}或更早` },
  )
}

/** Refusals after which the list of half hours is no longer true. */
export function isTaken(code: string): boolean {
  return ['slot_full', 'too_late_to_book', 'slot_not_found'].includes(code)
}
