import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { clockSentences, firstAction, waitsFor } from '@/lib/cases'
import { isOurs, PAGES } from '@/lib/pages'
import type { CaseShown } from '@/lib/types'
import Detail from '@/pages/cases/detail.vue'
import List from '@/pages/cases/list.vue'
import Track from '@/pages/cases/track.vue'
import declared from '@/pages.json'

import { aCase, aClock, handedIn } from './cases-data'
import { server } from './server'
import { page } from './setup'

type Replies = Parameters<typeof server>[0]
const items = (...of: unknown[]) => ({ body: { items: of, next_cursor: null } })
const accepted = (changes: Partial<CaseShown> = {}) =>
  handedIn({ state: 'accepted', state_text: '已受理，办理中', accepted_at: '2026-11-22T10:00:00+08:00', promised_due_on: '2026-11-27', ...changes })
const bill = {
  bill_no: 'B1', title: '身份证工本费', task_code: 'T1', amount_fen: 2000, state: 'unpaid' as const, issued_at: '2026-11-22T10:00:00+08:00',
  paid_at: null, payment_no: null, channel: null, receipt_no: null, lines: [],
}

async function detail(known: CaseShown, options: Record<string, string> = {}, replies: Replies = {}) {
  page.options = { no: 'C1', ...options }
  const heard = server({ 'GET /cases/C1': { body: known }, 'GET /cases/C1/timeline': items(), ...replies })
  const shown = mount(Detail)
  await flushPromises()
  const press = async (words: string) => {
    await shown.findAll('.y-button').find((each) => each.text() === words)?.trigger('click')
    await flushPromises()
  }
  return { shown, heard, press }
}

describe('what comes after a registration', () => {
  it('leads to the guide of each licence and says which were asked for', async () => {
    const licence = { task_code: 'T9', name: '食品经营许可', dept_name: '市市场监督管理局', taken_up: false }
    const { shown } = await detail(accepted({ licences: [licence, { ...licence, task_code: 'T10', taken_up: true }] }))

    expect(shown.text()).toContain('开业前还要办的许可')
    expect(shown.text()).toContain('已提交或已由部门处理')
    await shown.findAll('.y-cell').find((each) => each.text().includes('食品经营许可'))?.trigger('click')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/guides/detail?task_code=T9' })
  })
})

describe('a clock that explains itself', () => {
  it('says what it stands for, why, and when it goes on', async () => {
    const paused = { on: '2026-11-18', sentence: '11月18日起进行现场核查，预计到11月23日，暂停期间不计入办理时限', why: '需要到店里看布局' }
    const clock = aClock({ standing: true, expected_promised: '2026-11-26', expected_statutory: '2026-12-03', lines: [...aClock().lines, paused] })
    const { shown } = await detail(accepted({ promised_due_on: null, clock }))

    expect(shown.text()).toContain('暂停期间不计入办理时限。如果按预计结束，部门承诺11月26日 周四前办结，法律规定最晚12月3日 周四。')
    expect(shown.findAll('.case-clock .line').map((line) => line.text())).toEqual([
      '11月16日受理，从第二天开始计算时间。',
      '11月18日起进行现场核查，预计到11月23日，暂停期间不计入办理时限。原因：需要到店里看布局',
    ])
  })

  it('says when it was extended, is provisional, or late', async () => {
    const { shown } = await detail(accepted({ clock: aClock({ extended_days: 10, provisional: true, explanation: '核查改期两次' }) }))

    for (const words of ['都加上了10个工作日', '日期是暂定的', '核查改期两次']) expect(shown.text()).toContain(words)
  })

  it('is not there before the case is accepted', async () => {
    const { shown } = await detail(handedIn())

    expect(shown.find('.case-clock').exists()).toBe(false)
  })
})

