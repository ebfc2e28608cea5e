import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'

import CaseOwed from '@/components/case-owed.vue'
import Materials from '@/pages/apply/materials.vue'
import { gapsOf, materialGroups } from '@/lib/application'

import { aCase, handedIn, material, photo } from './cases-data'
import { server } from './server'
import { page } from './setup'

const LATER = '/cases/C1/materials/M2/later'
const TEXT = {
  kind: 'tolerance', title: '容缺受理承诺书', digest: 'd'.repeat(64),
  parts: [{ heading: '市公安局告知您', paragraphs: ['请在受理之日起3个工作日内补交。'] }],
}
const FOLLOWS = { days: 3, due_on: '2026-11-26', open: true, overdue: false, delivered_at: null, sent_back_why: null, confirmed_at: null }
const secondary = (changes = {}) => material({ material_code: 'M2', name: '证件照片', mandatory: false, may_follow: true, ...changes })

let last: ReturnType<typeof mount> | undefined
afterEach(() => last?.unmount())

describe('a material that may follow', () => {
  it('stands in a group of its own and is missing until it is there or promised', () => {
    const known = aCase({ materials: [secondary()] })
    expect(materialGroups(known.materials).map((each) => each.key)).toEqual(['later'])
    expect(gapsOf(known).map((each) => each.sentence)).toContain('请上传“证件照片”，或者选择稍后补交')
    expect(gapsOf(aCase({ form_fields: [], materials: [secondary({ follows: FOLLOWS })] }))).toEqual([])
  })

  it('is promised by reading the text, ticking and signing; nothing is ticked beforehand', async () => {
    page.options = { no: 'C1' }
    const heard = server({
      'GET /cases/C1': { body: aCase({ materials: [secondary()] }) },
      [`GET ${LATER}`]: { body: TEXT },
      [`POST ${LATER}`]: { body: aCase() },
    })
    const shown = (last = mount(Materials))
    await flushPromises()
    await shown.find('[aria-label="证件照片：稍后补交"]').trigger('click')
    await flushPromises()

    expect(shown.find('[role=dialog]').text()).toContain('3个工作日内补交')
    expect(shown.find('[role=checkbox]').attributes('aria-checked')).toBe('false')
    await shown.find('[role=checkbox]').trigger('click')
    await shown.findAll('[role=button]').find((each) => each.text() === '签署')?.trigger('click')
    await flushPromises()

    expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ digest: TEXT.digest, read: true })
  })
})

describe('bringing what was left out', () => {
  const shownWith = (follows: object, photos = [photo(1)]) =>
    (last = mount(CaseOwed, { props: { known: handedIn({ materials: [secondary({ photos, follows: { ...FOLLOWS, ...follows } })] }) } }))

  it('names the last day and hands it over', async () => {
    const heard = server({ 'POST /cases/C1/materials/M2/delivery': { body: handedIn() } })
    const shown = shownWith({})
    expect(shown.text()).toContain('请在11月26日')
    await shown.find('[aria-label="补交证件照片"]').trigger('click')
    await flushPromises()

    expect(heard.filter((each) => each.method === 'POST').map((each) => each.path)).toEqual(['/cases/C1/materials/M2/delivery'])
    expect(shown.emitted('brought')).toHaveLength(1)
  })

  it('says why it was sent back, that it is looked at, that its day is over', () => {
    expect(shownWith({ sent_back_why: '照片不清楚' }).text()).toContain('照片不清楚')
    expect(shownWith({ open: false, delivered_at: '2026-11-20T09:00:00+08:00' }).text()).toContain('等待核对')
    expect(shownWith({ open: false, overdue: true }, []).text()).toContain('补交期限已过')
  })
})
