import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'

import Materials from '@/pages/apply/materials.vue'
import Detail from '@/pages/cases/detail.vue'
import Locker from '@/pages/me/locker.vue'
import type { Consent, LockerItem, LockerOffer } from '@/lib/types'

import { aCase, handedIn, material, photo } from './cases-data'
import { server } from './server'
import { page } from './setup'

type Replies = Parameters<typeof server>[0]

const CONSENT: Consent = {
  purpose: 'locker', title: '材料库', text: '把我交过的材料照片留在材料库', without: '不同意也能照常办事', version: 1, state: 'never', given_at: null, withdrawn_at: null,
}
const GIVEN: Consent = { ...CONSENT, state: 'given', given_at: '2026-11-16T09:00:00+08:00' }
const ITEM: LockerItem = {
  id: 7, name: '证件照片', case_no: 'C0', task_name: '居民身份证丢失补领', taken_on: '2026-11-16', expires_on: '2027-05-16', photos: [photo(3)],
}
const OFFER: LockerOffer = { ...ITEM, material_code: 'M1' }
const USE = {
  id: 1, name: '证件照片', pages: 1, used_at: '2026-11-20T10:00:00+08:00', case_no: 'C1', task_name: '居民身份证到期换领', dept_name: '市公安局', from_case_no: 'C0', from_task_name: '居民身份证丢失补领',
}

let last: ReturnType<typeof mount> | undefined
afterEach(() => last?.unmount())

async function opened(component: typeof Locker | typeof Materials | typeof Detail, replies: Replies) {
  uni.setStorageSync('session', { access_token: 'a', refresh_token: 'r' })
  vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => asked.success?.({ confirm: true } as never)) as never)
  const heard = server(replies)
  const shown = (last = mount(component as typeof Locker))
  await flushPromises()
  const press = async (name: string) => {
    await shown.findAll('[role=button]').find((each) => (each.attributes('aria-label') ?? each.text()) === name)?.trigger('click')
    await flushPromises()
  }
  return { heard, shown, press }
}

const locker = (consent: Consent, items: LockerItem[], more: Replies = {}) =>
  opened(Locker, {
    'GET /me/consents': { body: { items: [consent] } },
    'GET /me/locker': { body: { items, next_cursor: null } },
    'GET /me/locker/uses': { body: { items: [USE], next_cursor: null } },
    ...more,
  })

it('opens the locker with one tap on the words that were shown', async () => {
  const { heard, shown, press } = await locker(CONSENT, [], { 'POST /me/consents': { body: { items: [GIVEN] } } })
  expect(shown.text()).toContain('不同意也能照常办事')

  await press('同意，打开材料库')

  expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ purpose: 'locker', version: 1 })
  expect(shown.text()).toContain('还没有可以再用的材料')
})

it('says until when a paper may be used and what it was used for', async () => {
  const { shown } = await locker(GIVEN, [ITEM])

  expect(shown.text()).toContain('可用到2027年5月16日')
  expect(shown.text()).toContain('用在市公安局的“居民身份证到期换领”，1张')
})

it('removes an entry after asking, and closes as easily as it opened', async () => {
  const { heard, shown, press } = await locker(GIVEN, [ITEM], {
    'DELETE /me/locker/7': { status: 204 },
    'DELETE /me/consents/locker': { body: { items: [{ ...CONSENT, state: 'withdrawn' }] } },
  })

  await press('删除证件照片')
  expect(shown.text()).not.toContain('可用到')
  await press('关闭并清空材料库')

  expect(heard.filter((each) => each.method === 'DELETE').map((each) => each.path)).toEqual(['/me/locker/7', '/me/consents/locker'])
})

it('hands an earlier photo in with one tap where one fits', async () => {
  page.options = { no: 'C1' }
  const { heard, shown, press } = await opened(Materials, {
    'GET /cases/C1': { body: aCase({ materials: [material({ name: '证件照片' })] }) },
    'GET /cases/C1/locker': { body: { items: [OFFER], next_cursor: null } },
    'POST /cases/C1/materials/M1/locker': { body: { items: [photo(9)], next_cursor: null } },
  })
  expect(shown.text()).toContain('办“居民身份证丢失补领”时交的，1张')

  await press('证件照片：用以前交过的')

  expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ item_id: 7 })
  expect(shown.text()).toContain('已交1张')
})

it('lets one choose where several fit', async () => {
  page.options = { no: 'C1' }
  const older = { ...OFFER, id: 5, taken_on: '2026-09-01' }
  const { heard, press } = await opened(Materials, {
    'GET /cases/C1': { body: aCase({ materials: [material({ name: '证件照片' })] }) },
    'GET /cases/C1/locker': { body: { items: [OFFER, older], next_cursor: null } },
    'POST /cases/C1/materials/M1/locker': { body: { items: [photo(9)], next_cursor: null } },
  })

  await press('证件照片：用以前交过的')
  await press('用这份：9月1日办“居民身份证丢失补领”时交的，1张')

  expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ item_id: 5 })
})

const DETAIL = { 'GET /cases/C1/timeline': { body: { items: [], next_cursor: null } } }

it('is offered where a material is to be mended, beside the page that is wrong', async () => {
  page.options = { no: 'C1' }
  const wrong = { kind: 'material' as const, target: 'M1', label: '证件照片', reason_text: '看不清楚', how: '请重新拍', legal_basis: '', confirmed_by: '' }
  const known = handedIn({
    state: 'correction', state_text: '待补正', allowed_actions: ['change_photos', 'resubmit'],
    materials: [material({ name: '证件照片', photos: [photo(1)], to_correct: wrong })],
    correction: { number: 'C1-BZ', asked_at: '2026-11-16T10:00:00+08:00', asked_by: '林受理', answer_by: '2026-12-16', answered_at: null, points: [wrong] },
  })
  const { heard, shown, press } = await opened(Detail, {
    ...DETAIL,
    'GET /cases/C1': { body: known },
    'GET /cases/C1/locker': { body: { items: [OFFER], next_cursor: null } },
    'POST /cases/C1/materials/M1/locker': { body: { items: [photo(1), photo(9)], next_cursor: null } },
  })
  expect(shown.text()).toContain('会加在后面，不要的旧照片请删掉')

  await press('证件照片：用以前交过的')

  expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ item_id: 7 })
  expect(heard.filter((each) => each.path === '/cases/C1/locker')).toHaveLength(2)
  expect(shown.find('.case-correct').text()).toContain('已交2张')
})

it('is offered for what follows later, and nothing is asked where nothing follows', async () => {
  page.options = { no: 'C1' }
  const follows = { days: 3, due_on: '2026-11-26', open: true, overdue: false, delivered_at: null, sent_back_why: null, confirmed_at: null }
  const owing = handedIn({ materials: [material({ name: '证件照片', follows })] })
  const { shown, press } = await opened(Detail, {
    ...DETAIL,
    'GET /cases/C1': { body: owing },
    'GET /cases/C1/locker': { body: { items: [OFFER], next_cursor: null } },
    'POST /cases/C1/materials/M1/locker': { body: { items: [photo(9)], next_cursor: null } },
  })
  await press('证件照片：用以前交过的')
  expect(shown.find('[aria-label="补交证件照片"]').exists()).toBe(true)
  last?.unmount()

  const { heard } = await opened(Detail, { ...DETAIL, 'GET /cases/C1': { body: handedIn({ materials: [material()] }) } })
  expect(heard.filter((each) => each.path.endsWith('/locker'))).toEqual([])
})
