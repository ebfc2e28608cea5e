import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { stages } from '@/lib/bundle'
import { feeText, grouped, limitNote, marks, relief } from '@/lib/guide'
import { parts } from '@/lib/highlight'
import type { Bundle, Guide } from '@/lib/types'
import Detail from '@/pages/guides/detail.vue'

import { aGuide, aHall, aMaterial } from './guide-data'
import { server } from './server'
import { page } from './setup'

const settled = () => new Promise((resolve) => setTimeout(resolve))

async function shown(guide: Partial<Guide> = {}, halls: object = { items: [], nearest_open: null, not_here: null }) {
  page.options = { task_code: '1135' }
  const heard = server({ 'GET /centres': { body: halls }, 'GET /guides/1135': { body: aGuide(guide) }, 'POST /cases': { status: 201, body: { case_no: '3501' } } })
  const view = mount(Detail)
  await settled()
  return { view, heard }
}

describe('the words of a guide', () => {
  it('puts materials of which one is enough together', () => {
    const groups = grouped([aMaterial('a', { one_of: 'home' }), aMaterial('b'), aMaterial('c', { one_of: 'home' })])

    expect(groups.map((group) => [group.any, group.materials.map((each) => each.name)])).toEqual([[true, ['a', 'c']], [false, ['b']]])
  })

  it('says of a material that is spared that it is spared, and not that it must be there', () => {
    expect(marks(aMaterial('a', { exempt_submit: true })).map((mark) => mark.text)).toEqual(['免提交'])
    expect(marks(aMaterial('a')).map((mark) => mark.text)).toEqual(['必须有'])
    expect(marks(aMaterial('a', { is_need: '3', commit_replace: true })).map((mark) => mark.text)).toEqual(['可以以后补', '可写承诺书代替'])
    expect(relief(aMaterial('a', { is_need: '3' }))).toContain('容缺')
  })

  it('never makes up an amount', () => {
    const fee = { fee_code: 'F', fee_name: '评估费', amount_fen: null, unit: '次', note: '', by_law: '', charge: 'always' }

    expect(feeText(fee)).toBe('评估费：按实际情况核定')
    expect(feeText({ ...fee, amount_fen: 4000 })).toBe('评估费：¥40.00/次')
  })

  it('does not repeat a limit that the law sets just so', () => {
    const limit = { days: 5, unit: 'WORKDAY' as const, text: '5个工作日', explain: '' }

    expect(limitNote({ promised: limit, statutory: limit })).toBe('')
    expect(limitNote({ promised: limit, statutory: { ...limit, text: '20个工作日' } })).toBe('法律规定最长20个工作日')
  })

  it('marks what a search met, also where two words overlap', () => {
    expect(parts('身份证丢了', ['身份证', '证丢'])).toEqual([{ text: '身份证丢', hit: true }, { text: '了', hit: false }])
    expect(parts('', ['证'])).toEqual([])
    expect(parts('证', [''])).toEqual([{ text: '证', hit: false }])
  })

  it('loses no part of a bundle that the order forgets', () => {
    const bundle = { items: [{ item_key: 'a' }, { item_key: 'b' }, { item_key: 'c' }], order: [['b', 'a'], ['x']] } as unknown as Bundle

    expect(stages(bundle).map((stage) => stage.cards.map((card) => card.item_key))).toEqual([['b', 'a'], ['c']])
  })
})

describe('the page of a guide', () => {
  it('offers to apply and to book only where that is possible', async () => {
    const { view } = await shown({ channels: ['window'] })

    expect(view.text()).toContain('预约窗口')
    expect(view.text()).not.toContain('在线申请')
  })

  it('opens the form of the case that was begun, in its own place', async () => {
    const { view, heard } = await shown()

    await view.findAll('.y-button').filter((button) => button.text() === '在线申请')[0]?.trigger('click')
    await settled()

    expect(heard.at(-1)).toMatchObject({ method: 'POST', path: '/cases', body: { task_code: '1135' } })
    expect(heard.at(-1)?.header['Idempotency-Key']).toBeTruthy()
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/apply/form?no=3501' })
  })

  it('shows why it cannot be applied for, beside the button', async () => {
    const { view } = await shown()
    server({ 'POST /cases': { status: 409, body: { code: 'paused', detail: '这个事项暂停受理' } } })

    await view.findAll('.y-button').filter((button) => button.text() === '在线申请')[0]?.trigger('click')
    await settled()

    expect(view.find('.y-bar').text()).toContain('这个事项暂停受理')
    expect(uni.redirectTo).not.toHaveBeenCalled()
  })

  it('leads to the search when the item is gone', async () => {
    page.options = { task_code: 'gone' }
    server({ 'GET /guides/gone': { status: 404, body: { code: 'guide_not_found', detail: '没有这个事项' } } })
    const view = mount(Detail)
    await settled()

    expect(view.text()).toContain('已经停用')
    await view.find('.y-empty .action').trigger('click')
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/guides/list?focus=1' })
  })

  it('leads to what is handled instead of an item that is over', async () => {
    page.options = { task_code: 'old' }
    const successor = { task_code: 'new', name: '居住登记' }
    server({ 'GET /guides/old': { status: 410, body: { code: 'item_replaced', detail: '这个事项已经取消，现在请办“居住登记”', successor } } })
    const view = mount(Detail)
    await settled()

    expect(view.text()).toContain('现在请办“居住登记”')
    await view.find('.y-empty .action').trigger('click')
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/guides/detail?task_code=new' })
  })

  it('names the hall that takes it now, and till when', async () => {
    const { view } = await shown({}, { items: [aHall('C01'), aHall('C02', { on_duty: true })], nearest_open: 'C02', not_here: null })

    expect(view.find('.guide-halls').text()).toContain('大厅C02')
    expect(view.find('.guide-halls').text()).toContain('开到17:00，16:30前取号')
    await view.find('.guide-halls .hall').trigger('click')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/booking/centre?id=C02&task_code=1135' })
  })

  it('says what to do when no hall takes it', async () => {
    const instead = { sentence: '这件事不在大厅办，可以网上办理', phone: '0591-1', channels: ['web'], centre_id: null, centre_name: null, address: null }
    const { view } = await shown({}, { items: [], nearest_open: null, not_here: instead })

    await view.find('.guide-halls .dial').trigger('click')

    expect(view.find('.guide-halls').text()).toContain('不在大厅办，可以网上办理')
    expect(uni.makePhoneCall).toHaveBeenCalledWith(expect.objectContaining({ phoneNumber: '0591-1' }))
  })

  it('tells what stands against a decision only when it is unfolded', async () => {
    const court = { name: '市人民政府', address: '示例路1号', phone: '0591-2', url: '' }
    const { view } = await shown({ office: { ...aGuide().office, reconsideration: court } })
    const fold = view.findAll('.y-fold').filter((each) => each.text().includes('不同意办理结果'))[0]

    expect(view.text()).not.toContain('示例路1号')
    await fold?.find('.lid').trigger('click')

    expect(fold?.text()).toContain('申请行政复议：找市人民政府')
    expect(fold?.text()).toContain('示例路1号')
  })

  it('thanks only when the server has the judgement', async () => {
    const { view } = await shown()
    const heard = server({ 'POST /guides/1135/feedback': { status: 204 } })
    const press = (text: string) => view.findAll('.y-button').filter((button) => button.text() === text)[0]?.trigger('click')

    await press('没用')
    expect(heard).toHaveLength(0)
    await press('告诉我们')
    await vi.waitFor(() => expect(view.text()).toContain('记下了'))

    expect(heard[0]?.body).toEqual({ useful: false, comment: null })
  })
})
