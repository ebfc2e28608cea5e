import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { forgetSeldom } from '@/lib/seldom'
import Centre from '@/pages/booking/centre.vue'
import Centres from '@/pages/booking/centres.vue'

import { aHall, aHit } from './guide-data'
import { server } from './server'
import { page } from './setup'

const DETAIL = {
  ...aHall('C08', { name: '社区站' }), shift_days: [], windows: [], service_groups: [], last_ticket_before_minutes: 30, lunch_break: false,
  self_service: [], accessibility: ['坡道'], special_windows: [], parking: '', transit: '', note: '', walk_in_text: '不预约也可以办', not_here: null, provenance: 'demo',
}
const INSTEAD = { sentence: '这个大厅不办这件事，最近能办的是“区中心”', centre_id: 'C03', centre_name: '区中心', address: '', phone: '12345', channels: [] }
const CIRCLE = { key: 'circle', unit: 'share', text: '35%', counted: 397, of: 1135, parts: [] }

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-23T10:00:00+08:00'), toFake: ['Date'] }))
afterEach(() => {
  vi.useRealTimers()
  forgetSeldom()
})

async function list(halls: object[], beside: object = {}, options: Record<string, string> = {}) {
  page.options = options
  server({
    'GET /centres': { body: { items: halls, next_cursor: null, nearest_open: null, not_here: null, ...beside } },
    'GET /figures': { body: { figures: [CIRCLE] } },
  })
  const view = mount(Centres)
  await flushPromises()
  return view
}

describe('the list of halls', () => {
  it('says till when one may come, and when a shut door opens', async () => {
    const view = await list([aHall('C01', { on_duty: true }), aHall('C02', { open_now: false, opens_next: '2026-11-24T09:00:00+08:00' })])

    expect(view.text()).toContain('开到17:00，16:30前取号')
    expect(view.text()).toContain('明天09:00开门')
  })

  it('leaves out the shut ones when asked to, and says so when none is left', async () => {
    const view = await list([aHall('C02', { open_now: false })])

    await view.find('.y-tick').trigger('click')

    expect(view.text()).not.toContain('大厅C02')
    expect(view.text()).toContain('现在没有开着的大厅')
  })

  it('says of how many places one can walk to a hall, out of how many', async () => {
    const view = await list([aHall('C01', { distance_m: 900, walk_minutes: 13 })])

    expect(view.text()).toContain('15分钟走得到')
    expect(view.find('.circle').text()).toContain('1135个地点里有397个')
  })

  it('says how to go on with what no hall takes', async () => {
    const view = await list([], { not_here: { ...INSTEAD, sentence: '这件事不在大厅办，可以网上办理', centre_id: null } }, { task_code: 'T1' })

    expect(view.text()).toContain('这件事不在大厅办，可以网上办理')
    expect(view.text()).toContain('打电话问一问 12345')
  })
})

describe('the page of a hall', () => {
  it('sends whoever came for another hall’s item there, and books nothing', async () => {
    page.options = { id: 'C08', task_code: 'T1' }
    const heard = server({ 'GET /centres/C08': { body: { ...DETAIL, not_here: INSTEAD } } })
    const view = mount(Centre)
    await flushPromises()

    await view.find('.y-notice .link').trigger('click')

    expect(heard[0]?.path).toContain('task_code=T1')
    expect(view.findAll('.y-button').map((button) => button.text())).not.toContain('预约')
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/booking/centre?id=C03&task_code=T1' })
  })

  it('lists what it handles when that is unfolded, page by page', async () => {
    page.options = { id: 'C08' }
    const pages = [{ items: [aHit('一')], next_cursor: 'x' }, { items: [aHit('二')], next_cursor: null }]
    server({ 'GET /centres/C08': { body: DETAIL }, 'GET /centres/C08/items': () => ({ body: pages.shift() }) })
    const view = mount(Centre)
    await flushPromises()

    await view.find('.y-fold .lid').trigger('click')
    await flushPromises()
    await view.find('.hall-items .link').trigger('click')
    await flushPromises()

    expect(view.findAll('.hall-items .y-cell').map((cell) => cell.find('.name').text())).toEqual(['一', '二'])
  })
})
