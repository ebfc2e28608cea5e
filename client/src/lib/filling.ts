import { nextTick, reactive, ref, type Ref } from 'vue'

import { answersOf } from './application'
import { useAutosave, type Autosave } from './autosave'
import { CASES, forget, unsent } from './drafts'
import { say } from './navigate'
import type { FormField } from './types'

interface Formed {
  form_fields: FormField[]
}

export interface Filling<Known> extends Pick<Autosave, 'standing' | 'problem' | 'save' | 'saveAll'> {
  fields: Ref<FormField[]>
  answers: Record<string, string>
  /** Begin with what the server holds; with `open` false what is unsent can no longer be used. */
  begin: (known: Known, open: boolean) => void
  type: (key: string, value: string) => void
  done: () => void
  /** Everything handed over before one goes on. */
  finish: () => Promise<boolean>
  faultsOf: (field: FormField) => string[]
  /** Read anew while nothing is being saved: what was read before a save must not be shown after it. */
  fresh: (read: () => Promise<Known>) => Promise<Known>
  scrollTo: (key: string) => void
}

/** A form while it is filled in: kept as it is typed, never judged nor tidied under the fingers (填表). */
export function useFilling<Known extends Formed>(no: () => string, home = CASES): Filling<Known> {
  const fields = ref<FormField[]>([])
  const answers = reactive<Record<string, string>>({})
  const typing = ref('')
  let saves = 0
  const { standing, problem, write, save, saveAll } = useAutosave<Known>(no, (known) => {
    saves += 1
    took(known)
  }, home)

  /** What the server holds, under what is typed here and not there yet. */
  function took(known: Known): void {
    const held = answersOf(known.form_fields, unsent(no()))
    for (const [key, value] of Object.entries(held)) if (key !== typing.value) answers[key] = value
    fields.value = known.form_fields
  }

  function begin(known: Known, open: boolean): void {
    const some = Object.keys(unsent(no())).length > 0
    if (!open) {
      if (some) say('申请已经不能再改，手机里还没传到的修改没有用上')
      return forget(no())
    }
    took(known)
    if (some) void save()
  }

  function type(key: string, value: string): void {
    if (answers[key] === value) return // told twice: when it was typed, and when the field was left
    typing.value = key
    answers[key] = value
    write(key, value)
  }

  function done(): void {
    typing.value = ''
    void save()
  }

  function finish(): Promise<boolean> {
    typing.value = ''
    return saveAll()
  }

  function faultsOf(field: FormField): string[] {
    const refused = problem.value?.errors[field.key]
    if (refused) return refused
    return field.key === typing.value || field.key in unsent(no()) ? [] : field.faults
  }

  async function fresh(read: () => Promise<Known>): Promise<Known> {
    for (;;) {
      const before = saves
      const known = await read()
      if (before === saves) return known
    }
  }

  function scrollTo(key: string): void {
    void nextTick(() => uni.pageScrollTo({ selector: `#field-${key}`, duration: 0, fail: () => undefined }))
  }

  return { standing, problem, save, saveAll, fields, answers, begin, type, done, finish, faultsOf, fresh, scrollTo }
}
