import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import YSeveral from '@/components/y-several.vue'
import { asked, heard, NOTHING, pressed } from '@/lib/situations'
import type { Checklist, Question } from '@/lib/types'
import ChecklistPage from '@/pages/guides/checklist.vue'
import QuestionsPage from '@/pages/guides/questions.vue'

import { aMaterial } from './guide-data'
import { server } from './server'
import { page } from './setup'

const settled = () => new Promise((resolve) => setTimeout(resolve))
const TODAY = '2026-11-21'

function aQuestion(key: string, change: Partial<Question> = {}): Question {
  return { key, text: `${key}？`, kind: 'yes_no', choices: [], help: '', unit: '', ask_when: [], prefilled: null, prefilled_from: null, ...change }
}

const BORN = aQuestion('born', { kind: 'date' })
const OFFICIAL = aQuestion('official', { ask_when: [{ question: 'born', test: 'years_at_least', values: [16] }] })
const COME = aQuestion('come')
const PRINTS = aQuestion('prints', { ask_when: [{ question: 'come', test: 'is', values: ['yes'] }] })

function aChecklist(change: Partial<Checklist> = {}): Checklist {
  return {
    checklist_no: 'ABCDE12345ABCDE12345', task_code: '1135', name: '身份证', version: 1, made_at: '2026-11-21T10:00:00+08:00',
    over_at: '2027-02-19T10:00:00+08:00', outdated: false, eligible: true, refusals: [], ways: [], answers: [], materials: [aMaterial('户口簿')],
    fees: [], limit: { days: 0, unit: 'WORKDAY', text: '当场办结', explain: '' }, visits: 0, place: '', notes: [], page_url: 'https://x/checklists/A',
    provenance: 'demo-authored', ...change,
  } as Checklist
}

describe('which question comes next', () => {
  it('depends on the answers before it', () => {
    expect(asked([COME, PRINTS], {}, TODAY).map(({ key }) => key)).toEqual(['come'])
    expect(asked([COME, PRINTS], { come: 'yes' }, TODAY).map(({ key }) => key)).toEqual(['come', 'prints'])
  })

  it('depends on an age by the day', () => {
    expect(asked([BORN, OFFICIAL], { born: '2010-11-21' }, TODAY)).toHaveLength(2)
    expect(asked([BORN, OFFICIAL], { born: '2010-11-22' }, TODAY)).toHaveLength(1)
  })

  it('forgets what was answered on a way that was left', () => {
    expect(heard([COME, PRINTS], { come: 'no', prints: 'yes' }, TODAY)).toEqual({ come: 'no' })
  })
})

describe('a question of which several may be ticked', () => {
  const ORDER = ['low', 'ill', 'vet']
  const GROUPS = aQuestion('groups', { kind: 'several', choices: ORDER.map((value) => ({ value, text: value })) })

  it('keeps the ticks in the order of the choices, and never beside nothing', () => {
    expect(pressed(pressed('', 'vet', ORDER), 'low', ORDER)).toBe('low,vet')
    expect(pressed('low,vet', 'low', ORDER)).toBe('vet')
    expect([pressed('low,vet', NOTHING, ORDER), pressed(NOTHING, 'ill', ORDER), pressed(NOTHING, NOTHING, ORDER)]).toEqual([NOTHING, 'ill', ''])
  })

  it('decides what is asked next', () => {
    const next = (test: 'has' | 'has_not') => [GROUPS, aQuestion('more', { ask_when: [{ question: 'groups', test, values: ['low', 'ill'] }] })]

    expect(['ill,vet', 'vet', NOTHING].map((groups) => asked(next('has'), { groups }, TODAY).length)).toEqual([2, 1, 1])
    expect(['ill,vet', 'vet', NOTHING].map((groups) => asked(next('has_not'), { groups }, TODAY).length)).toEqual([1, 2, 2])
  })

  it('says of each answer whether it is ticked, and offers that none is', async () => {
    const view = mount(YSeveral, { props: { label: '属于哪几种？', options: GROUPS.choices, modelValue: 'low' } })
    expect(view.findAll('[role=checkbox]').map((each) => each.attributes('aria-checked'))).toEqual(['true', 'false', 'false', 'false'])

    await view.findAll('[role=checkbox]')[3]!.trigger('click')
    expect(view.emitted('update:modelValue')).toEqual([[NOTHING]])
  })
})

describe('the page of questions', () => {
  it('asks one after the other and hands all over at once', async () => {
    page.options = { task_code: '1135' }
    const told = { task_code: '1135', name: '身份证', version: 1, questions: [COME, PRINTS], prefill: null, provenance: '' }
    const heardByServer = server({
      'GET /guides/1135/questions': { body: told },
      'POST /guides/1135/checklist': { status: 201, body: aChecklist() },
    })
    const view = mount(QuestionsPage)
    await settled()
    expect(view.text()).toContain('还有1题')

    await view.findAll('[role=radio]')[0]!.trigger('click')
    await view.findAll('[role=radio]')[2]!.trigger('click')
    await view.findAll('[role=button]').at(-1)!.trigger('click')
    await settled()

    expect(heardByServer.at(-1)?.body).toEqual({ answers: { come: 'yes', prints: 'yes' } })
    expect(vi.mocked(uni.redirectTo).mock.calls.at(-1)?.[0]).toMatchObject({ url: expect.stringContaining('no=ABCDE12345ABCDE12345') })
  })
})

