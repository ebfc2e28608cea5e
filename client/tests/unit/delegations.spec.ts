import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import ActingBar from '@/components/acting-bar.vue'
import HomeSide from '@/components/home-side.vue'
import { acting, may, side } from '@/lib/acting'
import { served } from '@/lib/audience'
import { get, once } from '@/lib/http'
import { logInWith, logOut } from '@/lib/session'
import Detail from '@/pages/cases/detail.vue'
import Accept from '@/pages/delegations/accept.vue'
import One from '@/pages/delegations/detail.vue'
import Give from '@/pages/delegations/give.vue'
import List from '@/pages/delegations/list.vue'

import { aCase } from './cases-data'
import { server } from './server'

const ME = { body: { name: '*英', platforms: ['wechat'] } }
const FOR_HER = {
  id: 3, mine: false, is_over: false, ended_at: null, giver: '**英', agent: '**强', agent_phone: '138****0000', scope: [], witnessed: false,
  acts: [{ act: 'apply', text: '填表、交材料、提交申请' }, { act: 'track', text: '查看办理进度' }],
  until: '2027-02-19', over_at: '2026-11-28T09:00:00+08:00', accepted_at: '2026-11-21T09:00:00+08:00',
}
const both = (given: object[], received: object[]) => ({ body: { given, received, over: [] } })
const HER = { id: 3, name: '**英', acts: ['apply', 'track'] }

afterEach(async () => {
  server({})
  await logOut()
})

async function opened(page: typeof One | typeof Detail, key: string, value: string) {
  const mounted = mount(page, { props: {} })
  const inner = mounted.vm as unknown as Record<string, unknown> & { load: { again: () => Promise<void> } }
  inner[key] = value
  await inner.load.again()
  await flushPromises()
  return mounted
}

describe('acting for another person', () => {
  it('is said in the header, and is no company of the same number', async () => {
    const heard = server({ 'GET /cases': { body: { items: [] } } })
    acting.value = HER
    await get('/cases')

    expect(heard[0]?.header['X-Acting-For']).toBe('delegation:3')
    expect([side(), served.value, may('apply'), may('collect')]).toEqual(['delegation:3', 'personal', true, false])
    acting.value = { id: 3, name: '公司' }
    expect([side(), may('collect')]).toEqual(['org:3', true])
  })

  it('ends on this phone once one has read that it is over, and begins nothing in one’s own name before', async () => {
    const over = { status: 404, body: { code: 'delegation_not_found', detail: '没有找到这份授权' } }
    const heard = server({ 'GET /cases': over, 'POST /cases': over })
    acting.value = HER

    await expect(get('/cases')).rejects.toThrow()
    await expect(once('/cases', { task_code: 'T1' })).rejects.toThrow()
    expect(heard.map((each) => each.header['X-Acting-For'])).toEqual(['delegation:3', 'delegation:3'])
    expect(uni.showModal).toHaveBeenCalledTimes(1)

    const [asked] = vi.mocked(uni.showModal).mock.calls[0] ?? []
    expect(asked?.title).toBe('您不能再替**英办事了')
    asked?.success?.({ confirm: true } as never)
    asked?.complete?.({})
    expect(acting.value).toBeNull()
  })

  it('is the same for a second try, also when one has changed sides meanwhile', async () => {
    vi.useFakeTimers()
    const heard = server({ 'GET /cases': 'no network' })
    acting.value = HER

    const asked = get('/cases').catch(() => undefined)
    await vi.advanceTimersByTimeAsync(100)
    acting.value = null
    await vi.advanceTimersByTimeAsync(1000)
    await asked
    vi.useRealTimers()

    expect(heard.map((each) => each.header['X-Acting-For'])).toEqual(['delegation:3', 'delegation:3'])
  })

  it('is said on every page', () => {
    acting.value = HER

    expect(mount(ActingBar).text()).toContain('您正在替 **英 办理')
    expect(mount(ActingBar, { props: { own: true } }).text()).toContain('不是对方的')
  })

  it('is chosen at home, beside oneself', async () => {
    server({
      'POST /sessions': { status: 201, body: { access_token: 'a', refresh_token: 'r', citizen: { id: 'x' } } },
      'GET /me/organisations': { body: { items: [], asking: [] } },
      'GET /me/delegations': both([], [FOR_HER]),
    })
    await logInWith({ platform: 'demo', code: 'lin' })
    const home = mount(HomeSide)
    await flushPromises()

    await home.findAll('.side')[1]?.trigger('click')
    expect(acting.value).toEqual(HER)
    await home.findAll('.side')[0]?.trigger('click')
    expect(acting.value).toBeNull()
  })

  it('hides in a case what is the person’s own hand', async () => {
    acting.value = HER
    const known = { ...aCase({ state: 'submitted', query_code: '' }), clock: null, opinions: null, forecast: null, rating: { may_rate: false, level: null }, bundle: null, licences: [] }
    const heard = server({ 'GET /cases/C1': { body: known }, 'GET /cases/C1/timeline': { body: { items: [] } }, 'GET /cases/C1/documents': { body: { items: [] } } })
    const page = await opened(Detail, 'no', 'C1')

    expect(page.text()).not.toContain('请家人帮忙看进度')
    expect(heard.some((each) => /delivery|proof/.test(each.path))).toBe(false)
  })
})

