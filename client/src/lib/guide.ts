import { day, money } from './format'
import type { Guide, GuideHit } from './types'

/** The words of a guide as a clerk would say them (办事指南的说法). Numbers and limits are the server's own. */

export type Material = Guide['materials'][number]
export type Step = Guide['steps'][number]

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

const CHANNELS: Record<Guide['channels'][number], string> = {
  window: '到办事大厅窗口办',
  web: '用电脑在网上办',
  mobile: '用手机办',
  courier: '寄快递办',
  other: '其他方式',
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

export function channelText(channel: Guide['channels'][number]): string {
  return CHANNELS[channel]
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

/** Who does what in each step. */
export function stepsText(steps: Step[]): string[] {
  return steps.map((step) => [step.name, step.role ? `（${step.role}）` : '', step.standard ? `：${step.standard}` : ''].join(''))
}

/** What happens on the way, how long it takes, and whether the promised time runs meanwhile (特别程序). */
export function proceduresText(procedures: Guide['special_procedures']): string[] {
  return procedures.map((one) => {
    const days =
      one.promise_workdays !== null ? `${one.promise_workdays}个工作日` : one.promise_days !== null ? `${one.promise_days}天` : ''
    return [
      `${one.name}${days ? `，${days}` : ''}`,
      one.note,
      one.counted_in_limit ? '这段时间算在办理时限里' : '这段时间不算在办理时限里',
    ].filter(Boolean).join('；')
  })
}

/** A fee with its amount as the server's table has it; without one it is assessed. */
export function feeText(fee: Pick<Guide['fees'][number], 'fee_name' | 'amount_fen' | 'unit'>): string {
  const amount = fee.amount_fen === null ? '按实际情况核定' : `${money(fee.amount_fen)}${fee.unit ? `/${fee.unit}` : ''}`
  return `${fee.fee_name}：${amount}`
}

export function lawText(law: Guide['legal_basis'][number]): string {
  return [`《${law.law_name}》${law.clause}`, law.gist].filter(Boolean).join('：')
}

/** Which item and which version of its guide this is, and where it comes from. */
export function originFacts(guide: Guide): { name: string; value: string }[] {
  return [
    { name: '事项编码', value: guide.task_code },
    { name: '事项类型', value: guide.task_type_text },
    { name: '办件类型', value: guide.project_type_text },
    { name: '行使层级', value: guide.use_level_text },
    { name: '主题', value: guide.theme },
    { name: '指南版本', value: `第${guide.version}版，${day(guide.effective_from)}起用` },
    { name: '最近核对', value: guide.last_reviewed ? day(guide.last_reviewed) : '' },
    { name: '来源', value: isDemo(guide.provenance) ? '演示数据，请勿据此办事' : guide.provenance },
  ].filter((fact) => fact.value)
}
