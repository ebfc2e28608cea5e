import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { audience } from '@/lib/audience'
import { size } from '@/lib/display'
import { forgetSeldom } from '@/lib/seldom'
import { logInWith, logOut } from '@/lib/session'
import type { Appointment, Bill, CaseBrief } from '@/lib/types'
import { waiting } from '@/lib/waiting'
import Home from '@/pages/home/home.vue'

import { aHit } from './guide-data'
import { server } from './server'

const settled = () => new Promise((resolve) => setTimeout(resolve))
const NOW = Date.parse('2026-11-20T10:00:00+08:00')

function visit(id: number, day: string, status = 'booked'): Appointment {
  return {
    id, status, task_name: '补领', starts_at: `${day}T09:00:00+08:00`, ends_at: `${day}T09:30:00+08:00`, centre: { name: '市民中心' },
  } as Appointment
}

const bill = (no: string, fen: number, state = 'unpaid') => ({ bill_no: no, title: `账单${no}`, amount_fen: fen, state }) as Bill
const draft = (no: string) => ({ case_no: no, task_name: '补领', state: 'draft' }) as CaseBrief

const LISTS = {
  'GET /bundles': { body: { items: [], next_cursor: null } },
  'GET /themes': { body: { items: [], next_cursor: null } },
  'GET /guides': { body: { items: [aHit('居住证申领')], next_cursor: null } },
}
const EMPTY = { body: { items: [], next_cursor: null } }
const SESSION = { status: 201, body: { access_token: 'a', refresh_token: 'r', citizen: { id: 'x' } } }

afterEach(async () => {
  server({})
  await logOut()
  forgetSeldom()
  size.value = 'standard'
  audience.value = 'personal'
})

describe('what waits', () => {
  it('shows the next visit only, and none that is over or cancelled', () => {
    const appointments = [visit(1, '2026-11-30'), visit(2, '2026-11-24'), visit(3, '2026-11-10'), visit(4, '2026-11-22', 'cancelled')]

    expect(waiting({ drafts: [], bills: [], appointments }, NOW).map((line) => line.to)).toEqual(['/pages/booking/ticket?id=2'])
  })

  it('leads one bill to its payment and several to the list, with the sum', () => {
    const [one] = waiting({ drafts: [], bills: [bill('B1', 4000), bill('B0', 9, 'paid')], appointments: [] }, NOW)
    const [several] = waiting({ drafts: [], bills: [bill('B1', 4000), bill('B2', 1050)], appointments: [] }, NOW)

    expect(one).toMatchObject({ to: '/pages/bills/pay?no=B1', note: '¥40.00' })
    expect(several).toMatchObject({ to: '/pages/bills/list', note: '一共¥50.50' })
  })

  it('names a bundle once, whatever parts it has', () => {
    const bundle = { application_no: 'B1', name: '开办餐饮店一件事' }
    const drafts = ['1', '2'].map((no) => ({ ...draft(no), bundle }))

    expect(waiting({ drafts, bills: [], appointments: [] }, NOW)).toMatchObject([{ title: '开办餐饮店一件事', to: '/pages/bundles/apply?no=B1' }])
  })

  it('says plainly that a draft is not handed in', () => {
    expect(waiting({ drafts: [draft('3501')], bills: [], appointments: [] }, NOW)[0]).toMatchObject({ kind: '尚未提交', to: '/pages/apply/form?no=3501' })
  })
})

describe('the home page', () => {
  it('asks nothing personal of whoever is not logged in', async () => {
    const heard = server(LISTS)
    const view = mount(Home)
    await settled()

    expect(view.text()).toContain('登录后看等您处理的事')
    expect(heard.map((asked) => asked.path.split('?')[0])).not.toContain('/cases')
  })

  it('shows what waits for whoever is', async () => {
    server({ ...LISTS, 'POST /sessions': SESSION, 'GET /cases': { body: { items: [draft('3501')], next_cursor: null } }, 'GET /bills': EMPTY, 'GET /appointments': EMPTY })
    await logInWith({ platform: 'demo', code: 'lin' })
    const view = mount(Home)
    await settled()

    expect(view.find('.home-waiting').text()).toContain('尚未提交')
    await view.find('.home-waiting .one').trigger('click')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/apply/form?no=3501' })
  })

  it('turns large, and offers the tabs again because the bar below does not grow', async () => {
    server(LISTS)
    const view = mount(Home)
    await settled()
    expect(view.text()).not.toContain('常用页面')

    await view.find('.turn').trigger('click')
    await settled()

    expect(view.find('.turn').attributes('aria-checked')).toBe('true')
    expect(view.text()).toContain('常用页面')
    expect(view.text()).toContain('老年人常办')
  })

  it('stays usable when the lists are away', async () => {
    server({})
    const view = mount(Home)
    await settled()

    expect(view.text()).toContain('办事指南')
    expect(view.text()).toContain('没有取到')
  })

  it('shows what is there for firms to whoever says so, and remembers it', async () => {
    const heard = server(LISTS)
    const view = mount(Home)
    await settled()

    await view.findAll('.y-choices .option')[1]?.trigger('click')
    await settled()

    expect(heard.map((each) => each.path)).toContain('/themes?audience=business')
    expect(heard.map((each) => each.path)).toContain('/bundles?audience=business&limit=100')
    expect(heard.at(-1)?.path).toContain('/guides?audience=business')
    expect(uni.getStorageSync('audience')).toBe('business')
  })

  it('leads to policies, halls and promises', async () => {
    const article = { key: 'id', title: '不用回老家', published_on: '2026-11-02' }
    server({ ...LISTS, 'GET /articles': { body: { items: [article], next_cursor: null } } })
    const view = mount(Home)
    await settled()

    for (const cell of view.findAll('.home-public .y-cell').slice(0, 3)) await cell.trigger('click')

    expect(vi.mocked(uni.navigateTo).mock.calls.map(([to]) => to?.url)).toEqual([
      '/pages/articles/detail?key=id', '/pages/booking/centres', '/pages/figures/figures',
    ])
  })
})
