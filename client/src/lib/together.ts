import type { BundlePart, BundleWhole, SharedMaterial } from './types'

type Tone = 'blue' | 'green' | 'amber' | 'red' | 'grey'

/** The parts of one step; they are handled at the same time. */
export interface PartStep {
  step: number
  parts: BundlePart[]
}

const TONES: Record<BundleWhole['state'], Tone> = { draft: 'amber', running: 'blue', partly_done: 'blue', done: 'green', withdrawn: 'grey' }

export function toneOfWhole(state: BundleWhole['state']): Tone {
  return TONES[state]
}

/** The parts in their steps. */
export function partSteps(parts: BundlePart[]): PartStep[] {
  return [...new Set(parts.map((part) => part.step))].map((step) => ({ step, parts: parts.filter((part) => part.step === step) }))
}

/** Where one part is, as somebody reads it who handed everything in at once. */
export function partWords(part: BundlePart, handedIn: boolean): string {
  if (part.granted === false) return '没有办成'
  if (part.granted) return '已办成'
  if (part.state === 'draft') return handedIn ? '等前一步' : '尚未提交'
  return part.state_text
}

/** What has to be given, without what an earlier part gives by itself. */
export function asked(materials: SharedMaterial[]): SharedMaterial[] {
  return materials.filter((each) => !each.given_by)
}

/** One line for what nobody is asked for, because an earlier part of the same matter gives it. */
export function givenLines(materials: SharedMaterial[]): string[] {
  return materials.flatMap((each) => (each.given_by ? [`${each.name}：“${each.given_by}”办成后自动取用`] : []))
}

/** For which of the parts a thing is, when it serves more than one. */
export function servesNote(material: { parts: string[] }, parts: BundlePart[]): string {
  const names = parts.filter((part) => material.parts.includes(part.task_code)).map((part) => part.task_name)
  return names.length > 1 ? `交一次，${names.length}项都用：${names.join('、')}` : ''
}

/** A material under the name it has among all parts: two items may use the same code. */
export function placeOf(material: SharedMaterial): string {
  return `${material.case_no}.${material.material_code}`
}

/** The materials with a note for which parts each serves, as cards show it. */
export function noted(materials: SharedMaterial[], parts: BundlePart[]): SharedMaterial[] {
  return materials.map((each) => ({ ...each, fill_note: [each.fill_note, servesNote(each, parts)].filter(Boolean).join('\n') }))
}
