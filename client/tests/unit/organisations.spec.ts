import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import ActingBar from '@/components/acting-bar.vue'
import FormCard from '@/components/form-card.vue'
import HomeSide from '@/components/home-side.vue'
import { acting } from '@/lib/acting'
import { served } from '@/lib/audience'
import { companyIn, goAs } from '@/lib/companies'
import { get, once } from '@/lib/http'
import { logInWith, logOut } from '@/lib/session'
import Accept from '@/pages/organisations/accept.vue'
import Detail from '@/pages/organisations/detail.vue'
import List from '@/pages/organisations/list.vue'

import { field } from './cases-data'
import { server } from './server'
import { page } from './setup'

const COMPANY = {
  id: 3, code: '91350100MA3456789F', name: '示例市榕城餐饮有限公司', role: 'representative', role_text: '法定代表人',
  proof_text: '登记系统已按手机号核对', scope: [], expires_on: null,
}
const mine = (...items: object[]) => ({ body: { items, next_cursor: null, asking: [] } })
const NOBODY = { body: { given: [], received: [] } }
const SESSION = { status: 201, body: { access_token: 'a', refresh_token: 'r', citizen: { id: 'x' } } }

afterEach(async () => {
  server({})
  await logOut()
})

describe('acting for a company', () => {
  it('is said in the header of every request, and kept until one changes sides', async () => {
    const heard = server({ 'GET /cases': { body: { items: [] } } })
    acting.value = { id: 3, name: COMPANY.name }
    await get('/cases')
    acting.value = null
    await get('/cases')

    expect(heard.map((each) => each.header['X-Acting-For'])).toEqual(['org:3', undefined])
  })

  it('survives a restart of the app and ends with the login', async () => {
    acting.value = { id: 3, name: COMPANY.name }
    expect(uni.getStorageSync('acting')).toEqual({ id: 3, name: COMPANY.name })

    await logOut()

    expect(acting.value).toBeNull()
    expect(uni.getStorageSync('acting')).toBeFalsy()
  })

  it('ends when the server knows nothing of it any more', async () => {
    vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => {
      asked.success?.({ confirm: true } as never)
      asked.complete?.({})
    }) as never)
    server({ 'GET /cases': { status: 404, body: { code: 'organisation_not_found', detail: '没有找到这家企业' } } })
    acting.value = { id: 3, name: COMPANY.name }

    await expect(get('/cases')).rejects.toThrow()

    expect(acting.value).toBeNull()
  })

  it('has taps of its own', async () => {
    const heard = server({ 'POST /cases': 'no network' })
    await once('/cases', { task_code: 'T1' }).catch(() => undefined)
    acting.value = { id: 3, name: COMPANY.name }
    await once('/cases', { task_code: 'T1' }).catch(() => undefined)

    expect(new Set(heard.map((each) => each.header['Idempotency-Key'])).size).toBe(2)
  })

  it('shows what companies apply for', () => {
    acting.value = { id: 3, name: COMPANY.name }
    expect(served.value).toBe('business')
  })

  it('begins with a page that the server named for the company, and ends with one of the citizen', () => {
    server({ 'GET /me/organisations': mine(COMPANY) })
    goAs('pages/cases/detail?no=C1&acting_for=3')
    expect(acting.value?.id).toBe(3)

    goAs('pages/cases/detail?no=C2')
    expect(acting.value).toBeNull()
    expect([companyIn('?acting_for=x'), companyIn('?acting_for=-1')]).toEqual([null, null])
  })

  it('is said on every page, and a page of one’s own says that it is', () => {
    acting.value = { id: 3, name: COMPANY.name }

    expect(mount(ActingBar).text()).toContain(`您正在代表 ${COMPANY.name} 办理`)
    expect(mount(ActingBar, { props: { own: true } }).text()).toContain('这一页是您个人的')
  })

  it('leaves what the registry has proven out of what is typed', () => {
    const fixed = field({ key: 'organisation_name', label: '单位名称', fixed: true, value: COMPANY.name, source: '登记系统核对' })
    const card = mount(FormCard, { props: { fields: [fixed], answers: {}, faults: {}, standing: 'saved', problem: null } })

    expect(card.text()).toContain('登记系统核对过，不用填写')
    expect(card.findAll('input')).toEqual([])
  })
})

