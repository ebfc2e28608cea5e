import { describe, expect, it } from 'vitest'

import { cityDay, stretches, todayWords, week } from '@/lib/hours'
import { expected, queuePause } from '@/lib/queue'
import { byDay, dayTabs, room, severalGroups, waitChoices } from '@/lib/slots'
import type { Appointment, Slot, Ticket } from '@/lib/types'
import { left, mayCheckIn, parted, standing } from '@/lib/visits'
import { groupWords, rows } from '@/lib/windows'

const MONDAY = Date.parse('2026-11-23T08:00:00+08:00')
const HOURS = { '1': [['09:00', '12:00'], ['14:00', '17:00']], '2': [['09:00', '17:00']], '6': [['09:00', '16:00']], '7': [] }

function slot(starts: string, free: number, group = '公安'): Slot {
  return {
    slot_id: Date.parse(starts),
    day: starts.slice(0, 10),
    starts_at: starts,
    ends_at: starts,
    window_group: group,
    capacity: 4,
    free,
    load: 0,
    load_level: 'quiet',
    load_text: free ? '空闲' : '已约满',
  }
}

function visit(changed: Partial<Appointment>): Appointment {
  return {
    id: 1,
    status: 'booked',
    status_text: '已预约',
    starts_at: '2026-11-23T09:00:00+08:00',
    ends_at: '2026-11-23T09:30:00+08:00',
    check_in_until: '2026-11-23T09:15:00+08:00',
    ...changed,
  } as Appointment
}

describe('when a hall is open', () => {
  it('says the week with today first', () => {
    const said = week(HOURS, [6], MONDAY)

    expect(said[0]).toEqual({ name: '今天周一', value: '09:00–12:00、14:00–17:00' })
    expect(said.map((each) => each.name)).toEqual(['今天周一', '周二', '周三', '周四', '周五', '周六', '周日'])
  })

  it('says that only some windows work on a shift day, and that a closed day is closed', () => {
    const said = week(HOURS, [6, 7], MONDAY)

    expect(said[5]?.value).toBe('09:00–16:00，部分窗口轮值')
    expect(said[6]?.value).toBe('不开放')
  })

  it('goes by the city’s date, whatever the phone’s zone is', () => {
    expect(cityDay(Date.parse('2026-11-22T23:30:00Z'))).toBe('2026-11-23')
    expect(todayWords(HOURS, Date.parse('2026-11-22T15:59:00Z'))).toBe('今天不开放')
  })

  it('knows no hours for a day that nobody told it', () => {
    expect(stretches(undefined)).toBe('不开放')
  })
})

describe('windows in short', () => {
  it('joins what follows each other, and leaves pairs as they are', () => {
    expect(rows(['A01', 'A02', 'A03', 'B09', 'B10', 'C1'])).toBe('A01–A03、B09、B10、C1')
  })

  it('never joins across letters or lengths', () => {
    expect(rows(['A8', 'A9', 'A10', 'B11'])).toBe('A8、A9、A10、B11')
  })

  it('says what is done at the weekend', () => {
    const group = { windows: ['A01'], serves: ['公安', '民政'], weekend_serves: ['公安'] }

    expect(groupWords(group)).toBe('A01号窗口，办理公安、民政。周末轮值只办公安。')
    expect(groupWords({ ...group, weekend_serves: [] })).toContain('周末不办')
  })
})

describe('half hours', () => {
  const slots = [
    slot('2026-11-23T09:00:00+08:00', 0),
    slot('2026-11-23T09:30:00+08:00', 0),
    slot('2026-11-24T09:00:00+08:00', 0),
    slot('2026-11-24T09:30:00+08:00', 3),
    slot('2026-11-25T09:00:00+08:00', 0),
  ]

  it('are counted by day and said in the tabs', () => {
    expect(dayTabs(byDay(slots)).map((tab) => tab.text)).toEqual(['11月23日 周一 约满', '11月24日 周二 余3', '11月25日 周三 约满'])
  })

  it('say how many places and how busy, in words', () => {
    expect(room(slots[3] as Slot)).toBe('余3个 · 空闲')
    expect(room(slots[0] as Slot)).toBe('已约满')
  })

  it('name their windows only when there are several kinds', () => {
    expect(severalGroups(slots)).toBe(false)
    expect(severalGroups([...slots, slot('2026-11-25T09:30:00+08:00', 1, '综合')])).toBe(true)
  })

  it('can be waited for only before the first free one', () => {
    expect(waitChoices(slots).map((each) => each.before)).toEqual(['2026-11-23', '2026-11-24T09:30:00+08:00'])
  })

  it('can all be waited for when nothing is free, and none when the first is', () => {
    expect(waitChoices(slots.filter((each) => each.free === 0)).map((each) => each.before)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25'])
    expect(waitChoices([slot('2026-11-23T09:00:00+08:00', 1), ...slots.slice(1)])).toEqual([])
  })
})

describe('visits', () => {
  it('are parted into coming, the next first, and past', () => {
    const soon = visit({ id: 1 })
    const later = visit({ id: 2, starts_at: '2026-11-24T09:00:00+08:00', ends_at: '2026-11-24T09:30:00+08:00' })
    const over = visit({ id: 3, starts_at: '2026-11-20T09:00:00+08:00', ends_at: '2026-11-20T09:30:00+08:00' })
    const gone = visit({ id: 4, status: 'cancelled' })

    const { coming, past } = parted([later, gone, soon, over], MONDAY)

    expect(coming.map((each) => each.id)).toEqual([1, 2])
    expect(past.map((each) => each.id)).toEqual([4, 3])
  })

  it('can be checked in on their day until the place is given away', () => {
    expect(mayCheckIn(visit({}), MONDAY)).toBe(true)
    expect(mayCheckIn(visit({}), Date.parse('2026-11-22T23:00:00+08:00'))).toBe(false)
    expect(mayCheckIn(visit({}), Date.parse('2026-11-23T09:16:00+08:00'))).toBe(false)
    expect(mayCheckIn(visit({ status: 'checked_in' }), MONDAY)).toBe(false)
  })

  it('are not called booked any more once their time is over', () => {
    expect(standing(visit({}), MONDAY)).toBe('已预约')
    expect(standing(visit({}), Date.parse('2026-11-23T10:00:00+08:00'))).toBe('时间已过')
  })

  it('say in words how long an offered place is held', () => {
    const until = '2026-11-23T08:10:00+08:00'

    expect(left(until, MONDAY)).toBe('还剩约10分钟')
    expect(left(until, MONDAY + 570_000)).toBe('还剩不到1分钟')
    expect(left(until, MONDAY + 600_000)).toBe('保留时间已到')
  })
})

describe('the queue', () => {
  const waiting = (changed: Partial<Ticket>) => ({ state: 'waiting', people_ahead: 9, expected_wait_minutes: null, ...changed }) as Ticket

  it('is looked at more often the nearer one’s turn is, and not when it is over', () => {
    expect(queuePause(waiting({}))).toBe(15)
    expect(queuePause(waiting({ people_ahead: 3 }))).toBe(5)
    expect(queuePause(waiting({ state: 'called', people_ahead: null }))).toBe(5)
    expect(queuePause(waiting({ state: 'served' }))).toBeNull()
    expect(queuePause(null)).toBeNull()
  })

  it('says honestly when nobody knows how long it takes', () => {
    expect(expected(waiting({}))).toContain('估不出')
    expect(expected(waiting({ expected_wait_minutes: 75 }))).toContain('1小时15分钟')
  })
})
