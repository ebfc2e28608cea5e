import { day } from './format'
import { keep, kept } from './storage'
import type { Evaluation, RatingLevel } from './types'

/** What is rated: a case, or a visit to a centre. */
export type Subject = { case_no: string } | { appointment_id: number }

/** What was chosen and written, before it is sent. */
export interface Words {
  level: number | null
  tags: string[]
  comment: string
  anonymous: boolean
}

/** The reasons offered beside a level; those of a case differ from those of a visit. */
export function offered(levels: RatingLevel[], level: number | null, subject: Subject) {
  const chosen = levels.find((each) => each.level === level)
  return chosen ? ('case_no' in subject ? chosen.tags.online : chosen.tags.offline) : []
}

/** A reason added, or taken away again; no more than there may be. */
export function toggled(tags: string[], key: string, most: number): string[] {
  if (tags.includes(key)) return tags.filter((each) => each !== key)
  return tags.length < most ? [...tags, key] : tags
}

export function stars(count: number): string {
  return '★'.repeat(count) + '☆'.repeat(Math.max(0, 5 - count))
}

/** What happens now with a bad rating, as a sentence. */
export function mendingSentence(mending: NonNullable<Evaluation['mending']>): string {
  if (mending.state === 'open') return `您说的问题已经交给有关部门，${day(mending.due_on)}前处理并答复您。`
  if (mending.may_confirm) return '部门说已经改好了。请看下面的答复，告诉我们您满意不满意。'
  if (mending.state === 'unfounded') return '部门核实过了，理由写在下面。'
  if (mending.satisfied === true) return '您已确认满意，这件事处理完了。'
  return `${mending.state_text}。`
}

/** Where the words of a rating are kept until it is sent. */
const place = (subject: Subject) => `rating:${'case_no' in subject ? subject.case_no : subject.appointment_id}`

export function keptComment(subject: Subject): string {
  return kept<string>(place(subject)) ?? ''
}

export function keepComment(subject: Subject, comment: string): void {
  keep(place(subject), comment)
}
