import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'

import CoSign from '@/components/co-sign.vue'
import CoSignPage from '@/pages/cases/co-sign.vue'
import type { CoSigning, CoSignStanding } from '@/lib/types'

import { server } from './server'
import { page } from './setup'

type Replies = Parameters<typeof server>[0]

const STANDING: CoSignStanding = { who: '配偶', state: 'none', signer: null, over_at: null, signed_at: null }
const ASKED: CoSigning = {
  id: 4, task_name: '户口迁入', dept_name: '市公安局', applicant: '**明', taken_at: '2026-11-20T09:00:00+08:00', signed_at: null, state: 'taken',
  text: { kind: 'co_sign', title: '共同申请人同意书', digest: 'a'.repeat(64), parts: [{ heading: '申请表', paragraphs: ['联系地址：示例路1号'] }] },
  photos: [{ id: 9, name: '结婚证', url: '/api/v1/co-signings/4/photos/9', thumb_url: '/api/v1/co-signings/4/photos/9?size=thumb' }],
}

let last: ReturnType<typeof mount> | undefined
afterEach(() => last?.unmount())

async function opened(component: unknown, replies: Replies, props = {}) {
  uni.setStorageSync('session', { access_token: 'a', refresh_token: 'r' })
  vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => asked.success?.({ confirm: true } as never)) as never)
  const heard = server(replies)
  const shown = (last = mount(component as typeof CoSignPage, { props }))
  await flushPromises()
  const press = async (name: string) => {
    await shown.find(`[aria-label^="${name}"]`).trigger('click')
    await flushPromises()
  }
  return { heard, shown, press }
}

const inDraft = (state: CoSignStanding['state'], more: Replies = {}) =>
  opened(CoSign, { 'GET /cases/C1/co-signing': { body: { ...STANDING, state } }, ...more }, { caseNo: 'C1' })

it('says nothing where nobody else must sign', async () => {
  const { shown } = await opened(CoSign, { 'GET /cases/C1/co-signing': { body: { ...STANDING, who: '' } } }, { caseNo: 'C1' })

  expect(shown.text()).toBe('')
})

it('makes a code to hand over, shown this once', async () => {
  let state: CoSignStanding['state'] = 'none'
  const { shown, press } = await inDraft('none', {
    'GET /cases/C1/co-signing': () => ({ body: { ...STANDING, state, over_at: '2026-11-27T09:00:00+08:00' } }),
    'POST /cases/C1/co-signing': () => {
      state = 'open'
      return { status: 201, body: { code: 'CODE-1', over_at: '2026-11-27T09:00:00+08:00' } }
    },
  })

  await press('邀请配偶签名')

  expect(shown.text()).toContain('CODE-1')
  expect(shown.text()).toContain('只能用一次')
})

it('asks for a new signature once something was changed', async () => {
  const { heard, shown, press } = await inDraft('changed', { 'POST /cases/C1/co-signing/reminder': { status: 204 } })
  expect(shown.text()).toContain('签名以后内容有改动')

  await press('发消息请对方签名')

  expect(heard.at(-1)?.path).toBe('/cases/C1/co-signing/reminder')
})

it('opens an application by its code and shows all that is signed', async () => {
  page.options = { code: 'CODE-1' }
  const { heard, shown, press } = await opened(CoSignPage, {
    'GET /co-signings': { body: { items: [], next_cursor: null } },
    'POST /co-signings': { status: 201, body: ASKED },
    'GET /co-signings/4': { body: ASKED },
  })
  await press('看看要签什么')

  expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ code: 'CODE-1' })
  expect(shown.text()).toContain('联系地址：示例路1号')
  expect(shown.text()).toContain('结婚证')
})

it('finds the code in the whole sentence that the applicant copied', async () => {
  page.options = { code: '请您作为共同申请人签名。打开一码办，粘贴这段话，邀请码：Q_-eIl1vHfBa4POzxTg4OQ' }
  const { heard, press } = await opened(CoSignPage, {
    'GET /co-signings': { body: { items: [], next_cursor: null } },
    'POST /co-signings': { status: 201, body: ASKED },
    'GET /co-signings/4': { body: ASKED },
  })
  await press('看看要签什么')

  expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ code: 'Q_-eIl1vHfBa4POzxTg4OQ' })
})

it('says whose signature is missing until it is there', async () => {
  expect((await inDraft('taken')).shown.emitted('awaited')?.at(-1)).toEqual(['配偶'])
  last?.unmount()
  expect((await inDraft('signed')).shown.emitted('awaited')?.at(-1)).toEqual([''])
})

it('offers nothing to take back once the application is handed in', async () => {
  page.options = { id: '4' }
  const { shown } = await opened(CoSignPage, { 'GET /co-signings/4': { body: { ...ASKED, state: 'signed', text: null, photos: [] } } })

  expect(shown.text()).toContain('申请已经提交给部门')
  expect(shown.text()).not.toContain('这次签名作废')
})

it('signs the words that were shown, after they were read', async () => {
  page.options = { id: '4' }
  const { heard, shown, press } = await opened(CoSignPage, {
    'GET /co-signings/4': { body: ASKED },
    'POST /co-signings/4/signature': { body: { ...ASKED, state: 'signed', signed_at: ASKED.taken_at } },
  })

  await press('我已看过全部内容和照片')
  await press('签名')

  expect(heard.find((each) => each.method === 'POST')?.body).toEqual({ digest: 'a'.repeat(64), read: true })
  expect(shown.text()).toContain('您已签名')
})

it('says no after asking once more', async () => {
  page.options = { id: '4' }
  const { heard, shown, press } = await opened(CoSignPage, {
    'GET /co-signings/4': { body: ASKED },
    'POST /co-signings/4/refusal': { body: { ...ASKED, state: 'declined', text: null, photos: [] } },
  })

  await press('不签')

  expect(heard.at(-1)?.path).toBe('/co-signings/4/refusal')
  expect(shown.text()).toContain('您没有签名')
})