describe('where a case is', () => {
  it('says whom it waits for, and until when', () => {
    const next = { who: 'office' as const, who_text: '市公安局', what: '审查并作出决定', by: '2026-11-27' }

    expect(waitsFor(accepted({ next }))).toEqual({ title: '现在由市公安局办理', what: '审查并作出决定，承诺11月27日 周五前。' })
  })

  it('explains both limits and since when they run', () => {
    const said = clockSentences(accepted({ statutory_due_on: '2026-12-18' }))

    expect(said).toEqual(['11月22日 周日受理，时间从这天算起。', '部门承诺11月27日 周五前办结。', '法律规定最晚12月18日 周五办结。'])
  })

  it('says until when a notice stands, and that an objection stops the time', () => {
    const said = clockSentences(accepted({ notice_from: '2026-11-22', notice_until: '2026-12-12', notice_objected_on: '2026-12-01', promised_due_on: null }))

    expect(said).toEqual([
      '11月22日 周日受理，先公告到12月12日 周六，时间从公告期满的第二天算起。',
      '12月1日 周二有人提出异议，时间暂停，核实后再告诉您。',
    ])
  })

  it('offers the one thing to do next: fill in, pay, rate, or nothing', () => {
    expect(firstAction(aCase())?.page).toBe('/pages/apply/form?no=C1')
    expect(firstAction(accepted({ bills: [bill], allowed_actions: ['withdraw', 'pay'] }))?.page).toBe('/pages/bills/pay?no=B1')
    expect(firstAction(handedIn({ rating: { may_rate: true, level: null } }))?.text).toBe('评价这次服务')
    expect(firstAction(handedIn())).toBeNull()
  })

  it('knows every page of ours and no other', () => {
    expect(PAGES.sort()).toEqual(declared.pages.map((each: { path: string }) => each.path).sort())
    expect(isOurs('pages/cases/detail?no=1')).toBe(true)
    expect(isOurs('https://example.com/pages/cases/detail')).toBe(false)
  })
})

describe('one case', () => {
  it('says calmly that it has been handed in', async () => {
    const { shown } = await detail(handedIn(), { handed: '1' })

    expect(shown.find('.y-notice.good').text()).toContain('已提交')
    expect((await detail(accepted(), { handed: '1' })).shown.find('.y-notice.good').exists()).toBe(false)
  })

  it('tells the newest first', async () => {
    const line = (kind: string, sentence: string) => ({ kind, at: '2026-11-21T10:00:00+08:00', actor_kind: 'system', actor_name: '系统', sentence })
    const { shown } = await detail(handedIn(), {}, { 'GET /cases/C1/timeline': items(line('started', '已开始填写申请'), line('submitted', '申请已提交')) })

    expect(shown.findAll('.y-steps .title').map((each) => each.text())).toEqual(['申请已提交', '已开始填写申请'])
  })

  it('shows why it was refused, by which law, and what can be done against it', async () => {
    const decision = { granted: false, reason: '照片不符合要求', legal_basis: '居民身份证法第三条', decided_by: '陈窗口', remedies: '可以申请行政复议', ground: null, revoked_at: null, revoked_why: null }
    const { shown } = await detail(handedIn({ state: 'decided', state_text: '已作出决定', decision }))

    for (const words of ['不予办理', '照片不符合要求', '居民身份证法第三条', '可以申请行政复议']) expect(shown.text()).toContain(words)
  })

  it('says plainly that a grant was revoked', async () => {
    const decision = { granted: true, ground: null, reason: null, legal_basis: null, decided_by: '陈窗口', remedies: '可以申请行政复议', revoked_at: '2026-11-24T10:00:00+08:00', revoked_why: '承诺不实' }
    const { shown } = await detail(handedIn({ state: 'decided', state_text: '准予决定已撤销', decision }))

    for (const words of ['准予决定已撤销', '11月24日', '承诺不实', '可以申请行政复议']) expect(shown.text()).toContain(words)
    expect(shown.text()).not.toContain('申请已经通过')
  })

  it('is taken back once, after asking', async () => {
    vi.mocked(uni.showModal).mockImplementation(((options: UniApp.ShowModalOptions) => options.success?.({ confirm: true } as never)) as never)
    const { heard, press } = await detail(handedIn(), {}, { 'POST /cases/C1/withdraw': { body: handedIn({ state: 'withdrawn' }) } })

    await press('撤回申请')

    expect(heard.filter((asked) => asked.method === 'POST').map((asked) => asked.path)).toEqual(['/cases/C1/withdraw'])
  })

  it('shows the server’s sentence when it can no longer be taken back', async () => {
    vi.mocked(uni.showModal).mockImplementation(((options: UniApp.ShowModalOptions) => options.success?.({ confirm: true } as never)) as never)
    const { shown, press } = await detail(handedIn(), {}, { 'POST /cases/C1/withdraw': { status: 409, body: { code: 'already_decided', detail: '办件已经作出决定，请刷新后查看结果' } } })

    await press('撤回申请')

    expect(shown.find('[role=alert]').text()).toContain('办件已经作出决定')
  })
})

