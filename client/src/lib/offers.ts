import { ref, watch } from 'vue'

import { acting } from './acting'
import { get } from './http'
import type { CaseMaterial, LockerOffer } from './types'

/** What was handed in earlier and fits a material of a case, asked for once `no` names one (用以前交过的), and
    anew when there are more or fewer `pages`: what is there already is not offered.
    The locker is the person's own, and a page without it is whole as well. */
export function useOffers(no: () => string, pages = () => 0): (material: CaseMaterial) => LockerOffer[] {
  const offers = ref<LockerOffer[]>([])
  watch(
    () => [no(), pages()] as const,
    async ([asked], before) => {
      if (asked !== before?.[0]) offers.value = []
      if (!asked || acting.value) return
      const found = await get<{ items: LockerOffer[] }>(`/cases/${encodeURIComponent(asked)}/locker`).catch(() => null)
      if (found && asked === no()) offers.value = found.items
    },
    { immediate: true },
  )
  return (material) => offers.value.filter((each) => each.material_code === material.material_code)
}
