import { once } from './http'
import { go, sure } from './navigate'
import type { Bundle, BundleStarted } from './types'

type Card = Bundle['items'][number]

/** One step of a bundle; what stands in one step can be done at the same time. */
export interface Stage {
  key: string
  cards: Card[]
}

/** The parts in their order; a part that the order forgets comes last, rather than nowhere. */
export function stages(bundle: Bundle): Stage[] {
  const left = new Map(bundle.items.map((card) => [card.item_key ?? card.task_code, card]))
  const found: Stage[] = []
  for (const step of bundle.order) {
    const cards = step.flatMap((key) => left.get(key) ?? [])
    step.forEach((key) => left.delete(key))
    if (cards.length) found.push({ key: step.join('+'), cards })
  }
  for (const [key, card] of left) found.push({ key, cards: [card] })
  return found
}

/** What is saved by doing it as one matter, as far as the figures say so. */
export function savings(bundle: Bundle): { name: string; before: string; after: string }[] {
  const rows = []
  if (bundle.materials_before > bundle.materials_after) {
    rows.push({ name: '材料', before: `${bundle.materials_before}份`, after: `${bundle.materials_after}份` })
  }
  return rows
}

/** Begin an application for a bundle, say what could not be taken in, and go on to its form. */
export async function begin(key: string, wanted: { parts?: string[]; said?: Record<string, string> }): Promise<void> {
  const begun = await once<BundleStarted>(`/bundles/${encodeURIComponent(key)}/applications`, wanted)
  if (begun.left_out.length) await sure({ title: '有的事项没有列入', content: `${begun.left_out.join('。')}。`, yes: '知道了' })
  go('/pages/bundles/apply', { no: begun.application_no })
}

export function bundleNote(bundle: Bundle): string {
  const fewer = bundle.materials_before > bundle.materials_after
  return `${bundle.items.length}件相关的事${fewer ? `，材料由${bundle.materials_before}份减到${bundle.materials_after}份` : ''}`
}
