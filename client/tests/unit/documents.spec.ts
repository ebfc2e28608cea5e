import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import CaseDocuments from '@/components/case-documents.vue'
import { noteOf, openDocument } from '@/lib/documents'
import type { CaseDocument } from '@/lib/types'

import { server } from './server'

const where = vi.hoisted(() => ({ platform: 'h5' }))

vi.mock('@/lib/platform', async (original) => ({
  ...(await original<object>()),
  get platform() {
    return where.platform
  },
}))

const NOTICE: CaseDocument = {
  id: 7, kind: 'acceptance', title: '业务受理通知书', number: '〔2026〕受字第000001号', issued_on: '2026-11-16', ready: true, replaced_by: null,
  opened_at: null, name: '业务受理通知书〔2026〕受字第000001号.pdf', size: 31_000, sha256: 'ab', url: '/api/v1/cases/C1/documents/7',
}

async function shown(...replies: { status?: number; body?: unknown }[]) {
  let at = 0
  const heard = server({ 'GET /cases/C1/documents': () => replies[Math.min(at++, replies.length - 1)] ?? {} })
  const view = mount(CaseDocuments, { props: { caseNo: 'C1', changed: 'accepted 3' } })
  await flushPromises()
  return { view, heard }
}

const of = (...documents: CaseDocument[]) => ({ body: { items: documents, next_cursor: null } })

afterEach(() => {
  where.platform = 'h5'
  vi.useRealTimers()
})

describe('the notices of a case', () => {
  it('are named with their number and day; without any nothing is shown', async () => {
    const { view } = await shown(of(NOTICE))

    expect(view.text()).toContain('业务受理通知书')
    expect(view.text()).toContain('〔2026〕受字第000001号')
    expect((await shown(of())).view.text()).toBe('')
    expect(noteOf({ ...NOTICE, replaced_by: '〔2026〕受字第000009号' })).toBe('〔2026〕受字第000001号，已更正，以〔2026〕受字第000009号为准')
  })

  it('that are still being made are asked for again', async () => {
    vi.useFakeTimers()
    const { view } = await shown(of({ ...NOTICE, ready: false }), of(NOTICE))
    expect(view.text()).toContain('正在生成')
    await vi.advanceTimersByTimeAsync(2_000)

    expect(view.text()).not.toContain('正在生成')
  })

  it('are asked for anew when the case has moved on', async () => {
    const { view, heard } = await shown(of(NOTICE))
    await view.setProps({ changed: 'decided 4' })

    expect(heard).toHaveLength(2)
  })

  it('say that they could not be had, and try again', async () => {
    const { view } = await shown({ status: 503, body: { detail: '系统正忙' } }, of(NOTICE))
    expect(view.text()).toContain('文书没有取到')
    await view.find('[role=button]').trigger('click')
    await flushPromises()

    expect(view.text()).toContain('业务受理通知书')
  })

  it('are fetched with the login and shown by a mini-program', async () => {
    where.platform = 'wechat'
    const download = vi.fn((asked) => asked.success({ statusCode: 200, tempFilePath: 'wxfile://tmp' }))
    Object.assign(uni, { downloadFile: download, openDocument: vi.fn((asked) => asked.success()) })
    await openDocument(NOTICE)

    expect(download.mock.calls[0]?.[0].url).toContain(NOTICE.url)
    expect(uni.openDocument).toHaveBeenCalledWith(expect.objectContaining({ filePath: 'wxfile://tmp', fileType: 'pdf' }))
  })

  it('are saved by a browser under their Chinese name', async () => {
    const pressed: string[] = []
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:1', revokeObjectURL: () => undefined }))
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      pressed.push(this.download)
    })
    server({ 'GET /cases/C1/documents/7': {} })
    await openDocument(NOTICE)

    expect(pressed).toEqual([NOTICE.name])
  })

  it('say in a sentence that one could not be opened', async () => {
    where.platform = 'wechat'
    const { view } = await shown(of(NOTICE))
    Object.assign(uni, { downloadFile: vi.fn((asked) => asked.success({ statusCode: 503 })) })
    await view.find('.y-cell').trigger('click')
    await flushPromises()

    expect(view.find('[role=alert]').exists()).toBe(true)
  })
})
