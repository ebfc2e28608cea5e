import type { Guide } from './types'

/** How long things take, in words, and whether the promised time runs meanwhile (时限、特别程序、中介服务). */

export interface Pause {
  name: string
  days: string
  note: string
  counted: boolean
}

/** What may happen on the way (特别程序), how long it takes, and whether that counts. */
export function pauses(procedures: Guide['special_procedures']): Pause[] {
  return procedures.map((one) => ({ name: one.name, days: daysText(one), note: one.note, counted: one.counted_in_limit }))
}

/** The sentence about a pause that nobody may miss. */
export function countedText(counted: boolean): string {
  return counted ? '这段时间算在办理时限里' : '这段时间不算在办理时限里'
}

/** Whose opinion is heard before the decision (征求意见的部门), by when, and what no answer means. */
export function askedDepartments(asked: Guide['joint_opinions']): { name: string; subject: string; days: string; silence: string; number: string }[] {
  return asked.map((one) => ({
    name: one.dept_name,
    subject: one.subject,
    days: `${one.days}个工作日内回复`,
    silence: one.silence_agrees ? `到期没有回复的，视为没有异议（${one.law}）` : '',
    number: one.number_why ? `会用您的证件号码${one.number_why}` : '',
  }))
}

/** What somebody else must do first, for how much and how long (中介服务). */
export function servicesText(services: Guide['intermediary_services']): { name: string; lines: string[] }[] {
  return services.map((one) => ({
    name: one.mandatory ? one.name : `${one.name}（需要时才做）`,
    lines: [
      one.limit_explain ? `要多久：${one.limit_explain}` : '',
      one.fee_explain ? `收费：${one.fee_explain}` : '',
      one.by_law ? `依据：${one.by_law}` : '',
    ].filter(Boolean),
  }))
}

/** By when the citizen must act (申请期限). */
export function deadlineText(deadline: NonNullable<Guide['citizen_deadline']>): string {
  if (deadline.text) return deadline.text
  if (deadline.days === null) return ''
  return `${deadline.days}${deadline.unit === 'WORKDAY' ? '个工作日' : '天'}以内`
}

function daysText(one: Guide['special_procedures'][number]): string {
  if (one.promise_workdays !== null) return `${one.promise_workdays}个工作日`
  return one.promise_days !== null ? `${one.promise_days}天` : ''
}
