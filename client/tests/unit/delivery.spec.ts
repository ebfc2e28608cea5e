import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import CaseDelivery from '@/components/case-delivery.vue'
import { lineOf } from '@/lib/delivery'
import type { Delivery } from '@/lib/types'
import Page from '@/pages/cases/delivery.vue'

import { server } from './server'
import { page } from './setup'

const HALL = { id: 'C01', name: '市民服务中心', address: '示例路1号', phone: '0591-1' }
const known = (changes: Partial<Delivery> = {}): Delivery => ({
  way: 'post', way_text: '邮寄送达', state: 'preparing', state_text: '等部门寄出',
  offers: [{ way: 'electronic', text: '电子送达' }, { way: 'window', text: '窗口领取' }, { way: 'post', text: '邮寄送达' }],
  may_change: true, may_confirm: false, centre: null, halls: [HALL], code: null, proxy_name: '', recipient: '王小明', phone: '13800000000',
  address: '示例市示例路1号', region: 'city', postage_fen: { city: 0, elsewhere: 1500 }, bill_no: null, delivered_at: null, parcel: null, ...changes,
})
const PARCEL = { waybill: 'SF0000000000001', state: 'moving' as const, note: '', lines: [{ at: '2026-11-16T10:00:00+08:00', text: '正在派送', place: '示例市' }, { at: '2026-11-16T09:00:00+08:00', text: '快递已揽收', place: '' }] }

async function opened(delivery: Delivery, replies: Parameters<typeof server>[0] = {}, of: Record<string, string> = {}) {
  page.options = { no: 'C1', ...of }
  const heard = server({ 'GET /cases/C1/delivery': { body: delivery }, ...replies })
  const shown = mount(Page)
  await flushPromises()
  const press = async (selector: string, words: string) => {
    await shown.findAll(selector).find((each) => each.text().includes(words))?.trigger('click')
    await flushPromises()
  }
  return { shown, press, heard }
}

describe('delivery of a result', () => {
  it('shows the code to fetch it with, as one reads it out, and where', async () => {
    const { shown } = await opened(known({ way: 'window', state: 'waiting', code: '12345678', centre: HALL, proxy_name: '李四' }))

    expect(shown.text()).toContain('1234 5678')
    expect(shown.text()).toContain('市民服务中心')
    expect(shown.text()).toContain('李四代领')
  })

  it('shows the trace with the newest first', async () => {
    const { shown } = await opened(known({ state: 'sending', may_change: false, may_confirm: true, parcel: PARCEL }))

    expect(shown.findAll('.y-steps .title').map((each) => each.text())).toEqual(['正在派送', '快递已揽收'])
    expect(shown.text()).toContain('我已收到')
  })

  it('sends the way that was chosen with what belongs to it', async () => {
    const { press, heard, shown } = await opened(known(), { 'PUT /cases/C1/delivery': { body: known({ way: 'window', state: 'waiting', code: '12345678', centre: HALL }) } })

    await press('.y-button', '改领取方式')
    await press('[role=radio]', '窗口领取')
    await press('.y-button', '保存')

    expect(heard.find((asked) => asked.method === 'PUT')?.body).toMatchObject({ way: 'window', centre_id: 'C01' })
    expect(shown.text()).toContain('1234 5678')
  })

  it('says beside each field what is wrong with the address, and what the post costs', async () => {
    const refusal = { status: 422, body: { code: 'address_incomplete', detail: '收件信息没有填好', errors: { phone: ['请填写11位手机号'] } } }
    const { shown, press } = await opened(known({ state: 'returned' }), { 'PUT /cases/C1/delivery': refusal })

    await press('.y-button', '保存')

    expect(shown.text()).toContain('请填写11位手机号')
    expect(shown.text()).toContain('寄到本市免邮费，寄到外地邮费')
  })

  it('asks a draft only for what belongs to the way on its form', async () => {
    const { shown } = await opened(known({ state: 'chosen' }), {}, { from: 'check' })

    expect(shown.text()).toContain('详细地址')
    expect(shown.text()).not.toContain('窗口领取：')
  })

  it('says in one line of the case what is to be done', () => {
    expect(lineOf(known({ state: 'withheld' }))?.title).toContain('不再发放')
    expect(lineOf(known({ state: 'returned' }))?.title).toContain('退回')
    expect(lineOf(known({ way: 'electronic', state: 'chosen', may_change: false }))).toBeNull()
    expect(lineOf(known({ state: 'sending', parcel: PARCEL }))).toEqual({ title: '已寄出，运单号SF0000000000001', note: '正在派送，示例市' })
  })

  it('offers to ask again when the line could not be had', async () => {
    server({ 'GET /cases/C1/delivery': { status: 500, body: {} } })
    const shown = mount(CaseDelivery, { props: { caseNo: 'C1', changed: '' } })
    await flushPromises()

    expect(shown.text()).toContain('再试一次')
  })
})
