import type { Question } from './types'

/** Answers by question, as they are sent: yes or no, the value of a choice, a whole number, a date. */
export type Answers = Record<string, string>

type Condition = Question['ask_when'][number]

// Until the app is closed, and nowhere else: who answers names nobody, and need not answer twice to change one thing.
const remembered = new Map<string, Answers>()

/** What was answered for an item a while ago. */
export function lately(taskCode: string): Answers {
  return { ...remembered.get(taskCode) }
}

export function remember(taskCode: string, answers: Answers): void {
  remembered.set(taskCode, { ...answers })
}

/** The questions worth asking after these answers; what nobody asked does not count. */
export function asked(questions: Question[], answers: Answers, today: string): Question[] {
  const known: Answers = {}
  return questions.filter((question) => {
    if (!question.ask_when.every((condition) => holds(condition, known[condition.question], today))) return false
    const answer = answers[question.key]
    if (answer) known[question.key] = answer
    return true
  })
}

/** What is sent: the answers to questions that were asked. */
export function heard(questions: Question[], answers: Answers, today: string): Answers {
  return Object.fromEntries(
    asked(questions, answers, today)
      .filter(({ key }) => answers[key])
      .map(({ key }) => [key, answers[key] ?? '']),
  )
}

/** The answers to choose from; yes and no are choices too. */
export function choices(question: Question): { value: string; text: string }[] {
  if (question.kind === 'yes_no') return [{ value: 'yes', text: '是' }, { value: 'no', text: '不是' }]
  return question.choices
}

/** Several choices are one answer with commas between; whoever ticks none says so. */
export const NOTHING = '-'

export function ticked(answer: string): string[] {
  return answer.split(',').filter((value) => value && value !== NOTHING)
}

/** The answer after one more press; nothing and something are never ticked together. */
export function pressed(answer: string, value: string, order: string[]): string {
  if (value === NOTHING) return answer === NOTHING ? '' : NOTHING
  const before = ticked(answer)
  const after = before.includes(value) ? before.filter((each) => each !== value) : [...before, value]
  return order.filter((each) => after.includes(each)).join(',')
}

/** The server judges in the end; here it is only decided what to ask next. */
function holds({ test, values }: Condition, answer: string | undefined, today: string): boolean {
  if (!answer) return false
  if (test === 'is' || test === 'in') return values.includes(answer)
  if (test === 'has') return ticked(answer).some((each) => values.includes(each))
  if (test === 'has_not') return !ticked(answer).some((each) => values.includes(each))
  const border = Number(values[0])
  if (test === 'at_least') return Number(answer) >= border
  if (test === 'below') return Number(answer) < border
  if (test === 'years_at_least') return yearsLater(answer, border) <= today
  if (test === 'years_below') return yearsLater(answer, border) > today
  if (test === 'days_at_least') return daysLater(answer, border) <= today
  if (test === 'days_below') return daysLater(answer, border) > today
  if (test === 'within_days') return answer <= daysLater(today, border)
  return answer > daysLater(today, border)
}

/** The same day some years on; 29 February becomes 1 March where there is none. */
function yearsLater(day: string, years: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return iso(new Date(Date.UTC(year + years, month - 1, date)))
}

function daysLater(day: string, days: number): string {
  return iso(new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000))
}

function iso(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10)
}

/** Today in the city, whatever the phone's own zone. */
export function today(now: number = Date.now()): string {
  return iso(new Date(now + 8 * 3_600_000))
}
