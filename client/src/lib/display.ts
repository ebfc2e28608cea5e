import { ref, watch } from 'vue'

import { fontScale, platform } from './platform'
import { keep, kept } from './storage'

/** How large everything is: 标准版, 长辈版, 长辈版特大字. */
export type Size = 'standard' | 'elder' | 'huge'

export const SIZES: { value: Size; name: string; note: string }[] = [
  { value: 'standard', name: '标准版', note: '一般大小的字' },
  { value: 'elder', name: '长辈版', note: '大字、大按钮' },
  { value: 'huge', name: '长辈版 · 特大字', note: '最大的字' },
]

const PLACE = 'size'
const CARE_FROM = 1.3 // WeChat's 关怀模式 sets 1.4 and more

export const size = ref<Size>(first())

watch(size, (chosen) => {
  keep(PLACE, chosen)
  tellTheFrame(chosen)
})

// What is chosen in one tab of a browser holds in the others too.
if (platform === 'h5') window.addEventListener('storage', (told) => told.key === PLACE && (size.value = first()))

/** Whether any of the large sizes is on. */
export function isElder(chosen: Size): boolean {
  return chosen !== 'standard'
}

/** The bars that H5 draws around a page take their size from the document. */
export function tellTheFrame(chosen: Size): void {
  if (typeof document !== 'undefined' && document.documentElement) document.documentElement.dataset.size = chosen
}

/** What the citizen chose on this phone; else large letters for whoever has large letters everywhere. */
function first(): Size {
  const chosen = kept<string>(PLACE) ?? ''
  if (SIZES.some((each) => each.value === chosen)) return chosen as Size
  return fontScale() >= CARE_FROM ? 'elder' : 'standard'
}
