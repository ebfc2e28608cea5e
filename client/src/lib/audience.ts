import { computed, ref, watch } from 'vue'

import { acting } from './acting'
import { keep, kept } from './storage'

/** For whom one looks for things to do: oneself, or a firm (个人办事、企业办事). The phone remembers it. */
export type Audience = 'personal' | 'business'

export const AUDIENCES: { value: Audience; text: string }[] = [
  { value: 'personal', text: '个人办事' },
  { value: 'business', text: '企业办事' },
]

const PLACE = 'audience'

export const audience = ref<Audience>(kept<string>(PLACE) === 'business' ? 'business' : 'personal')

/** Whose things are shown: who acts for a company sees what companies apply for, whatever was chosen before; so for a person. */
export const served = computed<Audience>(() => (acting.value ? (acting.value.acts ? 'personal' : 'business') : audience.value))

watch(audience, (chosen) => keep(PLACE, chosen))
