import type { CaseClock, CaseMaterial, CaseShown, FormField } from '@/lib/types'

/** A field of a form, as the server gives it. */
export function field(changes: Partial<FormField> = {}): FormField {
  return {
    key: 'address', label: '联系地址', kind: 'text', required: true, max_length: 200, choices: [], hint: '', value: '', source: null, changed: null, fixed: false, own_hand: false, faults: [], to_correct: null,
    ...changes,
  }
}

/** A material of a case, as the server gives it. */
export function material(changes: Partial<CaseMaterial> = {}): CaseMaterial {
  return { material_code: 'M1', name: '身份证', mandatory: true, one_of: null, takes_photos: true, fill_note: '', photos: [], certificate: null, to_correct: null, may_follow: false, follows: null, may_promise: false, promise: null, ...changes }
}

/** A page of a material, as the server gives it. */
export function photo(id: number, changes: Partial<CaseMaterial['photos'][number]> = {}): CaseMaterial['photos'][number] {
  const url = `/api/v1/cases/C1/materials/M1/photos/${id}`
  return { id, page: id, width: 1200, height: 900, size_bytes: 1000, findings: [], url, thumb_url: `${url}?size=thumb`, ...changes }
}

/** A clock that runs, as the server gives it. */
export function aClock(changes: Partial<CaseClock> = {}): CaseClock {
  return {
    standing: false, provisional: false, extended_days: null, expected_promised: null, expected_statutory: null, explanation: null,
    lines: [{ on: '2026-11-16', sentence: '11月16日受理，从第二天开始计算时间', why: null }],
    ...changes,
  }
}

/** A case of one's own, as the server gives it; a draft unless told otherwise. */
export function aCase(changes: Partial<CaseShown> = {}): CaseShown {
  return {
    organisation_id: null, handed_in_by: null, helped_by: [], case_no: 'C1', task_code: 'T1', task_name: '居民身份证换领', dept_name: '市公安局', state: 'draft', state_text: '草稿',
    created_at: '2026-11-20T09:00:00+08:00', submitted_at: null, received_at: null, accepted_at: null, decided_at: null,
    closed_at: null, withdrawn_at: null, terminated_at: null, promised_due_on: null, statutory_due_on: null, notice_from: null, notice_until: null, notice_objected_on: null, notice_due_on: null, correct_by: null, deemed_accepted_at: null, not_accepted_at: null, query_code: '123456', project_code: null, guide_version: 2,
    provenance: 'demo-authored', next: { who: 'citizen', who_text: '您', what: '补全表单和材料后提交', by: null },
    form: {}, form_fields: [field()], materials: [material()], bills: [], decision: null, correction: null, precheck: null, review: null, certificate: null,
    common_mistakes: [], allowed_actions: ['edit_form', 'change_photos', 'submit', 'withdraw'], rating: { may_rate: false, level: null }, bundle: null, licences: [], clock: null, opinions: null, forecast: null, visits: { offered: '', may_ask: false, visits: [] },
    ...changes,
  }
}

/** The same case once it was handed in. */
export function handedIn(changes: Partial<CaseShown> = {}): CaseShown {
  return aCase({
    state: 'submitted', state_text: '已提交，待受理', submitted_at: '2026-11-21T10:00:00+08:00', allowed_actions: ['withdraw'],
    next: { who: 'office', who_text: '市公安局', what: '查看材料，决定是否受理', by: null },
    ...changes,
  })
}
