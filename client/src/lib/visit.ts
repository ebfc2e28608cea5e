import { moment } from './format'
import type { CaseVisits, SiteVisit } from './types'

/** What a case says of visits in one line (上门与踏勘); null where nobody comes and nobody may be asked to. */
export function visitLine(visits: CaseVisits): { title: string; note: string } | null {
  const newest = visits.visits[0]
  if (newest && newest.state !== 'cancelled') return { title: `${newest.kind_text}：${newest.moved_from ? '改了时间' : newest.state_text}`, note: lineNote(newest) }
  if (visits.may_ask) return { title: '可以请工作人员上门', note: `适合${visits.offered}，点开申请` }
  return newest ? { title: `${newest.kind_text}：${newest.state_text}`, note: newest.cancelled_why ?? '' } : null
}

function lineNote(visit: SiteVisit): string {
  if (visit.state === 'asked') return '办理部门安排好时间会告诉您'
  if (visit.state === 'done') return `${metText(visit)}，点开看记录`
  return `${visit.when}${visit.moved_from ? `，原定${visit.moved_from}` : ''}，点开看谁来`
}

/** How many points were found in order. */
export function metText(visit: SiteVisit): string {
  return `核查${visit.points.length}项，${visit.points.filter((point) => point.met).length}项符合`
}

/** The facts of a visit, as far as there are any. */
export function visitRows(visit: SiteVisit): { name: string; value: string }[] {
  return [
    { name: '时间', value: visit.when || (visit.state === 'asked' ? '等待安排' : '') },
    { name: '原定', value: visit.moved_from },
    { name: '地址', value: visit.address },
    { name: '您希望', value: visit.state === 'asked' ? (visit.wish ?? '') : '' },
    { name: '请准备', value: visit.prepare },
    { name: '您想换到', value: visit.other_time ? `${visit.other_time}（等办理部门重新安排）` : '' },
    { name: '取消原因', value: visit.cancelled_why ?? '' },
    { name: '您这边', value: visit.applicant === 'present' ? '有人在场并签了字' : visit.applicant === 'absent' ? '没有人在场' : '' },
    { name: '记录编号', value: visit.state === 'done' ? visit.number : '' },
    { name: '完成', value: visit.closed_at ? moment(visit.closed_at) : '' },
  ].filter((row) => row.value)
}
