import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { acting } from '@/lib/acting'
import { partSteps, partWords, servesNote } from '@/lib/together'
import type { Bundle, BundleList, BundlePart, BundleQuestions, BundleWhole, SharedMaterial } from '@/lib/types'
import BundleApply from '@/components/bundle-apply.vue'
import YField from '@/components/y-field.vue'
import Apply from '@/pages/bundles/apply.vue'
import Questions from '@/pages/bundles/questions.vue'
import Licence from '@/pages/bundles/licence.vue'
import Progress from '@/pages/bundles/progress.vue'

import { field, material, photo } from './cases-data'
import { server } from './server'
import { page } from './setup'

type Replies = Parameters<typeof server>[0]

function part(changes: Partial<BundlePart> = {}): BundlePart {
  return {
    step: 1, place: 1, task_code: 'T1', task_name: '生育登记', dept_name: '市卫健委', case_no: 'C1', state: 'draft', state_text: '草稿',
    granted: null, promised_due_on: null, may_withdraw: true, too_late_text: null,
    ...changes,
  }
}

function shared(changes: Partial<SharedMaterial> = {}): SharedMaterial {
  return { ...material(), case_no: 'C1', parts: ['T1', 'T2'], given_by: null, ...changes }
}

const second = part({ step: 2, task_code: 'T2', task_name: '社保卡申领', case_no: 'C2' })
const figure = { before: 2, after: 1 }

function whole(changes: Partial<BundleWhole> = {}): BundleWhole {
  return {
    application_no: 'A1', bundle_key: 'newborn', name: '新生儿出生一件事', state: 'draft', state_text: '草稿', created_at: '2026-11-20T09:00:00+08:00',
    submitted_at: null, finished_at: null, withdrawn_at: null, parts: [part(), second], hint: '填好一张表、交齐一套材料，各事项一次提交',
    form_fields: [{ ...field(), parts: ['T1', 'T2'] }], materials: [shared()],
    figures: { forms: figure, materials: figure, visits: figure, days: figure, steps: figure },
    allowed_actions: ['edit_form', 'submit', 'withdraw'], licence: null,
    ...changes,
  }
}

async function opened(view: typeof Apply, known: BundleWhole, replies: Replies = {}) {
  page.options = { no: 'A1' }
  const heard = server({ 'GET /bundle-applications/A1': { body: known }, ...replies })
  const shown = mount(view)
  await flushPromises()
  const press = async (words: string, selector = '.y-button') => {
    await shown.findAll(selector).find((each) => each.text().includes(words))?.trigger('click')
    await flushPromises()
  }
  const posted = () => heard.filter((asked) => asked.method === 'POST')
  return { shown, heard, press, posted }
}

const filled = { form_fields: [{ ...field({ value: '幸福路1号' }), parts: ['T1'] }], materials: [shared({ photos: [photo(1)] })] }

describe('several items as one', () => {
  it('puts the parts into their steps and says where each is', () => {
    expect(partSteps([part(), second]).map((each) => each.parts.map((one) => one.task_name))).toEqual([['生育登记'], ['社保卡申领']])
    expect([partWords(part(), false), partWords(part(), true)]).toEqual(['尚未提交', '等前一步'])
    expect([partWords(part({ granted: true }), true), partWords(part({ granted: false }), true)]).toEqual(['已办成', '没有办成'])
  })

  it('says for what a thing given once serves', () => {
    expect(servesNote(shared(), [part(), second])).toBe('交一次，2项都用：生育登记、社保卡申领')
    expect(servesNote(shared({ parts: ['T1'] }), [part(), second])).toBe('')
  })
})

describe('choosing what to apply for', () => {
  const item = (task_code: string, name: string) => ({ task_code, name }) as Bundle['items'][number]
  const bundle = { bundle_key: 'newborn', items: [item('T1', '生育登记'), item('T2', '社保卡申领')] } as Bundle

  it('sends only what is left ticked, and goes on to the form', async () => {
    const heard = server({ 'POST /bundles/newborn/applications': { status: 201, body: { ...whole(), left_out: [] } } })
    const shown = mount(BundleApply, { props: { bundle } })
    await shown.findAll('[role=checkbox]')[1]?.trigger('click')
    await shown.find('.y-button').trigger('click')
    await flushPromises()

    expect(heard[0]?.body).toEqual({ parts: ['T1'] })
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/bundles/apply?no=A1' })
  })

  it('asks first where the items must know something about the person', async () => {
    const heard = server({})
    const shown = mount(BundleApply, { props: { bundle: { ...bundle, question_count: 3 } } })
    await shown.findAll('[role=checkbox]')[1]?.trigger('click')
    await shown.find('.y-button').trigger('click')
    await flushPromises()

    expect(heard).toEqual([])
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/bundles/questions?key=newborn&parts=T1' })
  })

  it('says what could not be taken in before it goes on', async () => {
    server({ 'POST /bundles/newborn/applications': { status: 201, body: { ...whole(), left_out: ['有1个事项现在不能申请'] } } })
    vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => asked.success?.({ confirm: true } as never)) as never)
    const shown = mount(BundleApply, { props: { bundle } })
    await shown.find('.y-button').trigger('click')
    await flushPromises()

    expect(vi.mocked(uni.showModal).mock.calls[0]?.[0]?.content).toBe('有1个事项现在不能申请。')
  })
})

