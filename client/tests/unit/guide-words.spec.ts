import { describe, expect, it } from 'vitest'

import { feeLines } from '@/lib/guide'
import { farText, isNear, nowText, whenText } from '@/lib/halls'
import { askedDepartments, deadlineText, pauses, servicesText } from '@/lib/limits'
import { agentText, appeals, originFacts, waysText } from '@/lib/office'

import { aGuide, aHall } from './guide-data'

const FRIDAY = Date.parse('2026-11-20T10:00:00+08:00')

describe('the words about time', () => {
  it('says of each pause how long it is, and whether it counts', () => {
    const survey = { name: '现场踏勘', kind: 'SITE', note: '', counted_in_limit: false, promise_days: null, promise_workdays: 2, unit: '' }

    expect(pauses([survey])).toEqual([{ name: '现场踏勘', days: '2个工作日', note: '', counted: false }])
  })

  it('says what it means when a department does not answer', () => {
    const police = { dept_name: '市公安局', subject: '交通安全', days: 3, silence_agrees: true, law: '办法第八条', number_why: '' }

    expect(askedDepartments([police])[0]).toEqual({
      name: '市公安局', subject: '交通安全', days: '3个工作日内回复', silence: '到期没有回复的，视为没有异议（办法第八条）', number: '',
    })
    expect(askedDepartments([{ ...police, number_why: '查机动车登记记录' }])[0]?.number).toBe('会用您的证件号码查机动车登记记录')
    expect(askedDepartments([{ ...police, silence_agrees: false }])[0]?.silence).toBe('')
  })

  it('writes a deadline from its number only where the source has no words', () => {
    expect(deadlineText({ days: 30, unit: 'DAY', text: '' })).toBe('30天以内')
    expect(deadlineText({ days: 30, unit: 'DAY', text: '出生后一个月内' })).toBe('出生后一个月内')
  })

  it('says of a service by others what it costs and which law asks for it', () => {
    const survey = { name: '测绘', by_law: '测绘法', limit_explain: '', fee_explain: '按面积', mandatory: false }

    expect(servicesText([survey])).toEqual([{ name: '测绘（需要时才做）', lines: ['收费：按面积', '依据：测绘法'] }])
  })
})

describe('the words about halls', () => {
  it('tells whoever comes too late when the door opens again', () => {
    const shut = { on_duty: false, open_now: false, closes_at: null, last_ticket_at: null, opens_next: '2026-11-21T09:00:00+08:00' }

    expect(nowText(shut, FRIDAY)).toBe('现在没开，明天09:00开门')
    expect(nowText({ ...shut, open_now: true }, FRIDAY)).toBe('门开着，但办这件事的窗口现在没人，明天09:00开始办')
  })

  it('names a day that is neither today nor tomorrow', () => {
    expect(whenText('2026-11-20T14:00:00+08:00', FRIDAY)).toBe('今天14:00')
    expect(whenText('2026-11-23T09:00:00+08:00', FRIDAY)).toContain('11月23日 周一')
  })

  it('tells how long one walks only where one would walk', () => {
    expect(farText(aHall('C01'))).toBe('')
    expect(farText(aHall('C01', { distance_m: 900, walk_minutes: 13 }))).toBe('离您900米，走过去约13分钟')
    expect(farText(aHall('C01', { distance_m: 9000, walk_minutes: 125 }))).toBe('离您9.0公里')
    expect([13, 16, null].map((minutes) => isNear({ walk_minutes: minutes }))).toEqual([true, false, false])
  })
})

describe('the words about who and how', () => {
  it('adds the ways that are no channel', () => {
    const ways = { ...aGuide().ways, self_service: true, express: true, mail_result: true }

    expect(waysText({ channels: ['window'], ways })).toEqual(['到办事大厅窗口办', '在自助机上办', '结果可以寄给您'])
    expect(waysText({ channels: ['window'], ways: { ...aGuide().ways, express: true } })).toContain('可以用快递送材料和结果')
  })

  it('never says that somebody else may come when nobody may', () => {
    expect(agentText({ allowed: false, who: 'agent', text: '', bring: [] })).toBe('要本人来办，不能代办')
    expect(agentText({ allowed: true, who: 'organisation', text: '', bring: [] })).toBe('单位的经办人来办')
  })

  it('lists only the remedies that the source names', () => {
    const court = { name: '示例法院', address: '', phone: '', url: '' }

    expect(appeals({ office: { ...aGuide().office, litigation: court } }).map((way) => way.kind)).toEqual(['提起行政诉讼'])
  })

  it('warns of demonstration data where the origin is told', () => {
    expect(originFacts(aGuide()).at(-1)).toEqual({ name: '来源', value: '演示数据，请勿据此办事' })
  })

  it('does not repeat an amount as its standard', () => {
    expect(feeLines({ amount_fen: 1000, fee_stand: '10.00', by_law: '' })).toEqual([])
    expect(feeLines({ amount_fen: null, fee_stand: '按面积计', by_law: '示例文件' })).toEqual(['收费标准：按面积计', '收费依据：示例文件'])
  })
})
