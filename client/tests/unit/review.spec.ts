import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'

import CaseReview from '@/components/case-review.vue'
import { pointText, pointsNote, reviewNotice } from '@/lib/review'
import type { CaseWhole } from '@/lib/types'
import { aCase } from './cases-data'

type Review = NonNullable<CaseWhole['review']>

const met: Review['points'][number] = {
  key: 'identity', text: '是本人申请', law: '某法', outcome: 'met', outcome_text: '已符合', reason: '姓名和身份证号与实名信息一致',
}
const doubt: Review['points'][number] = { ...met, key: 'paper', text: '有转诊证明', outcome: 'untold', outcome_text: '要人工查看', reason: '上传的照片要由工作人员看' }
const passed: Review = { passed: true, person_by: null, note: '', points: [met] }
const left: Review = { passed: false, person_by: '2026-11-24', note: '“有转诊证明”要由工作人员看，最迟11月24日看完', points: [met, doubt] }

test('what was decided at once says so, with every point and its reason', () => {
  const shown = mount(CaseReview, { props: { known: aCase({ state: 'closed', review: passed }) } }).text()

  expect(shown).toContain('已秒批')
  expect(shown).toContain('1个审查要点全部符合，当场办结')
  expect(shown).toContain('姓名和身份证号与实名信息一致')
})

test('a doubt says why a person looks at it and until when', () => {
  const shown = mount(CaseReview, { props: { known: aCase({ state: 'submitted', review: left }) } }).text()

  expect(shown).toContain('最迟11月24日看完')
  expect(shown).toContain('要人工查看')
  expect(shown).not.toContain('已秒批')
})

test.each([
  ['accepted', passed, '缴费后马上出结果'],
  ['decided', passed, '结果按您选的方式交给您'],
  ['accepted', left, '最迟11月24日看完'],
] as const)('a case that is %s says what comes next', (state, review, words) => {
  expect(reviewNotice({ state, review })?.text).toContain(words)
})

test('nothing is said of a case that no machine saw, or that is over', () => {
  expect(reviewNotice({ state: 'submitted', review: null })).toBeNull()
  expect(reviewNotice({ state: 'closed', review: left })).toBeNull()
  expect(reviewNotice({ state: 'withdrawn', review: passed })).toBeNull()
})

test('a guide names its points with their law, and those that a person judges', () => {
  const points = [
    { key: 'a', text: '年满16周岁', law: '《劳动法》', by_person: false },
    { key: 'b', text: '符合条件', law: '某法', by_person: true },
  ]

  expect(points.map(pointText)).toEqual(['年满16周岁（《劳动法》）', '符合条件（由工作人员判断；某法）'])
  expect(pointsNote(points)).toBe('2条，有的由人判断')
  expect(pointsNote(points.slice(0, 1))).toBe('1条，全部符合的当场办结')
})