describe('the way back to the questions', () => {
  const told = { task_code: '1136', name: '身份证', version: 1, questions: [COME, PRINTS], provenance: '' }
  const replies = { 'GET /guides/1136/questions': { body: told }, 'POST /guides/1136/checklist': { status: 201, body: aChecklist() } }

  async function opened() {
    page.options = { task_code: '1136' }
    server(replies)
    const view = mount(QuestionsPage)
    await settled()
    return view
  }

  it('leads to the question that is still open', async () => {
    const view = await opened()

    await view.findAll('[role=button]').at(-1)!.trigger('click')

    expect(uni.pageScrollTo).toHaveBeenCalledWith({ selector: '#q-come', duration: 0 })
  })

  it('finds the answers as they were given', async () => {
    const first = await opened()
    await first.findAll('[role=radio]')[1]!.trigger('click')
    await first.findAll('[role=button]').at(-1)!.trigger('click')
    await settled()

    const second = await opened()

    expect(second.findAll('[role=radio]').map((each) => each.attributes('aria-checked'))).toEqual(['false', 'true'])
    expect(second.text()).toContain('看我的清单')
  })
})

describe('answers that are filled in', () => {
  const CONSENT = { purpose: 'prefill', title: '预先填好', text: '用我的实名信息预先填好问题和表格。', without: '不同意也能照常办事。', version: 1, state: 'never', given_at: null, withdrawn_at: null }
  const ASKED = { task_code: '1137', name: '身份证', version: 1, questions: [COME], prefill: { uses: ['电子证照：结婚证'], consent: CONSENT }, provenance: '' }
  const FILLED = {
    ...ASKED,
    questions: [{ ...COME, prefilled: 'yes', prefilled_from: '您的电子证照：结婚证' }],
    prefill: { ...ASKED.prefill, consent: { ...CONSENT, state: 'given' } },
  }

  async function opened() {
    page.options = { task_code: '1137' }
    let agreed = false
    const heard = server({
      'GET /guides/1137/questions': () => ({ body: agreed ? FILLED : ASKED }),
      'POST /me/consents': () => {
        agreed = true
        return { body: { items: [{ ...CONSENT, state: 'given' }] } }
      },
    })
    const view = mount(QuestionsPage)
    await settled()
    return { heard, view }
  }

  it('are asked for in one plain sentence, and say where they come from', async () => {
    const { heard, view } = await opened()
    expect(view.text()).toContain('用我的实名信息预先填好问题和表格。')
    expect(view.text()).toContain('电子证照：结婚证')

    await view.findAll('[role=button]').find((each) => each.text() === '同意，帮我填')!.trigger('click')
    await settled()

    expect(heard.find(({ method }) => method === 'POST')?.body).toEqual({ purpose: 'prefill', version: 1 })
    expect(view.text()).toContain('已按您的实名信息填好 · 可修改')
    expect(view.text()).toContain('来自您的电子证照：结婚证')
  })

  it('may be changed, and then come from nowhere else', async () => {
    const { view } = await opened()
    await view.findAll('[role=button]').find((each) => each.text() === '同意，帮我填')!.trigger('click')
    await settled()

    await view.findAll('[role=radio]')[1]!.trigger('click')

    expect(view.text()).not.toContain('来自')
    expect(view.text()).not.toContain('已按您的实名信息填好')
  })

  it('are not asked for again once somebody said no', async () => {
    const { view } = await opened()
    await view.findAll('[role=button]').find((each) => each.text() === '不用，自己填')!.trigger('click')
    expect(view.text()).not.toContain('要不要帮您先填好')

    const { view: later } = await opened()
    expect(later.text()).not.toContain('要不要帮您先填好')
  })
})

describe('the checklist', () => {
  async function shown(change: Partial<Checklist>) {
    page.options = { no: 'A' }
    const asked = server({ 'GET /checklists/A': { body: aChecklist(change) }, 'POST /cases': { status: 201, body: { case_no: '35' } } })
    const view = mount(ChecklistPage)
    await settled()
    return { view, asked }
  }

  it('hands over its address, and its number alone', async () => {
    const { view } = await shown({})
    const press = (title: string) => view.findAll('.y-cell').filter((cell) => cell.text().includes(title))[0]?.trigger('click')

    await press('发给家人')
    await press('复制清单编号')

    expect(vi.mocked(uni.setClipboardData).mock.calls.map(([told]) => told?.data)).toEqual(['https://x/checklists/A', 'ABCDE12345ABCDE12345'])
  })

  it('begins an application with just what it says', async () => {
    const { view, asked } = await shown({})
    await view.findAll('[role=button]').at(-1)!.trigger('click')
    await settled()

    expect(asked.at(-1)?.body).toEqual({ task_code: '1135', checklist_no: 'ABCDE12345ABCDE12345' })
  })

  it('says why not and from when, and offers no application', async () => {
    const refusals = [{ reason: '年满六十周岁才能申领', law: '社会保险法', instead: '' }]
    const { view } = await shown({ eligible: false, refusals, ways: [{ on: '2027-03-01', text: '等到2027年3月1日就符合条件了' }] })

    expect(view.text()).toContain('年满六十周岁才能申领')
    expect(view.text()).toContain('怎样就能办：等到2027年3月1日')
    await view.find('.y-notice .link').trigger('click')
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/guides/questions?task_code=1135' })
    expect(view.text()).not.toContain('照这份清单申请')
  })
})
