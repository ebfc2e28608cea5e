import { day, clock, money } from './format'
import type { Appointment, Bill, CaseBrief } from './types'

/** One thing that waits for the citizen, with the one thing to press (等您处理). */
export interface Waiting {
  key: string
  kind: string
  title: string
  note: string
  action: string
  to: string
  icon: string
}

export interface Mine {
  drafts: CaseBrief[]
  bills: Bill[]
  appointments: Appointment[]
}

const MOST_DRAFTS = 3

/** What waits, the most pressing first: a visit that is near, money that is due, what was begun and not handed in. */
export function waiting(mine: Mine, now: number = Date.now()): Waiting[] {
  const visits = mine.appointments
    .filter((visit) => visit.status === 'booked' && Date.parse(visit.ends_at) > now)
    .sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at))
  return [
    ...visits.slice(0, 1).map(ofVisit),
    ...ofBills(mine.bills.filter((bill) => bill.state === 'unpaid')),
    ...once(mine.drafts.filter((draft) => draft.state === 'draft').map(ofDraft)).slice(0, MOST_DRAFTS),
  ]
}

function ofVisit(visit: Appointment): Waiting {
  return {
    key: `visit-${visit.id}`,
    kind: '预约',
    title: visit.task_name,
    note: `${day(visit.starts_at)} ${clock(visit.starts_at)} 到${visit.centre.name}`,
    action: '看凭证',
    to: `/pages/booking/ticket?id=${visit.id}`,
    icon: 'calendar',
  }
}

function ofBills(bills: Bill[]): Waiting[] {
  const [first] = bills
  if (!first) return []
  const one = bills.length === 1
  const sum = bills.reduce((total, bill) => total + bill.amount_fen, 0)
  return [
    {
      key: 'bills',
      kind: '待缴费',
      title: one ? first.title : `${first.title}等${bills.length}笔`,
      note: `${one ? '' : '一共'}${money(sum)}`,
      action: '去缴费',
      to: one ? `/pages/bills/pay?no=${encodeURIComponent(first.bill_no)}` : '/pages/bills/list',
      icon: 'pay',
    },
  ]
}

/** The parts of one bundle are handed in together. */
function once(lines: Waiting[]): Waiting[] {
  return lines.filter((line, place) => lines.findIndex((each) => each.to === line.to) === place)
}

function ofDraft({ bundle, ...draft }: CaseBrief): Waiting {
  return {
    key: `draft-${draft.case_no}`,
    kind: '尚未提交',
    title: bundle?.name ?? draft.task_name,
    note: '填了一部分，还没有交上去',
    action: '接着填',
    to: bundle ? `/pages/bundles/apply?no=${bundle.application_no}` : `/pages/apply/form?no=${encodeURIComponent(draft.case_no)}`,
    icon: 'upload',
  }
}
