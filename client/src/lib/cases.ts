import { MOST_BILLS } from './bills'
import { day, moment } from './format'
import type { CaseBrief, CaseShown, Track } from './types'

export type CaseState = CaseBrief['state']
type Tone = 'blue' | 'green' | 'amber' | 'red' | 'grey'
type Dated = Pick<CaseBrief, 'state' | 'submitted_at' | 'accepted_at' | 'decided_at' | 'promised_due_on' | 'statutory_due_on' | 'notice_until' | 'notice_objected_on' | 'notice_due_on' | 'deemed_accepted_at'>

/** The parts of 我的办件; `mine` is what waits for the citizen. */
export const PARTS: { value: string; text: string; states: (CaseState | '')[] }[] = [
  { value: 'all', text: '全部', states: [''] },
  { value: 'mine', text: '待我处理', states: ['draft', 'correction'] },
  { value: 'going', text: '办理中', states: ['submitted', 'accepted', 'decided'] },
  { value: 'over', text: '已办结', states: ['closed', 'not_accepted', 'withdrawn', 'terminated'] },
]

const TONES: Record<CaseState, Tone> = {
  draft: 'amber',
  submitted: 'blue',
  correction: 'amber',
  accepted: 'blue',
  decided: 'blue',
  closed: 'grey',
  not_accepted: 'red',
  withdrawn: 'grey',
  terminated: 'red',
}

export function toneOf(state: CaseState): Tone {
  return TONES[state]
}

/** The state in words; a draft is called what matters about it. */
export function stateWords(state: CaseState, said: string): string {
  return state === 'draft' ? '尚未提交' : said
}

/** One sentence of a list on where a case is and what comes next. */
export function whatNext(known: CaseBrief): string {
  switch (known.state) {
    case 'draft':
      return '填好并提交后，部门才会开始办理'
    case 'submitted':
      return `等${known.dept_name}受理`
    case 'correction':
      return known.correct_by ? `请在${day(known.correct_by)}前补正` : '请按告知补正'
    case 'accepted':
      return known.promised_due_on ? `承诺${day(known.promised_due_on)}前办结` : `${known.dept_name}正在办理`
    case 'decided':
      return '结果已经出来，点开查看'
    case 'closed':
      return known.closed_at ? `${day(known.closed_at)}办结` : '已经办完'
    case 'not_accepted':
      return '部门不予受理，点开看原因和救济途径'
    case 'withdrawn':
      return known.withdrawn_at ? `${day(known.withdrawn_at)}撤回` : '已经撤回'
    case 'terminated':
      return '材料没有按期补交，可以重新申请'
  }
}

/** The limits of a case as sentences: since when the time runs, what was promised, what the law says. */
export function clockSentences(known: Dated): string[] {
  if (known.state === 'draft' || known.state === 'withdrawn' || !known.submitted_at) return []
  if (known.state === 'not_accepted' || known.state === 'terminated') return [`${moment(known.submitted_at)}提交。`]
  if (known.state === 'correction') return [`${moment(known.submitted_at)}提交。补正只告知这一次，您改好提交后部门不会再要求补正。`]
  if (!known.accepted_at) return [`${moment(known.submitted_at)}提交。${silence(known)}受理后会告诉您哪天前办结。`]
  const said = known.notice_until
    ? [`${day(known.accepted_at)}受理，先公告到${day(known.notice_until)}，时间从公告期满的第二天算起。`]
    : [`${day(known.accepted_at)}${known.deemed_accepted_at ? '起视为受理（部门到期没有告知补正）' : '受理'}，时间从这天算起。`]
  if (known.notice_objected_on) said.push(`${day(known.notice_objected_on)}有人提出异议，时间暂停，核实后再告诉您。`)
  if (known.promised_due_on) said.push(`部门承诺${day(known.promised_due_on)}前办结。`)
  if (known.statutory_due_on) said.push(`法律规定最晚${day(known.statutory_due_on)}办结。`)
  if (known.decided_at) said.push(`${day(known.decided_at)}作出了决定。`)
  return said
}

/** What follows when the office says nothing (视为受理). */
function silence(known: Dated): string {
  return known.notice_due_on ? `部门${day(known.notice_due_on)}前不告知补正，就依法视为受理。` : ''
}

/** The one thing that the citizen can do next for a case, if there is any. */
export function firstAction(known: CaseShown): { text: string; page: string; kind: 'main' | 'quiet' } | null {
  const no = encodeURIComponent(known.case_no)
  if (known.allowed_actions.includes('submit')) return { text: '继续填写', page: `/pages/apply/form?no=${no}`, kind: 'main' }
  const unpaid = known.bills.filter((bill) => bill.state === 'unpaid').map((bill) => bill.bill_no)
  if (known.allowed_actions.includes('pay') && unpaid.length) {
    return { text: '去缴费', page: `/pages/bills/pay?no=${encodeURIComponent(unpaid.slice(0, MOST_BILLS).join(','))}`, kind: 'main' }
  }
  // Rating is voluntary, so its button does not press itself upon anybody.
  return known.rating.may_rate ? { text: '评价这次服务', page: `/pages/cases/rate?no=${no}`, kind: 'quiet' } : null
}

/** What is known of a case without a login, and of one's own. */
export type Followed = Omit<Track, 'timeline'>

/** Whom a case waits for, and for what, until when. */
export function waitsFor(known: Followed): { title: string; what: string } {
  const { who, who_text: name, what, by } = known.next
  const until = by ? `，${who === 'office' ? '承诺' : '请在'}${day(by)}前` : ''
  if (who === 'citizen') return { title: '现在等您处理', what: what && `${what}${until}。` }
  if (who === 'office') return { title: `现在由${name}办理`, what: what && `${what}${until}。` }
  return { title: '这件事已经结束', what: what && `${what}。` }
}

/** What has happened, newest first, as lines of y-steps. */
export function timelineLines(lines: { kind: string; at: string; sentence: string; actor_name?: string; channel_text?: string }[]) {
  return lines
    .map(({ kind, at, sentence, actor_name: actor, channel_text: channel }, place) => ({
      key: `${place}-${kind}`,
      title: sentence,
      when: [moment(at), actor, channel].filter(Boolean).join(' · '),
    }))
    .reverse()
}