describe('the choice of sides at home', () => {
  it('is offered to whoever may act for a company', async () => {
    server({ 'POST /sessions': SESSION, 'GET /me/organisations': mine(COMPANY), 'GET /me/delegations': NOBODY })
    await logInWith({ platform: 'demo', code: 'lin' })
    const side = mount(HomeSide)
    await flushPromises()

    await side.findAll('.side')[1]?.trigger('click')

    expect(acting.value).toEqual({ id: 3, name: COMPANY.name })
  })

  it('is not there for anybody else', async () => {
    server({ 'POST /sessions': SESSION, 'GET /me/organisations': mine(), 'GET /me/delegations': NOBODY })
    await logInWith({ platform: 'demo', code: 'lin' })
    const side = mount(HomeSide)
    await flushPromises()

    expect(side.find('.home-side').exists()).toBe(false)
  })
})

describe('my companies', () => {
  it('claims one by its code, and says in words what is wrong with it', async () => {
    const heard = server({
      'GET /me/organisations': mine(),
      'POST /me/organisations': {
        status: 422, body: { code: 'organisation_code_wrong', detail: '不对', errors: { code: ['统一社会信用代码有误，请对照营业执照核对'] } },
      },
    })
    const page = mount(List)
    await flushPromises()
    await page.find('input').trigger('input', { detail: { value: ' 91350100MA34567890 ' } })
    await page.find('.y-button').trigger('click')
    await flushPromises()

    expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ code: '91350100MA34567890' })
    expect(page.text()).toContain('统一社会信用代码有误')
  })

  it('leads whoever has no bound phone to bind one', async () => {
    server({
      'GET /me/organisations': mine(),
      'POST /me/organisations': { status: 409, body: { code: 'identity_unproven', detail: '请先绑定手机号' } },
    })
    const page = mount(List)
    await flushPromises()
    await page.find('input').trigger('input', { detail: { value: COMPANY.code } })
    await page.find('.y-button').trigger('click')
    await flushPromises()

    expect(page.text()).toContain('去绑定手机号')
  })

  it('changes sides', async () => {
    server({ 'GET /me/organisations': mine(COMPANY) })
    const page = mount(List)
    await flushPromises()

    await page.findAll('[role=radio]')[1]?.trigger('click')
    expect(acting.value?.name).toBe(COMPANY.name)
    await page.findAll('[role=radio]')[0]?.trigger('click')
    expect(acting.value).toBeNull()
  })

  it('is no authority of a person that has the same number', async () => {
    server({
      'GET /me/organisations': mine(COMPANY),
      'GET /me/organisations/3': { body: { ...COMPANY, agents: [], invitations: [] } },
    })
    acting.value = { id: 3, name: '**英', acts: ['track'] }
    const list = mount(List)
    page.options = { id: '3' }
    const detail = mount(Detail)
    await flushPromises()

    expect(list.findAll('[role=radio]').map((each) => each.attributes('aria-checked'))).toEqual(['false', 'false'])
    expect(detail.text()).toContain('代表它办事')
  })

  it('authorises an agent and shows the code once', async () => {
    const heard = server({
      'GET /me/organisations/3': { body: { ...COMPANY, agents: [], invitations: [] } },
      'POST /me/organisations/3/invitations': { status: 201, body: { code: 'Kd83-xy', agent_until: '2027-02-19' } },
    })
    const page = mount(Detail, { props: {} })
    ;(page.vm as unknown as { id: string }).id = '3'
    await (page.vm as unknown as { load: { again: () => Promise<void> } }).load.again()
    await flushPromises()

    await page.findAll('.y-button').find((each) => each.text().includes('生成授权码'))?.trigger('click')
    await flushPromises()

    expect(heard.find((each) => each.method === 'POST')?.body).toMatchObject({ task_codes: [] })
    expect(page.text()).toContain('Kd83-xy')
  })

  it('shows what an invitation allows before it is accepted, and acts for the company after', async () => {
    const heard = server({
      'GET /me': { body: { name: '林晓燕', platforms: ['wechat'] } },
      'POST /me/organisations/invited': {
        body: { organisation_code: COMPANY.code, organisation_name: COMPANY.name, scope: [{ task_code: 'T1', name: '公司变更登记' }], until: '2027-02-19' },
      },
      'POST /me/organisations/accepted': { status: 201, body: { ...COMPANY, role: 'agent' } },
    })
    const page = mount(Accept)
    await flushPromises()
    await page.find('input').trigger('input', { detail: { value: 'Kd83-xy' } })
    await page.findAll('.y-button')[0]?.trigger('click')
    await flushPromises()
    expect(page.text()).toContain('公司变更登记')
    expect(heard.some((each) => each.path.endsWith('/accepted'))).toBe(false)

    await page.findAll('.y-button')[1]?.trigger('click')
    await flushPromises()

    expect(acting.value?.name).toBe(COMPANY.name)
  })
})
