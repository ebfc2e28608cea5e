import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import type { CaseVisits, SiteVisit } from '@/lib/types'
import { visitLine } from '@/lib/visit'
import Page from '@/pages/cases/visits.vue'

import { server } from './server'
import { page } from './setup'

const visit = (changes: Partial<SiteVisit> = {}): SiteVisit => ({
  id: 7, number: 'TK00000007', kind: 'home', kind_text: '上门服务', state: 'planned', state_text: '已安排', address: '示例路2号302室', wish: '上午',
  prepare: '请备好身份证', starts_at: '2026-11-17T09:00:00+08:00', ends_at: '2026-11-17T10:30:00+08:00', when: '2026年11月17日（周二）09:00到10:30', moved_from: '',
  change_until: '2026-11-16T20:00:00+08:00', may_cancel: true, may_ask_other_time: true, other_time: null, cancelled_why: null, applicant: null,
  closed_at: null, calendar_url: 'http://y/api/v1/site-visits/calendar/a.ics',
  staff: [{ name: '孙上门', staff_no: 'A1024', dept_name: '市民政局', signed: false }],
  points: [{ dept_name: '市民政局', text: '申请人本人健在', law: '', met: null, note: null }], ...changes,
})
const all = (changes: Partial<CaseVisits> = {}): CaseVisits => ({ offered: '行动不便的老年人', may_ask: false, visits: [visit()], ...changes })

async function opened(visits: CaseVisits, replies: Parameters<typeof server>[0] = {}) {
  page.options = { no: 'C1' }
  const heard = server({ 'GET /cases/C1/visits': { body: visits }, ...replies })
  const shown = mount(Page)
  await flushPromises()
  const press = async (words: string) => {
    await shown.findAll('.y-button').find((each) => each.text().includes(words))?.trigger('click')
    await flushPromises()
  }
  return { shown, press, heard }
}

describe('a visit at home', () => {
  it('says who comes, by which number, and what to have ready', async () => {
    const { shown } = await opened(all())

    for (const words of ['孙上门', 'A1024', '09:00到10:30', '请备好身份证', '核对姓名']) expect(shown.text()).toContain(words)
  })

  it('is asked for with where and when it would suit', async () => {
    const { shown, press, heard } = await opened(all({ may_ask: true, visits: [] }), { 'POST /cases/C1/visits': { body: all() } })
    const [address, wish] = shown.findAll('input')
    address?.element.dispatchEvent(Object.assign(new Event('input'), { detail: { value: '示例路2号302室' } }))
    wish?.element.dispatchEvent(Object.assign(new Event('input'), { detail: { value: '周三上午' } }))
    await press('申请上门')

    expect(heard.find((one) => one.method === 'POST')?.body).toEqual({ address: '示例路2号302室', wish: '周三上午' })
    expect(shown.text()).toContain('孙上门')
  })

  it('offers another time once and calling it off while that is possible', async () => {
    const { shown, press } = await opened(all())
    await press('换一个')
    expect(shown.text()).toContain('只能申请一次')

    const late = await opened(all({ visits: [visit({ may_cancel: false, may_ask_other_time: false })] }))
    expect(late.shown.text()).not.toContain('取消上门')
  })

  it('shows what was found once it is done', async () => {
    const found = [{ dept_name: '市民政局', text: '申请人本人健在', law: '', met: false, note: '没有见到本人' }]
    const { shown } = await opened(all({ visits: [visit({ state: 'done', state_text: '已完成', applicant: 'absent', points: found, may_cancel: false, may_ask_other_time: false, calendar_url: null })] }))

    for (const words of ['不符合', '没有见到本人', 'TK00000007', '没有人在场']) expect(shown.text()).toContain(words)
  })
})

describe('the line in a case', () => {
  it('leads to what is next, and is not there where nobody comes', () => {
    expect(visitLine(all())?.note).toContain('09:00到10:30')
    expect(visitLine(all({ visits: [], may_ask: true }))?.title).toBe('可以请工作人员上门')
    expect(visitLine(all({ visits: [] }))).toBeNull()
  })

  it('says of a visit that was moved from when to when, and so does its page', async () => {
    const moved = all({ visits: [visit({ moved_from: '2026年11月16日（周一）14:00到15:30' })] })
    const line = visitLine(moved)

    expect(line?.title).toBe('上门服务：改了时间')
    expect(line?.note).toBe('2026年11月17日（周二）09:00到10:30，原定2026年11月16日（周一）14:00到15:30，点开看谁来')
    expect((await opened(moved)).shown.text()).toContain('原定2026年11月16日（周一）14:00到15:30')
  })
})
