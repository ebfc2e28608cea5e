import type { CaseWhole, Guide } from './types'

type Known = Pick<CaseWhole, 'state' | 'review'>
interface Notice {
  kind: 'good' | 'info'
  title: string
  text: string
}

/** What the machine's look means for the citizen, in one sentence; none once a person has taken over. */
export function reviewNotice(known: Known): Notice | null {
  const { review, state } = known
  if (!review) return null
  if (!review.passed) {
    const open = state === 'submitted' || state === 'accepted'
    return open ? { kind: 'info', title: '由工作人员看', text: `${review.note}。` } : null
  }
  const all = `${review.points.length}个审查要点全部符合`
  if (state === 'accepted') return { kind: 'good', title: '审查已通过', text: `${all}，缴费后马上出结果。` }
  if (state === 'decided') return { kind: 'good', title: '已秒批', text: `${all}，结果按您选的方式交给您。` }
  return state === 'closed' ? { kind: 'good', title: '已秒批', text: `${all}，当场办结。` } : null
}

/** A review point of a guide with its law. */
export function pointText(point: Guide['review_points'][number]): string {
  return `${point.text}（${point.by_person ? '由工作人员判断；' : ''}${point.law}）`
}

/** What the list of review points is for. */
export function pointsNote(points: Guide['review_points']): string {
  const people = points.some((point) => point.by_person)
  return people ? `${points.length}条，有的由人判断` : `${points.length}条，全部符合的当场办结`
}
