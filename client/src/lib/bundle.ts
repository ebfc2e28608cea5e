import type { Bundle } from './types'

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

export function bundleNote(bundle: Bundle): string {
  const fewer = bundle.materials_before > bundle.materials_after
  return `${bundle.items.length}件相关的事${fewer ? `，材料由${bundle.materials_before}份减到${bundle.materials_after}份` : ''}`
}
