import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import CaseProof from '@/components/case-proof.vue'

const where = vi.hoisted(() => ({ platform: 'h5' }))
const opened = vi.hoisted(() => ({ files: [] as unknown[], sent: [] as string[], fails: false }))
vi.mock('@/lib/platform', async (original) => ({
  ...(await original<object>()),
  get platform() {
    return where.platform
  },
}))
vi.mock('@/lib/files', () => ({ passOn: async (path: string, name: string) => void opened.sent.push(`${path} ${name}`) }))
vi.mock('@/lib/documents', () => ({
  fetchDocument: async () => 'wxfile://kept',
  openDocument: async (file: unknown) => {
    opened.files.push(file)
    if (opened.fails) throw new Error('no')
  },
}))

async function pressed() {
  const view = mount(CaseProof, { props: { caseNo: 'C1' } })
  await view.find('[role=link]').trigger('click')
  await flushPromises()
  return view
}

afterEach(() => {
  where.platform = 'h5'
  Object.assign(opened, { files: [], sent: [], fails: false })
})

describe('the proof of a case', () => {
  it('is read in a browser, and saved packed', async () => {
    const view = await pressed()
    await view.findAll('[role=link]')[1]?.trigger('click')
    await flushPromises()

    expect(opened.files).toEqual([
      { url: '/api/v1/cases/C1/proof/summary', name: '办事凭据C1.pdf' },
      { url: '/api/v1/cases/C1/proof', name: '办事凭据C1.zip', type: 'application/zip' },
    ])
  })

  it('is passed on by WeChat, fetched by one tap and sent by the next', async () => {
    where.platform = 'wechat'
    const view = mount(CaseProof, { props: { caseNo: 'C1' } })
    const send = async () => {
      await view.findAll('[role=link]')[1]?.trigger('click')
      await flushPromises()
    }
    await send()
    expect([opened.sent, view.text().includes('发给自己')]).toEqual([[], true])
    await send()
    expect(opened.sent).toEqual(['wxfile://kept 办事凭据C1.zip'])
  })

  it('is shown by a mini-program, as its summary', async () => {
    where.platform = 'alipay'
    const view = await pressed()

    expect(opened.files).toEqual([{ url: '/api/v1/cases/C1/proof/summary', name: '办事凭据C1.pdf' }])
    expect(view.text()).toContain('可在浏览器里下载')
  })

  it('says that it could not be had', async () => {
    opened.fails = true

    expect((await pressed()).find('[role=alert]').exists()).toBe(true)
  })
})