describe('my cases', () => {
  it('asks for each state of a part, and names the state where several are listed', async () => {
    const heard = server({
      'GET /cases': ({ path }) => (path.includes('submitted') ? items(handedIn()) : path.includes('accepted') ? items(accepted()) : items()),
    })
    const shown = mount(List)
    await flushPromises()
    await shown.findAll('[role=tab]').find((each) => each.text() === '办理中')?.trigger('click')
    await flushPromises()

    const asked = heard.map((each) => each.path).filter((path) => path.includes('state='))
    expect(asked).toEqual(['/cases?state=submitted', '/cases?state=accepted', '/cases?state=decided'])
    expect(shown.findAll('.heading').map((each) => each.text())).toEqual(['已提交，待受理', '已受理，办理中'])
  })

  it('puts what is to be paid and what is not handed in under 待我处理', async () => {
    server({ 'GET /cases': ({ path }) => (path.includes('draft') ? items(aCase()) : items()), 'GET /bills': items(bill) })
    const shown = mount(List)
    await flushPromises()
    await shown.findAll('[role=tab]').find((each) => each.text() === '待我处理')?.trigger('click')
    await flushPromises()

    expect(shown.text()).toContain('¥20.00')
    expect(shown.find('.case-line').text()).toContain('尚未提交')
  })

  it('leads to the guides when there is nothing yet', async () => {
    server({ 'GET /cases': items() })
    const shown = mount(List)
    await flushPromises()

    await shown.find('.y-empty .action').trigger('click')

    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/guides/list' })
  })

  it('asks whoever is not logged in to log in', async () => {
    server({ 'GET /cases': { status: 401, body: { code: 'login_required', detail: '请先登录' } } })
    const shown = mount(List)
    await flushPromises()

    expect(shown.find('.problem').text()).toContain('请先登录')
    expect(shown.find('.problem').text()).toContain('去登录')
    expect(shown.find('.problem').text()).toContain('不登录也可以查办事指南')
    expect(shown.findAll('[role=tab]')).toHaveLength(0)
  })

  it('keeps the parts of the list above what is loading or failed', async () => {
    server({ 'GET /cases': { status: 503, body: { detail: '系统正忙，请过一会儿再试。' } } })
    const shown = mount(List)
    await flushPromises()

    const words = shown.text()
    expect(words.indexOf('已办结')).toBeGreaterThan(-1)
    expect(words.indexOf('已办结')).toBeLessThan(words.indexOf('系统正忙'))
  })
})

describe('following a case without a login', () => {
  const tracked = (heard: { path: string }[]) => heard.filter((asked) => asked.path.startsWith('/track'))

  async function looked(reply: Replies[string]) {
    const heard = server({ 'GET /track/C1': reply })
    const shown = mount(Track)
    const [no, code] = shown.findAllComponents({ name: 'y-field' })
    no?.vm.$emit('update:modelValue', 'C 1')
    code?.vm.$emit('update:modelValue', '123 456')
    await shown.find('.y-button').trigger('click')
    await flushPromises()
    return { shown, heard }
  }

  it('shows the state and the way so far, and keeps nothing on the phone', async () => {
    const kept = vi.spyOn(uni, 'setStorageSync')
    const timeline = [{ kind: 'submitted', at: '2026-11-21T10:00:00+08:00', sentence: '申请已提交，等待受理' }]
    const { shown, heard } = await looked({ body: { ...handedIn(), timeline } })

    expect(tracked(heard)[0]?.path).toBe('/track/C1?query_code=123456')
    expect(shown.text()).toContain('申请已提交，等待受理')
    expect(kept).not.toHaveBeenCalled()
  })

  it('shows the server’s sentence when number and code do not belong together', async () => {
    const { shown } = await looked({ status: 404, body: { code: 'case_not_found', detail: '没有找到这个办件，请核对办件编号' } })

    expect(shown.find('[role=alert]').text()).toContain('请核对办件编号')
  })

  it('asks for what is missing before the server is asked', async () => {
    const heard = server({})
    const shown = mount(Track)
    await shown.find('.y-button').trigger('click')

    expect(shown.text()).toContain('请填写查询码')
    expect(tracked(heard)).toHaveLength(0)
  })
})