describe('one form, one list, one tap', () => {
  it('keeps an answer for all parts under the name of the one form', async () => {
    const { shown, heard, press } = await opened(Apply, whole(), { 'PATCH /bundle-applications/A1/form': { body: whole(filled) } })
    shown.findComponent(YField).vm.$emit('update:modelValue', '幸福路1号')
    await press('保存并继续')

    expect(heard.find((asked) => asked.method === 'PATCH')?.body).toEqual({ address: '幸福路1号' })
    expect(shown.text()).toContain('每样只交一次')
  })

  it('does not ask for what an earlier part gives', async () => {
    const { shown, press } = await opened(Apply, whole({ ...filled, materials: [shared({ name: '营业执照', given_by: '个体工商户设立登记' })] }))
    await press('保存并继续')

    expect(shown.text()).toContain('营业执照：“个体工商户设立登记”办成后自动取用')
    expect(shown.find('.material-card').exists()).toBe(false)
  })

  it('hands everything in once and says where it is now', async () => {
    const { press, posted } = await opened(Apply, whole(filled), { 'POST /bundle-applications/A1/submit': { body: whole() } })
    await press('保存并继续')
    await press('下一步，核对')
    await press('以上内容', '[role=checkbox]')
    await press('一次提交')

    expect(posted()).toHaveLength(1)
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/bundles/progress?no=A1&handed=1' })
  })

  it('lists what the server still misses, each with its way', async () => {
    const errors = { 'form.address': ['请填写联系地址（用于：生育登记、社保卡申领）'] }
    const no = { status: 422, body: { code: 'bundle_incomplete', detail: '还有内容没有填好', errors } }
    const { shown, press } = await opened(Apply, whole(filled), { 'POST /bundle-applications/A1/submit': no })
    await press('保存并继续')
    await press('下一步，核对')
    await press('以上内容', '[role=checkbox]')
    await press('一次提交')
    expect(shown.text()).toContain('用于：生育登记、社保卡申领')

    await press('联系地址', '.y-cell')
    expect(shown.find('.form-card').exists()).toBe(true)
  })

  it('leads to the progress when nothing waits for the citizen', async () => {
    const { shown } = await opened(Apply, whole({ state: 'running', state_text: '办理中', allowed_actions: ['withdraw'] }))

    expect(shown.text()).toContain('看办理进度')
  })
})

describe('where the whole is', () => {
  const running = whole({
    state: 'partly_done', state_text: '部分办结', submitted_at: '2026-11-21T09:00:00+08:00', hint: '各部门正在办理', allowed_actions: ['withdraw'],
    parts: [part({ state: 'decided', granted: true, too_late_text: '“生育登记”已经作出决定，不能撤回' }), second],
  })

  it('shows every part with its step, department and state', async () => {
    const { shown, press } = await opened(Progress, running)

    expect(shown.findAll('.y-cell').map((each) => each.text())).toEqual(['生育登记市卫健委已办成›', '社保卡申领市卫健委等前一步›'])
    await press('社保卡申领', '.y-cell')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/cases/detail?no=C2' })
  })

  it('says before taking it back what cannot be taken back', async () => {
    vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => asked.success?.({ confirm: true } as never)) as never)
    const { press, posted } = await opened(Progress, running, { 'POST /bundle-applications/A1/withdraw': { body: whole({ state: 'withdrawn' }) } })
    await press('撤回整件申请')

    expect(vi.mocked(uni.showModal).mock.calls[0]?.[0]?.content).toContain('“生育登记”已经作出决定，不能撤回。')
    expect(posted()).toHaveLength(1)
  })
})

describe('for a company', () => {
  it('says on both pages for whom it is, and does not let the company be typed otherwise', async () => {
    const name = { ...field({ key: 'organisation_name', label: '单位名称', value: '好味餐饮有限公司', fixed: true }), parts: ['T1'] }
    acting.value = { id: 3, name: '好味餐饮有限公司' }
    const form = await opened(Apply, whole({ form_fields: [name] }))
    const followed = await opened(Progress, whole())
    acting.value = null

    for (const { shown, heard } of [form, followed]) {
      expect(shown.find('.acting-bar').text()).toContain('您正在代表 好味餐饮有限公司 办理')
      expect(heard[0]?.header['X-Acting-For']).toBe('org:3')
    }
    expect(form.shown.find('.form-card .fixed').text()).toContain('好味餐饮有限公司')
    expect(form.shown.find('.form-card input').exists()).toBe(false)
  })
})

