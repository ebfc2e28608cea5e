import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import type { CaseShown, CorrectionPoint } from '@/lib/types'
import Detail from '@/pages/cases/detail.vue'

import { field, handedIn, material, photo } from './cases-data'
import { server } from './server'
import { page } from './setup'

type Replies = Parameters<typeof server>[0]
const point = (changes: Partial<CorrectionPoint> = {}): CorrectionPoint => ({
  kind: 'field', target: 'address', label: '联系地址', reason_text: '填写有误', how: '请写到门牌号', legal_basis: '', confirmed_by: '', ...changes,
})
const paper = point({ kind: 'material', target: 'M1', label: '身份证', reason_text: '看不清楚', how: '请重新拍' })

function asked(changes: Partial<CaseShown> = {}): CaseShown {
  return handedIn({
    state: 'correction', state_text: '待补正', correct_by: '2026-12-16', allowed_actions: ['edit_form', 'change_photos', 'resubmit', 'withdraw'],
    next: { who: 'citizen', who_text: '您', what: '按补正告知修改后提交', by: '2026-12-16' },
    form_fields: [field({ value: '幸福路', to_correct: point() }), field({ key: 'phone', label: '手机号', value: '13800000000' })],
    materials: [material({ photos: [photo(1)], to_correct: paper }), material({ material_code: 'M2', name: '户口簿' })],
    correction: { number: 'C1-BZ', asked_at: '2026-11-16T10:00:00+08:00', asked_by: '林受理', answer_by: '2026-12-16', answered_at: null, points: [point(), paper] },
    ...changes,
  })
}

async function opened(known: CaseShown = asked(), replies: Replies = {}) {
  page.options = { no: 'C1' }
  const heard = server({ 'GET /cases/C1': { body: known }, 'GET /cases/C1/timeline': { body: { items: [], next_cursor: null } }, ...replies })
  const shown = mount(Detail)
  await flushPromises()
  const press = async () => {
    await shown.findAll('.y-button').find((each) => each.text() === '补正后提交')?.trigger('click')
    await flushPromises()
  }
  const sent = () => heard.filter((each) => each.method === 'POST').map((each) => each.body)
  return { shown, press, sent }
}

describe('a correction', () => {
  it('shows what is wrong and how it is mended, and nothing that was not named', async () => {
    const { shown } = await opened()
    const correct = shown.find('.case-correct')

    expect(correct.text()).toContain('需要补正2项')
    expect(correct.text()).toContain('填写有误请写到门牌号')
    expect(correct.text()).toContain('看不清楚请重新拍')
    expect(correct.text()).not.toContain('手机号')
    expect(correct.text()).not.toContain('户口簿')
  })

  it('says of what no guide asks for by which law, and who confirmed it', async () => {
    const outside = point({ kind: 'outside', target: 'outside-1', label: '无犯罪记录证明', how: '请到派出所开', legal_basis: '某法', confirmed_by: '郑督导' })
    const { shown } = await opened(asked({ materials: [material({ material_code: 'outside-1', to_correct: outside })] }))

    expect(shown.find('.case-correct').text()).toContain('依据：某法，由郑督导确认')
  })

  it('keeps the room for its button at the end of the page and not in the middle', async () => {
    const { shown } = await opened()

    expect(shown.findAll('.case-correct .y-bar, .case-correct .y-bar-space').map((each) => each.classes())).toEqual([['y-bar']])
    expect(shown.findAll('.foot, .y-bar-space').at(-1)?.classes()).toEqual(['y-bar-space'])
  })

  it('is handed in with one tap', async () => {
    const { press, sent } = await opened(asked(), { 'POST /cases/C1/corrections': { body: handedIn() } })

    await press()

    expect(sent()).toEqual([{ as_it_is: false }])
  })

  it('asks before what was not changed is handed in as it is', async () => {
    const same = { status: 422, body: { code: 'correction_unchanged', detail: '和原来一样', errors: { 'form.address': ['联系地址和原来一样'] } } }
    const { press, sent } = await opened(asked(), { 'POST /cases/C1/corrections': same })
    vi.mocked(uni.showModal).mockImplementation((question) => question?.success?.({ confirm: true, cancel: false } as UniApp.ShowModalRes))

    await press()

    expect(sent()).toEqual([{ as_it_is: false }, { as_it_is: true }])
  })

  it('says at each thing what is still missing', async () => {
    const missing = { status: 422, body: { code: 'correction_incomplete', detail: '还有没改好的', errors: { 'form.address': ['请填写联系地址'], 'materials.M1': ['请上传“身份证”'] } } }
    const { shown, press } = await opened(asked(), { 'POST /cases/C1/corrections': missing })

    await press()

    expect(shown.find('.case-correct').text()).toContain('请填写联系地址')
    expect(shown.find('.case-correct').text()).toContain('请上传“身份证”')
  })

  it('says that nothing more will be asked once it was handed in', async () => {
    const { shown } = await opened(asked({ state: 'submitted', allowed_actions: ['withdraw'] }))

    expect(shown.find('.case-correct').exists()).toBe(false)
    expect(shown.text()).toContain('部门不会再要求补正')
  })
})
