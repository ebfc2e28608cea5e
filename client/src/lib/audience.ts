import { ref, watch } from 'vue'

import { keep, kept } from './storage'

/** For whom one looks for things to do: oneself, or a firm (个人办事、企业办事). The phone remembers it. */
export type Audience = 'personal' | 'business'

export const AUDIENCES: { value: Audience; text: string }[] = [
  { value: 'personal', text: '个人办事' },
  { value: 'business', text: '企业办事' },
]

const PLACE = 'audience'

export const audience = ref<Audience>(kept<string>(PLACE) === 'business' ? 'business' : 'personal')

watch(audience, (chosen) => keep(PLACE, chosen))
