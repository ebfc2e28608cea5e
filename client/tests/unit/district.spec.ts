import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'

import { server } from './server'

const DIVISIONS = {
  'GET /bootstrap': { body: { region_code: '350100' } },
  'GET /lists/divisions': {
    body: {
      counties: [
        { code: '350102', name: '鼓楼区', city: '3501' },
        { code: '350104', name: '仓山区', city: '3501' },
        { code: '350203', name: '思明区', city: '3502' },
      ],
    },
  },
}

beforeEach(() => {
  vi.resetModules()
  uni.setStorageSync('session', { access_token: 'a', refresh_token: 'r' })
})

async function settings(district: string | null, replies: Parameters<typeof server>[0] = {}) {
  const heard = server({ ...DIVISIONS, 'GET /me': { body: { preferences: { district } } }, ...replies })
  const { default: Settings } = await import('@/pages/me/settings.vue')
  const shown = mount(Settings)
  await flushPromises()
  const choose = async (name: string) => {
    await shown.find('.y-cell').trigger('click')
    await shown.findAll('[role=radio]').find((each) => each.text().startsWith(name))?.trigger('click')
    await flushPromises()
  }
  return { shown, choose, changes: () => heard.filter((asked) => asked.method === 'PATCH').map((asked) => asked.body) }
}

it('offers the districts of this city alone and keeps the one that is chosen', async () => {
  const { shown, choose, changes } = await settings(null, { 'PATCH /me': { body: { preferences: { district: '350104' } } } })
  expect(shown.text()).toContain('不设置')
  await shown.find('.y-cell').trigger('click')
  expect(shown.text()).not.toContain('思明区')

  await choose('仓山区')
  expect(changes()).toEqual([{ preferences: { district: '350104' } }])
  expect(shown.find('.y-cell').text()).toContain('仓山区')
})

it('forgets the district when one does not want to say it any more', async () => {
  const { choose, changes } = await settings('350102', { 'PATCH /me': { body: { preferences: { district: null } } } })
  await choose('不设置')

  expect(changes()).toEqual([{ preferences: { district: null } }])
})

it('changes nothing when the same district is chosen again', async () => {
  const { choose, changes } = await settings('350102')
  await choose('鼓楼区')

  expect(changes()).toEqual([])
})

it('says beside the district what the server refused', async () => {
  const refusal = { code: 'invalid', detail: '区县应是六位编码' }
  const { shown, choose } = await settings(null, { 'PATCH /me': { status: 422, body: refusal } })
  await choose('鼓楼区')

  expect(shown.text().match(/区县应是六位编码/g)).toHaveLength(1)
})

it('puts the halls of the own district first and leaves the others in their order', async () => {
  const { ownFirst } = await import('@/lib/district')
  const halls = ['1', '2', '3', '2'].map((region_code, at) => ({ region_code, at }))

  expect(ownFirst(halls, '2').map(({ at }) => at)).toEqual([1, 3, 0, 2])
  expect(ownFirst(halls, '')).toBe(halls)
})

it('asks nobody who is not logged in where they live', async () => {
  uni.removeStorageSync('session')
  const heard = server({})
  const { myDistrict } = await import('@/lib/district')

  expect(await myDistrict()).toBe('')
  expect(heard).toEqual([])
})
