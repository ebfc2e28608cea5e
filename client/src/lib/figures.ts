import type { Figure, Report } from './types'

/** Promised numbers in words: never a share without what it is counted from (承诺兑现). */

export interface FigureGroup {
  title: string
  figures: Figure[]
}

const GROUPS: [string, string[]][] = [
  ['少跑腿', ['zero_visit', 'one_visit', 'closed_without_visit', 'over_visited', 'online', 'full_online', 'ways']],
  ['办得快', ['instant', 'limit_ratio', 'limit_within']],
  ['少交材料', ['exempt_materials', 'materials_reduced', 'bundles', 'bundle_materials']],
  ['就近办', ['circle', 'community_items', 'weekend_open', 'open_hours', 'one_window', 'general_windows', 'hall_names']],
]

/** What is counted, and what is said between the whole and the part. */
const COUNTED: Record<string, [noun: string, verb: string]> = {
  exempt_materials: ['份材料', '有'],
  materials_reduced: ['份材料', '少了'],
  bundle_materials: ['份材料', '少了'],
  general_windows: ['个大厅', '有'],
  weekend_open: ['个大厅', '有'],
  hall_names: ['个大厅', '有'],
  circle: ['个地点', '有'],
  closed_without_visit: ['个办件', '有'],
  over_visited: ['个办件', '有'],
}

/** The numbers under headings that say what they are good for; a number we have not met comes last. */
export function groups(report: Pick<Report, 'figures'>): FigureGroup[] {
  const left = new Map(report.figures.map((figure) => [figure.key, figure]))
  const found = GROUPS.map(([title, keys]) => ({ title, figures: keys.flatMap((key) => left.get(key) ?? []) }))
  for (const [, keys] of GROUPS) keys.forEach((key) => left.delete(key))
  return [...found, { title: '其他', figures: [...left.values()] }].filter((group) => group.figures.length)
}

/** 60项里有45项 · 承诺一共246天，法定一共710天 · 8个大厅一共350.5小时 · 一共12个 */
export function countedText(figure: Pick<Figure, 'key' | 'unit' | 'counted' | 'of'>): string {
  const { key, counted, of } = figure
  if (of === 0) return '还没有可以数的'
  if (key === 'limit_ratio') return `承诺一共${counted}天，法定一共${of}天`
  if (of === null) return `一共${counted}${key === 'ways' ? '种' : '个'}`
  if (figure.unit === 'hours') return `${of}个大厅一共${counted}小时`
  return partText(key, counted, of)
}

/** 60项里有45项 */
export function partText(key: string, counted: number, of: number): string {
  if (of === 0) return '还没有可以数的'
  if (key === 'limit_ratio') return `承诺${counted}天，法定${of}天`
  const [noun, verb] = COUNTED[key] ?? ['项', '有']
  const unit = noun.slice(0, 1)
  return `${of}${noun}里${verb}${counted}${unit}`
}

/** Whether the promise is kept, in words. */
export function keptText(figure: Pick<Figure, 'kept'>): string {
  if (figure.kept === null) return ''
  return figure.kept ? '已达到' : '还没达到'
}
