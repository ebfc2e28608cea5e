import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { server } from './server'

const ASKED = {
  purpose: 'prefill',
  title: '预先填好问题和表格',
  text: '用我的实名信息预先填好',
  without: '不同意也能照常办事',
  version: 2,
  state: 'never',
  given_at: null,
  withdrawn_at: null,
}
const GIVEN = { ...ASKED, state: 'given', given_at: '2026-11-23T09:30:00+08:00' }

async function opened(consent: object) {
  uni.setStorageSync('session', { access_token: 'a', refresh_token: 'r' })
  const heard = server({
    'GET /me/consents': { body: { items: [consent] } },
    'POST /me/consents': { body: { items: [GIVEN] } },
    'DELETE /me/consents/prefill': { body: { items: [{ ...GIVEN, state: 'withdrawn', withdrawn_at: GIVEN.given_at }] } },
  })
  const { default: Consents } = await import('@/pages/me/consents.vue')
  const shown = mount(Consents)
  await flushPromises()
  return { heard, shown }
}

it('agrees with one tap to the words that were shown', async () => {
  const { heard, shown } = await opened(ASKED)
  expect(shown.text()).toContain('不同意也能照常办事')

  await shown.find('.press .y-button').trigger('click')
  await flushPromises()

  expect(heard.at(-1)?.body).toEqual({ purpose: 'prefill', version: 2 })
  expect(shown.text()).toContain('11月23日 09:30')
})

it('takes back with one tap as well', async () => {
  const { heard, shown } = await opened(GIVEN)

  await shown.find('.press .y-button').trigger('click')
  await flushPromises()

  expect(heard.at(-1)?.method).toBe('DELETE')
  expect(shown.text()).toContain('已撤回')
})