describe('授权代办', () => {
  it('offers an authority and shows its code once', async () => {
    const heard = server({ 'GET /me': ME, 'POST /me/delegations': { status: 201, body: { code: 'Kd83-xy', until: '2027-02-19' } } })
    const page = mount(Give)
    await flushPromises()
    await page.findAll('[role=radio]').find((each) => each.text().includes('全部'))?.trigger('click')
    await page.findAll('[role=checkbox]')[3]?.trigger('click')

    await page.findAll('.y-button').find((each) => each.text().includes('生成授权码'))?.trigger('click')
    await flushPromises()

    expect(heard.find((each) => each.method === 'POST')?.body).toMatchObject({ task_codes: [], acts: ['apply', 'track', 'collect'] })
    expect(page.text()).toContain('Kd83-xy')
  })

  it('lists what may be delegated alone, and says where the account stays one’s own hand', async () => {
    const item = { bookable: false, delegable: true, own_account: false }
    const heard = server({
      'GET /me': ME,
      'GET /guides': { body: { items: [{ ...item, task_code: 'A', name: '高龄津贴申领', own_account: true }, { ...item, task_code: 'B', name: '身份证补领', delegable: false }], next_cursor: null } },
    })
    const page = mount(Give)
    await flushPromises()
    await page.findAll('.y-button').find((each) => each.text().includes('添加事项'))?.trigger('click')
    await flushPromises()
    expect(page.findAll('.item-finder .item').map((each) => each.text())).toEqual(['高龄津贴申领'])
    expect(page.text()).not.toContain('收款账户')

    await page.find('.item-finder .item').trigger('click')

    expect(page.text()).toContain('“高龄津贴申领”要填收款账户，别人看不到也不能填')
    expect(heard.filter((each) => each.path.startsWith('/guides'))).toHaveLength(1)
  })

  it('cannot let somebody prepare what they may not follow', async () => {
    server({ 'GET /me': ME })
    const page = mount(Give)
    await flushPromises()

    await page.findAll('[role=checkbox]')[2]?.trigger('click')

    expect(page.findAll('[role=checkbox]').map((each) => each.attributes('aria-checked'))).toEqual(['true', 'false', 'true', 'false'])
  })

  it('shows what a code allows before it is accepted, and acts for them after', async () => {
    server({
      'GET /me': ME,
      'POST /me/delegations/offered': { body: FOR_HER },
      'POST /me/delegations/accepted': { status: 201, body: FOR_HER },
    })
    const page = mount(Accept)
    await flushPromises()
    await page.find('input').trigger('input', { detail: { value: 'Kd83-xy' } })
    await page.findAll('.y-button')[0]?.trigger('click')
    await flushPromises()
    expect(page.text()).toContain('填表、交材料、提交申请、查看办理进度')

    await page.findAll('.y-button')[1]?.trigger('click')
    await flushPromises()
    expect(acting.value).toEqual(HER)
  })

  it('lists both sides and lets one act', async () => {
    server({ 'GET /me/delegations': both([{ ...FOR_HER, id: 4, mine: true, giver: '我', agent: '' }], [FOR_HER]) })
    const page = mount(List)
    await flushPromises()

    expect(page.text()).toContain('还没有人接受的授权码')
    await page.findAll('.y-button').find((each) => each.text().includes('替**英办'))?.trigger('click')
    expect(acting.value).toEqual(HER)
  })

  it('keeps what was done under one that is over to be read, and nothing to stop', async () => {
    const over = { ...FOR_HER, mine: true, is_over: true, ended_at: '2026-11-22T09:00:00+08:00' }
    server({
      'GET /me/delegations': { body: { given: [], received: [], over: [over] } },
      'GET /me/delegations/3': { body: { ...over, done: [{ sentence: '申请已提交，等待受理', at: '2026-11-21T09:00:00+08:00' }] } },
    })
    const list = mount(List)
    await flushPromises()
    expect(list.text()).toContain('**强替我办')

    const page = await opened(One, 'id', '3')
    expect(page.text()).toContain('申请已提交，等待受理')
    expect(page.text()).not.toContain('停止授权')
  })

  it('stops with one tap, and one acts for nobody then', async () => {
    vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => asked.success?.({ confirm: true } as never)) as never)
    acting.value = HER
    const heard = server({
      'GET /me/delegations': both([], [FOR_HER]),
      'GET /me/delegations/3': { body: { ...FOR_HER, done: [{ sentence: '申请已提交，等待受理', at: '2026-11-21T09:00:00+08:00' }] } },
      'DELETE /me/delegations/3': { status: 204 },
    })
    const page = await opened(One, 'id', '3')
    expect(page.text()).toContain('申请已提交，等待受理')

    await page.findAll('.y-button').find((each) => each.text().includes('不再替他办事'))?.trigger('click')
    await flushPromises()

    expect(heard.some((each) => each.method === 'DELETE')).toBe(true)
    expect(acting.value).toBeNull()
  })
})
