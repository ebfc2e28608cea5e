import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import type { Evaluation } from '@/lib/types'
import Rate from '@/pages/cases/rate.vue'

import { handedIn } from './cases-data'
import { server } from './server'
import { page } from './setup'

const tag = (key: string, text: string) => ({ key, text, indicator: '办事效率' })
const options = {
  comment_max: 500,
  tags_max: 1,
  levels: [
    { level: 1, text: '非常满意', stars: 5, bad: false, tags: { online: [tag('fast', '办得快'), tag('kind', '态度好')], offline: [tag('near', '大厅近')] } },
    { level: 5, text: '非常不满意', stars: 1, bad: true, tags: { online: [tag('slow', '办得慢')], offline: [] } },
  ],
}
const given = (changes: Partial<Evaluation> = {}): Evaluation => ({
  id: 7, case_no: 'C1', appointment_id: null, task_name: '居民身份证换领', level: 5, level_text: '非常不满意', stars: 1, tags: [], comment: null,
  anonymous: false, created_at: '2026-11-16T08:00:00+08:00', mending: null, ...changes,
})
const mending = { state: 'open' as const, state_text: '正在整改', due_on: '2026-11-23', answers: [], may_confirm: false, satisfied: null }
type Replies = Parameters<typeof server>[0]

async function opened(rated: Evaluation[] = [], replies: Replies = {}, of: Record<string, string> = { no: 'C1' }) {
  page.options = of
  const heard = server({
    'GET /evaluations/options': { body: options },
    'GET /evaluations': { body: { items: rated, next_cursor: null } },
    'GET /cases/C1': { body: handedIn({ state: 'closed', rating: { may_rate: !rated.length, level: null } }) },
    'GET /appointments/12': { body: { task_name: '居民身份证换领' } },
    ...replies,
  })
  const shown = mount(Rate)
  await flushPromises()
  const press = async (selector: string, words: string) => {
    await shown.findAll(selector).find((each) => each.text().includes(words))?.trigger('click')
    await flushPromises()
  }
  const posted = () => heard.filter((asked) => asked.method === 'POST')
  return { shown, press, posted }
}

describe('rating', () => {
  it('has nothing chosen beforehand, and says the stars in words too', async () => {
    const { shown } = await opened()

    const levels = shown.findAll('[role=radio]')
    expect(levels.map((each) => each.attributes('aria-checked'))).toEqual(['false', 'false'])
    expect(levels[0]?.attributes('aria-label')).toBe('非常满意，5颗星')
  })

  it('sends nothing before a level is chosen', async () => {
    const { shown, press, posted } = await opened()

    await press('.y-button', '提交评价')

    expect(shown.text()).toContain('请先选一个满意程度')
    expect(posted()).toHaveLength(0)
  })

  it('offers the reasons of the chosen level, no more than there may be, and forgets them with the level', async () => {
    const { shown, press } = await opened()
    await press('[role=radio]', '非常满意')
    await press('.tag', '办得快')
    await press('.tag', '态度好')
    expect(shown.findAll('.tag.on').map((each) => each.text())).toEqual(['✓ 办得快'])

    await press('[role=radio]', '非常不满意')

    expect(shown.findAll('.tag').map((each) => each.text())).toEqual(['办得慢'])
    expect(shown.findAll('.tag.on')).toHaveLength(0)
  })

  it('sends the level that the server named, once', async () => {
    const { press, posted } = await opened([], { 'POST /evaluations': { status: 201, body: given() } })
    await press('[role=radio]', '非常不满意')
    await press('.tag', '办得慢')
    await press('.y-button', '提交评价')

    expect(posted()).toHaveLength(1)
    expect(posted()[0]?.body).toEqual({ case_no: 'C1', level: 5, tags: ['slow'], comment: null, anonymous: false })
  })

  it('rates a visit by the reasons of a visit', async () => {
    const { shown, press } = await opened([], {}, { appointment: '12' })
    await press('[role=radio]', '非常满意')

    expect(shown.findAll('.tag').map((each) => each.text())).toEqual(['大厅近'])
  })

  it('keeps the written words when the page is closed before they are sent', async () => {
    const first = await opened()
    await first.press('[role=radio]', '非常满意')
    first.shown.findComponent({ name: 'y-field' }).vm.$emit('update:modelValue', '谢谢窗口的同志')
    await flushPromises()
    first.shown.unmount()

    const second = await opened()
    await second.press('[role=radio]', '非常满意')

    expect(second.shown.findComponent({ name: 'y-field' }).props('modelValue')).toBe('谢谢窗口的同志')
  })

  it('says of a bad rating what happens now and until when', async () => {
    const { shown } = await opened([given({ mending })])

    expect(shown.text()).toContain('11月23日 周一前处理并答复您')
    expect(shown.find('[role=radio]').exists()).toBe(false)
  })

  it('shows the answer and asks whether it has helped', async () => {
    const answers = [{ text: '已调整窗口人手', at: '2026-11-20T09:00:00+08:00', outcome: 'mended' as const }]
    const waits = { ...mending, state: 'mended' as const, state_text: '已整改，等您确认', answers, may_confirm: true }
    const { shown, press, posted } = await opened([given({ mending: waits })], { 'POST /evaluations/7/confirmation': { body: given() } })
    expect(shown.text()).toContain('已调整窗口人手')

    await press('.y-button', '不满意')

    expect(posted()[0]?.body).toEqual({ satisfied: false, comment: null })
  })

  it('says of a case without a decision that it is too early', async () => {
    const { shown } = await opened([], { 'GET /cases/C1': { body: handedIn() } })

    expect(shown.text()).toContain('还不能评价')
    expect(shown.find('[role=radio]').exists()).toBe(false)
  })
})
