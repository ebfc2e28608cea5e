import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'

import YField from '@/components/y-field.vue'
import CasePromises from '@/components/case-promises.vue'
import Materials from '@/pages/apply/materials.vue'
import { gapsOf } from '@/lib/application'

import { aCase, material } from './cases-data'
import { server } from './server'
import { page } from './setup'

const PROMISE = '/cases/C1/materials/M1/promise'
const TEXT = { kind: 'promise', title: '告知承诺书', digest: 'd'.repeat(64), parts: [{ heading: '市司法局告知您', paragraphs: ['依据：国办发〔2020〕42号'] }] }
const SIGNED = { signed_at: '2026-11-20T09:00:00+08:00', check_days: 20 }
const CHECKS = '/cases/C1/promise-checks'
const check = (changes = {}) => ({
  id: 7, material: '经济困难状况说明', state: 'broken', state_text: '核查不实，可以陈述申辩', due_on: '2026-12-01', evidence: '查无此事',
  object_until: '2026-11-27', may_object: true, objection: null, settlement: null, legal_basis: null, settled_at: null, ...changes,
})

let last: ReturnType<typeof mount> | undefined
afterEach(() => last?.unmount())

describe('promising instead of handing a material in', () => {
  it('is a choice of its own, missing until one of the two is done', () => {
    const known = aCase({ form_fields: [], materials: [material({ may_promise: true })] })
    expect(gapsOf(known).map((each) => each.sentence)).toEqual(['请上传“身份证”，或者选择告知承诺'])
    expect(gapsOf({ ...known, materials: [material({ may_promise: true, promise: SIGNED })] })).toEqual([])
  })

  it('shows the refusal in plain words where one may not promise', async () => {
    page.options = { no: 'C1' }
    server({
      'GET /cases/C1': { body: aCase({ materials: [material({ may_promise: true })] }) },
      [`GET ${PROMISE}`]: { status: 409, body: { code: 'promise_barred', detail: '您有核查不实的承诺记录，请提交材料', status: 409 } },
    })
    const shown = (last = mount(Materials))
    await flushPromises()
    await shown.find('[aria-label="身份证：用告知承诺"]').trigger('click')
    await flushPromises()

    expect(shown.find('[role=dialog]').text()).toContain('请提交材料')
  })

  it('is signed only after a tick', async () => {
    page.options = { no: 'C1' }
    const heard = server({
      'GET /cases/C1': { body: aCase({ materials: [material({ may_promise: true })] }) },
      [`GET ${PROMISE}`]: { body: TEXT },
      [`POST ${PROMISE}`]: { body: aCase() },
    })
    const shown = (last = mount(Materials))
    await flushPromises()
    await shown.find('[aria-label="身份证：用告知承诺"]').trigger('click')
    await flushPromises()
    const press = () => shown.findAll('[role=button]').find((each) => each.text() === '签署')?.trigger('click')
    await press()
    expect(heard.some((each) => each.method === 'POST')).toBe(false)
    await shown.find('[role=checkbox]').trigger('click')
    await press()
    await flushPromises()

    expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ digest: TEXT.digest, read: true })
  })
})

describe('what was found of a promise', () => {
  it('is shown with its evidence, and objected to in one\'s own words', async () => {
    const heard = server({ [`GET ${CHECKS}`]: { body: { items: [check()] } }, [`POST ${CHECKS}/7/objection`]: { body: check() } })
    const shown = (last = mount(CasePromises, { props: { caseNo: 'C1', changed: '' } }))
    await flushPromises()
    expect(shown.text()).toContain('查无此事')
    shown.findComponent(YField).vm.$emit('update:modelValue', '登记有误')
    await flushPromises()
    await shown.findAll('[role=button]').find((each) => each.text() === '提交陈述申辩')?.trigger('click')
    await flushPromises()

    expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ text: '登记有误' })
  })

  it('offers another try when it cannot be read', async () => {
    server({ [`GET ${CHECKS}`]: { status: 503, body: { code: 'unavailable', detail: '系统正忙', status: 503 } } })
    const shown = (last = mount(CasePromises, { props: { caseNo: 'C1', changed: '' } }))
    await flushPromises()

    expect(shown.text()).toContain('再试一次')
  })
})