describe('one licence for one trade', () => {
  const listed = { name: '食品经营许可证', identifier: '1.2.156', issuer_name: '市市场监管局', state: 'revoked' as const, issued_at: '2026-11-20T09:00:00+08:00', valid_until: null }
  const licence = { licence_no: 'L1', name: '餐饮店行业综合许可凭证', holder_name: '好味小馆', issued_at: '2026-11-21T09:00:00+08:00', valid: false, content: 'https://city/q/abc', parts: [listed] }

  it('lists what it stands for, each with whether it stands', async () => {
    page.options = { no: 'L1' }
    server({ 'GET /bundle-licences/L1': { body: licence } })
    const shown = mount(Licence)
    await flushPromises()

    expect(shown.text()).toContain('好味小馆')
    expect(shown.text()).toContain('有许可已经失效')
    expect(shown.text()).toContain('食品经营许可证')
  })

  it('is reached from the progress once it is there', async () => {
    const { press } = await opened(Progress, whole({ state: 'done', state_text: '全部办结', allowed_actions: [], licence: { licence_no: 'L1', name: licence.name } }))
    await press('餐饮店行业综合许可凭证', '.y-cell')

    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/bundles/licence?no=L1' })
  })
})

describe('asking once for all items', () => {
  const question = (key: string, more: Partial<BundleQuestions['questions'][number]> = {}): BundleQuestions['questions'][number] => ({
    key, text: `${key}？`, kind: 'yes_no', choices: [], help: '', unit: '', ask_when: [], prefilled: null, prefilled_from: null, parts: ['T1'], ...more,
  })
  const questions = (...all: BundleQuestions['questions']): BundleQuestions => ({ bundle_key: 'newborn', name: '新生儿出生一件事', questions: all, prefill: null, provenance: 'demo' })
  const personal = (task_code: string, eligible: boolean): BundleList['parts'][number] => ({
    step: 1, task_code, name: `事项${task_code}`, eligible, refusals: eligible ? [] : [{ reason: '没到年龄', law: '某法第一条', instead: '明年再来' }], ways: [],
    fees: [], limit: { days: 5, unit: 'WORKDAY', text: '5个工作日', explain: '' }, visits: 0, place: '', notes: [],
  })
  const list = (...parts: BundleList['parts']): BundleList => ({
    bundle_key: 'newborn', name: '新生儿出生一件事', parts, materials: [], days: 5, provenance: 'demo',
    list_no: 'ABCDE12345FGHJK67890', made_at: '2026-11-23T09:00:00+08:00', over_at: '2027-02-21T09:00:00+08:00', outdated: false, answers: [], page_url: 'https://city/bundle-lists/ABCDE12345FGHJK67890',
  })

  async function asking(told: BundleQuestions, replies: Replies = {}) {
    page.options = { key: 'newborn', parts: '' }
    const heard = server({ 'GET /bundles/newborn/questions': { body: told }, ...replies })
    const shown = mount(Questions)
    await flushPromises()
    const press = async (selector: string, at = 0) => {
      await shown.findAll(selector)[at]?.trigger('click')
      await flushPromises()
    }
    const posted = () => heard.filter((asked) => asked.method === 'POST').map((asked) => asked.body)
    return { shown, posted, press }
  }

  it('sends each answer once and shows what one may apply for', async () => {
    const { shown, posted, press } = await asking(questions(question('a'), question('b', { ask_when: [{ question: 'a', test: 'is', values: ['yes'] }] })), {
      'POST /bundles/newborn/list': { body: list(personal('T1', true), personal('T2', false)) },
      'POST /bundles/newborn/applications': { status: 201, body: { ...whole(), left_out: [] } },
    })
    expect(shown.text()).toContain('还有1题')
    await press('[role=radio]')
    await press('[role=radio]', 3)
    await press('.y-button')
    expect(posted()[0]).toEqual({ answers: { a: 'yes', b: 'no' } })
    expect(shown.text()).toContain('没到年龄')
    expect(shown.text()).toContain('1项现在还不能办')

    await press('.y-button')
    expect(posted()[1]).toEqual({ parts: ['T1'], said: { a: 'yes', b: 'no' } })
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/bundles/apply?no=A1' })
  })

  it('goes straight to the list where nothing is to be asked', async () => {
    const { shown, posted } = await asking(questions(), { 'POST /bundles/newborn/list': { body: list(personal('T1', true)) } })

    expect(posted()).toEqual([{ answers: {} }])
    expect(shown.text()).toContain('ABCDE 12345 FGHJK 67890，保留到')
    expect(shown.text()).toContain('都可以办')
    expect(shown.text()).not.toContain('改一改回答')
  })

  it('lets nobody apply for nothing, and goes back to the answers', async () => {
    const { shown, press } = await asking(questions(question('a')), { 'POST /bundles/newborn/list': { body: list(personal('T1', false)) } })
    await press('[role=radio]')
    await press('.y-button')
    expect(shown.findAll('.y-button')).toHaveLength(0)

    await press('.back')
    expect(shown.text()).toContain('看我的清单')
  })

  it('names the answer that the server could not read', async () => {
    const refusal = { code: 'answers_incomplete', detail: '还有问题没有答完', errors: { a: ['请重新回答这一题'] } }
    const { shown, press } = await asking(questions(question('a')), { 'POST /bundles/newborn/list': { status: 422, body: refusal } })
    await press('[role=radio]')
    await press('.y-button')

    expect(shown.text()).toContain('请重新回答这一题')
  })
})
