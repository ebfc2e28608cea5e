import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'

import CaseOpinions from '@/components/case-opinions.vue'
import type { CaseOpinions as Opinions } from '@/lib/types'

const waiting: Opinions['departments'][number] = {
  dept_name: '市公安局', subject: '对交通安全的影响', state: 'asked', answer: null, answer_text: '等待回复', due_on: '2026-11-18',
  silence_agrees: true, said: null, basis: null, settled_at: null,
}
const objecting: Opinions['departments'][number] = {
  ...waiting, dept_name: '市自然资源和规划局', state: 'given', answer: 'objects', answer_text: '不同意', said: '地下有燃气管线', basis: '《城镇燃气管理条例》',
}

test('how many departments have answered stands in the title, and until when the others have', () => {
  const shown = mount(CaseOpinions, { props: { opinions: { received: 1, asked: 2, departments: [waiting, objecting] } } }).text()

  expect(shown).toContain('征求意见 1/2')
  expect(shown).toContain('前回复，到期不回复视为无异议')
})

test('an objection is shown with its reason and its law', () => {
  const shown = mount(CaseOpinions, { props: { opinions: { received: 1, asked: 1, departments: [objecting] } } }).text()

  expect(shown).toContain('地下有燃气管线')
  expect(shown).toContain('依据：《城镇燃气管理条例》')
})

test('why a department is asked no more is its reason and no law, and nobody is waited for', () => {
  const back: Opinions['departments'][number] = { ...waiting, state: 'taken_back', answer_text: '不再征求', basis: '家里没有人住院' }
  const shown = mount(CaseOpinions, { props: { opinions: { received: 1, asked: 1, departments: [objecting, back] } } }).text()

  expect(shown).toContain('原因：家里没有人住院')
  expect(shown).not.toContain('意见收齐后')
})
