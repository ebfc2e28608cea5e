import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import PaperLinks from '@/components/paper-links.vue'
import { openPaper, sizeOf } from '@/lib/papers'
import type { Paper } from '@/lib/types'

const where = vi.hoisted(() => ({ platform: 'h5' }))

vi.mock('@/lib/platform', async (original) => ({
  ...(await original<object>()),
  get platform() {
    return where.platform
  },
}))

const PDF: Paper = {
  name: '申请表（空白表）.pdf', media_type: 'application/pdf', size: 31_000, sha256: 'ab',
  url: '/api/v1/guides/1135/materials/M1/blank?version=2',
}
const PICTURE: Paper = { ...PDF, media_type: 'image/png' }

function phone(statusCode = 200): void {
  where.platform = 'wechat'
  Object.assign(uni, {
    downloadFile: vi.fn((asked) => asked.success({ statusCode, tempFilePath: 'wxfile://tmp' })),
    openDocument: vi.fn((asked) => asked.success()),
    previewImage: vi.fn((asked) => asked.success()),
  })
}

afterEach(() => {
  where.platform = 'h5'
})

describe('the blank form and the sample of a material', () => {
  it('are named with their size, and only where there are any', () => {
    const both = mount(PaperLinks, { props: { of: '申请表', blank: PDF, sample: { ...PDF, size: 2_500_000 } } })
    const none = mount(PaperLinks, { props: { of: '照片', blank: null, sample: null } })

    expect(both.findAll('[role=link]').map((link) => link.text())).toEqual(['空白表（30KB）', '样本（2.4MB）'])
    expect(both.find('[role=link]').attributes('aria-label')).toBe('下载申请表的空白表，30KB')
    expect(none.find('[role=link]').exists()).toBe(false)
    expect(sizeOf(12)).toBe('1KB')
  })

  it('are saved by a browser under their Chinese name', async () => {
    const pressed: HTMLAnchorElement[] = []
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      pressed.push(this)
    })
    await openPaper(PDF)

    expect(pressed.map((link) => [link.getAttribute('href'), link.download])).toEqual([[PDF.url, '申请表（空白表）.pdf']])
  })

  it('are fetched and shown by a mini-program, a picture as a picture', async () => {
    phone()
    await openPaper(PDF)
    await openPaper(PICTURE)

    expect(uni.openDocument).toHaveBeenCalledWith(expect.objectContaining({ filePath: 'wxfile://tmp', fileType: 'pdf' }))
    expect(uni.previewImage).toHaveBeenCalledWith(expect.objectContaining({ urls: ['wxfile://tmp'] }))
  })

  it('say in a sentence that they could not be had', async () => {
    phone(404)
    const view = mount(PaperLinks, { props: { of: '申请表', blank: PDF, sample: null } })
    await view.find('[role=link]').trigger('click')

    await vi.waitFor(() => expect(view.text()).toContain('文件没有打开'))
    expect(uni.openDocument).not.toHaveBeenCalled()
  })
})
