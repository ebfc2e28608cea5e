import { money } from './format'
import type { Guide, GuideHit } from './types'

/** The words of a guide as a clerk would say them (办事指南的说法). Numbers and limits are the server's own. */

export type Material = Guide['materials'][number]

export interface Mark {
  text: string
  tone: 'blue' | 'green' | 'amber' | 'grey'
}

/** Materials of which any one is enough stand together; `any` says so. */
export interface MaterialGroup {
  key: string
  any: boolean
  materials: Material[]
}

const AUDIENCES: Record<Guide['audiences'][number], string> = { personal: '个人', business: '企业和单位' }

/** What a label means, for those who have not met the word. */
const LABELS: Record<string, string> = {
  mashang: '材料齐全，马上办好',
  wangshang: '可以在网上办',
  jiujin: '可以在附近大厅办',
  yici: '最多跑一次',
  instant: '当场办好',
  zero_visit: '一次都不用跑',
  cross_province: '外省也能办',
  auto_enjoy: '符合条件的，不用申请就能享受',
  notify_commit: '可以写承诺书代替部分材料',
  tolerant_accept: '次要材料可以以后补',
  elder_focus: '老年人常办',
  free: '不收费',
}

const FIELDS: Record<string, string> = {
  task_name: '名称里有',
  plain_names: '也叫',
  keywords: '有关的词',
  faqs: '有人问过',
  accept_condition: '办理条件里说',
  common_mistakes: '容易出错的地方',
  materials: '要带的材料里有',
  department: '办理部门',
}

export function audienceText(audiences: Guide['audiences']): string {
  return audiences.map((each) => AUDIENCES[each]).join('、')
}

export function labelText(key: string): string {
  return LABELS[key] ?? ''
}

/** A label with what it means, when that says more than its name. */
export function labelLine(label: { key: string; name: string }): string {
  const meaning = labelText(label.key)
  return meaning && meaning !== label.name ? `${label.name}：${meaning}` : label.name
}

/** Why something was found. */
export function reasonText(field: string): string {
  return FIELDS[field] ?? '办事指南里有'
}

export function visitsText(count: number): string {
  return count === 0 ? '一次都不用跑' : `要跑${count}次`
}

/** Whether it is shown for demonstration only (演示数据). */
export function isDemo(provenance: string | null | undefined): boolean {
  return (provenance ?? '').startsWith('demo')
}

/** Whether it can be applied for on the phone. */
export function appliesOnline(guide: Pick<Guide, 'channels'>): boolean {
  return guide.channels.includes('mobile') || guide.channels.includes('web')
}

export function grouped(materials: Material[]): MaterialGroup[] {
  const groups: MaterialGroup[] = []
  for (const material of materials) {
    const together = material.one_of ? groups.find((group) => group.key === `any:${material.one_of}`) : undefined
    if (together) together.materials.push(material)
    else groups.push({ key: material.one_of ? `any:${material.one_of}` : material.material_code, any: false, materials: [material] })
  }
  for (const group of groups) group.any = group.materials.length > 1
  return groups
}

/** Whether one must have it, and whether something spares one from handing it in. */
export function marks(material: Material, any = false): Mark[] {
  const found: Mark[] = []
  if (material.exempt_submit) found.push({ text: '免提交', tone: 'green' })
  else if (material.is_need === '3') found.push({ text: '可以以后补', tone: 'amber' })
  else if (material.is_need === '2') found.push({ text: '视情况', tone: 'grey' })
  else if (!any) found.push({ text: '必须有', tone: 'blue' })
  if (material.commit_replace) found.push({ text: '可写承诺书代替', tone: 'green' })
  return found
}

/** How many of it, where it comes from, in which form. */
export function particulars(material: Material): string[] {
  const counts = [
    material.original_num ? `原件${material.original_num}份` : '',
    material.copy_num ? `复印件${material.copy_num}份` : '',
  ].filter(Boolean)
  return [
    counts.length ? `带${counts.join('、')}` : '',
    { '10': '自己准备', '20': '由政府部门发的' }[material.source_type] ?? '',
    material.photo_upload ? '网上办可以拍照上传' : '',
    material.material_form === '1' ? '只收纸质的' : '',
    material.page_format ? `用${material.page_format}纸` : '',
  ].filter(Boolean)
}

/** What else there is to know of a material, for whoever looks closer: where it is had, when it passes, by which law. */
export function closer(material: Material): string[] {
  return [
    material.source_explain ? `从哪里来：${material.source_explain}` : '',
    material.accept_stand ? `怎样算合格：${material.accept_stand}` : '',
    material.by_law ? `依据：${material.by_law}` : '',
  ].filter(Boolean)
}

/** What spares one from bringing it, in a sentence. */
export function relief(material: Material): string {
  if (material.exempt_submit) return '能查到电子证照的，不用交；查不到时再带来。'
  if (material.is_need === '3') return '次要材料，可以先受理，按约定时间补上（容缺受理）。'
  return ''
}

/** By how much the office promises to be faster than the law asks, when both are said in the same unit. */
export function limitNote(limits: Guide['limits']): string {
  return limits.promised.text === limits.statutory.text ? '' : `法律规定最长${limits.statutory.text}`
}

/** A short line under a name in lists. */
export function cardFacts(card: Pick<GuideHit, 'limit_text' | 'fee_text' | 'visits'>): string[] {
  return [card.limit_text, card.fee_text, visitsText(card.visits)].filter(Boolean)
}

/** A fee with its amount as the server's table has it; without one it is assessed. */
export function feeText(fee: Pick<Guide['fees'][number], 'fee_name' | 'amount_fen' | 'unit'>): string {
  const amount = fee.amount_fen === null ? '按实际情况核定' : `${money(fee.amount_fen)}${fee.unit ? `/${fee.unit}` : ''}`
  return `${fee.fee_name}：${amount}`
}

/** By which standard and which rule a fee is charged. */
export function feeLines(fee: Pick<Guide['fees'][number], 'amount_fen' | 'fee_stand' | 'by_law'>): string[] {
  // A standard that is only a number repeats the amount.
  const standard = fee.fee_stand && !(fee.amount_fen !== null && /^[\d.]+$/.test(fee.fee_stand)) ? `收费标准：${fee.fee_stand}` : ''
  return [standard, fee.by_law ? `收费依据：${fee.by_law}` : ''].filter(Boolean)
}

export function lawText(law: Guide['legal_basis'][number]): string {
  return [`《${law.law_name}》${law.clause}`, law.gist].filter(Boolean).join('：')
}
