import type { CaseMaterial, CaseWhole, FormField } from './types'

/** What an application still lacks, and on which page that is mended. */
export interface Gap {
  where: 'form' | 'materials'
  /** The field, or the material. */
  key: string
  sentence: string
}

/** Materials that belong together, under the words that say whether they are needed. */
export interface MaterialGroup<Material extends CaseMaterial = CaseMaterial> {
  key: string
  title: string
  note: string
  materials: Material[]
}

/** How many pages one material may have; the server refuses the next one. */
export const MOST_PAGES = 12

/** What is typed on the phone, over what the server holds. */
export function answersOf(fields: FormField[], unsent: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(fields.map(({ key, value }) => [key, key in unsent ? (unsent[key] ?? '') : value]))
}

/** The materials by need: what must be there, of what one is enough, what may follow or may be there, what nobody photographs. */
export function materialGroups<Material extends CaseMaterial>(materials: Material[]): MaterialGroup<Material>[] {
  const photos = materials.filter((each) => each.takes_photos && !each.certificate)
  const alone = photos.filter((each) => !each.one_of)
  const groups = [group('must', '必须提交', '', alone.filter((each) => each.mandatory))]
  for (const name of new Set(photos.map((each) => each.one_of ?? ''))) {
    if (!name) continue
    groups.push(group(`one:${name}`, '以下材料任选一项', '有其中一项就可以', photos.filter((each) => each.one_of === name)))
  }
  groups.push(group('later', '可以稍后补交', '其他材料齐了就能先受理，这项按约定的时间补上', alone.filter((each) => !each.mandatory && each.may_follow)))
  groups.push(group('may', '有就提交', '没有可以不交', alone.filter((each) => !each.mandatory && !each.may_follow)))
  groups.push(group('online', '不用拍照', '在线填写的内容就是这项材料', materials.filter((each) => !each.takes_photos && !each.certificate)))
  groups.push(group('given', '不用交', '由已经办好的电子证照提供', materials.filter((each) => each.certificate)))
  return groups.filter((each) => each.materials.length)
}

/** What is known to be missing or wrong before the server is asked, in the order of the form and the guide. */
export function gapsOf(known: Pick<CaseWhole, 'form_fields' | 'materials'>): Gap[] {
  return [...known.form_fields.flatMap(fieldGap), ...materialGaps(known.materials)]
}

/** What the server named when it refused (`form.<key>`, `materials.<code>`), each with the page that mends it. */
export function namedGaps(errors: Record<string, string[]>): Gap[] {
  return Object.entries(errors).flatMap(([name, sentences]) => {
    const at = name.indexOf('.')
    const where = name.slice(0, at) === 'materials' ? 'materials' : 'form'
    return sentences.map((sentence): Gap => ({ where, key: name.slice(at + 1), sentence }))
  })
}

function fieldGap(field: FormField): Gap[] {
  if (field.value) return field.faults.map((sentence): Gap => ({ where: 'form', key: field.key, sentence }))
  if (!field.required) return []
  return [{ where: 'form', key: field.key, sentence: `${field.kind === 'choice' ? '请选择' : '请填写'}${field.label}` }]
}

function materialGaps(materials: CaseMaterial[]): Gap[] {
  return materialGroups(materials).flatMap(({ key, materials: together }) => {
    const first = together[0]
    if (key === 'must') {
      return together.filter((each) => !each.photos.length && !each.promise).map((each) => gap(each, `请上传“${each.name}”${each.may_promise ? '，或者选择告知承诺' : ''}`))
    }
    if (key === 'later') {
      return together.filter((each) => !each.photos.length && !each.follows && !each.promise).map((each) => gap(each, `请上传“${each.name}”，或者选择稍后补交`))
    }
    if (!first || !key.startsWith('one:') || together.some((each) => each.photos.length || each.promise)) return []
    return [gap(first, `请在${together.map((each) => `“${each.name}”`).join('、')}中至少上传一项`)]
  })
}

function gap(material: CaseMaterial, sentence: string): Gap {
  return { where: 'materials', key: material.material_code, sentence }
}

function group<Material extends CaseMaterial>(key: string, title: string, note: string, materials: Material[]): MaterialGroup<Material> {
  return { key, title, note, materials }
}
