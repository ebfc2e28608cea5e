import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import Names from '@/pages/enterprise/names.vue'

import { server } from './server'

const NAME = '示例市榕树下茶馆有限公司'
const kept = (changed: object = {}) => ({
  id: 1,
  name: NAME,
  state: 'reserved',
  state_text: '已保留',
  registry_no: 'MCBL1',
  expires_on: '2027-01-20',
  days_left: 61,
  created_at: '2026-11-20T09:00:00+08:00',
  ...changed,
})
const verdict = (changed: object = {}) => ({
  name: NAME, standing: 'free', standing_text: '没有重名，可以申报', similar: [], refused: [], reservation: null, ...changed,
})
const mine = (...given: object[]) => ({
  body: { items: given, next_cursor: null, usable_for: [{ task_code: 'T1', name: '公司设立登记' }] },
})

async function open(told: object, ...given: object[]) {
  const heard = server({
    'GET /enterprise-names/mine': mine(...given),
    'GET /enterprise-names': { body: told },
    'POST /enterprise-names': { status: 201, body: kept() },
  })
  const shown = mount(Names)
  await flushPromises()
  return { shown, heard }
}

async function look(shown: Awaited<ReturnType<typeof open>>['shown']) {
  await shown.find('input').trigger('input', { detail: { value: NAME } })
  await shown.findAll('.y-button')[0]?.trigger('click')
  await flushPromises()
}

describe('the name of an enterprise', () => {
  it('asks nothing before a name is written', async () => {
    const { shown, heard } = await open(verdict())

    await shown.findAll('.y-button')[0]?.trigger('click')

    expect(shown.text()).toContain('请填写想用的名称')
    expect(heard.filter((each) => each.path.startsWith('/enterprise-names?'))).toEqual([])
  })

  it('reserves a free name only with the promise', async () => {
    const { shown, heard } = await open(verdict())
    await look(shown)
    const button = () => shown.findAll('.y-button')[1]
    expect(button()?.attributes('aria-disabled')).toBe('true')

    await shown.find('[role=checkbox]').trigger('click')
    await button()?.trigger('click')
    await flushPromises()

    const sent = heard.find((each) => each.method === 'POST')
    expect(sent?.body).toEqual({ name: NAME, promise: true })
    expect(sent?.header['Idempotency-Key']).toBeTruthy()
  })

  it('says which words are not allowed and offers no reservation', async () => {
    const refused = [{ word: '国家级', basis: '第十一条第八项', reason: '可能使公众受骗或者产生误解' }]
    const { shown } = await open(verdict({ standing: 'not_allowed', standing_text: '名称里有不能用的字词', refused }))

    await look(shown)

    expect(shown.text()).toContain('“国家级”：可能使公众受骗或者产生误解')
    expect(shown.text()).not.toContain('申报并保留')
  })

  it('shows until when a name is kept and leads to what it is for', async () => {
    const { shown } = await open(verdict(), kept())

    expect(shown.text()).toContain('还有61天')
    await shown.find('.y-cell').trigger('click')

    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/guides/detail?task_code=T1' })
  })

  it('says that nobody need ask again while the registry is silent', async () => {
    const silent = kept({ state: 'sending', state_text: '正在等登记系统答复', registry_no: null, expires_on: null, days_left: null })
    const { shown } = await open(verdict(), silent)

    expect(shown.text()).toContain('不用再申报一次')
  })
})
