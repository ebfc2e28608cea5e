import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { server } from './server'

it('says that the choices did not come, and asks for them again', async () => {
  uni.setStorageSync('session', { access_token: 'a', refresh_token: 'r' })
  server({ 'GET /me': { status: 503, body: { code: 'busy', detail: '稍后再试' } } })
  const { default: Settings } = await import('@/pages/me/settings.vue')
  const shown = mount(Settings)
  await flushPromises()
  expect(shown.text()).toContain('稍后再试')

  server({ 'GET /me': { body: { preferences: { channels: ['sms'] } } } })
  await shown.find('.again .y-button').trigger('click')
  await flushPromises()

  expect(shown.findAll('[role=switch]').map((each) => each.attributes('aria-checked'))).toEqual(['false', 'false', 'true', 'false'])
})
