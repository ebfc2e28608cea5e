import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'

type Uploads = typeof import('@/lib/uploads')

const TARGET = '/cases/N1/materials/M1/photos'
const DAY_MS = 24 * 3600_000
const noNetwork = (options: UniApp.UploadFileOption) => options.fail?.({ errMsg: 'uploadFile:fail' } as never)
const taken = (options: UniApp.UploadFileOption) => options.success?.({ statusCode: 201, data: '{"id": 5}' } as never)

/** The app as it starts, with the page of one material open. */
async function started(platform: 'wechat' | 'h5') {
  vi.resetModules()
  vi.doMock('@/lib/platform', async (real) => ({ ...(await real<object>()), platform }))
  const { pagesOnTheirWay, useUploads } = await import('@/lib/uploads')
  let held!: ReturnType<Uploads['useUploads']>
  const open = () => mount(defineComponent({ setup: () => ((held = useUploads(TARGET, () => undefined)), () => h('view')) }))
  return { pagesOnTheirWay, open, page: () => held }
}

function answered(by: (options: UniApp.UploadFileOption) => void) {
  vi.mocked(uni.uploadFile).mockReset()
  vi.mocked(uni.uploadFile).mockImplementation(((options: UniApp.UploadFileOption) => (by(options), undefined)) as never)
}

const sent = () => vi.mocked(uni.uploadFile).mock.calls.map(([options]) => [options.filePath, options.header['Idempotency-Key']])

beforeEach(() => {
  Object.assign(uni, {
    saveFile: vi.fn((options: UniApp.SaveFileOptions) => options.success?.({ savedFilePath: `saved/${options.tempFilePath}` })),
    removeSavedFile: vi.fn(),
    getSavedFileList: vi.fn((options: UniApp.GetSavedFileListOptions) => options.success?.({ fileList: [{ filePath: 'saved/a.jpg' }] } as never)),
  })
})

describe('pictures that have not reached the server', () => {
  it('are sent after the next start of the app, with the same key and in their order', async () => {
    answered(noNetwork)
    const first = await started('wechat')
    first.open()
    await first.page().add(['a.jpg', 'b.jpg'], { id: 7, at: 0 })
    const [, key] = sent()[0] ?? []

    answered(taken)
    const second = await started('wechat')
    expect(second.pagesOnTheirWay('N1')).toBe(2)
    second.open()
    await flushPromises()

    expect(sent().map(([path]) => path)).toEqual(['saved/a.jpg', 'saved/b.jpg'])
    expect(sent()[0]?.[1]).toBe(key)
    expect(vi.mocked(uni.uploadFile).mock.calls[0]?.[0].url).toContain(`${TARGET}/7/retake`)
    expect(uni.removeSavedFile).toHaveBeenCalledWith(expect.objectContaining({ filePath: 'saved/a.jpg' }))
    expect((await started('wechat')).pagesOnTheirWay('N1')).toBe(0)
  })

  it('are forgotten when the citizen does not want them any more', async () => {
    answered(noNetwork)
    const first = await started('wechat')
    first.open()
    await first.page().add(['a.jpg'])

    first.page().uploads.slice().forEach(first.page().drop)

    expect((await started('wechat')).pagesOnTheirWay('N1')).toBe(0)
  })

  it('stay until the app is closed on a phone that is full', async () => {
    vi.mocked(uni.saveFile).mockImplementation(((options: UniApp.SaveFileOptions) => options.fail?.({})) as never)
    answered(noNetwork)
    const first = await started('wechat')
    first.open()

    await first.page().add(['a.jpg'])

    expect(sent().map(([path]) => path)).toEqual(['a.jpg'])
    expect((await started('wechat')).pagesOnTheirWay('N1')).toBe(0)
  })

  it('are asked for again when the phone has lost them', async () => {
    uni.setStorageSync('unsent:k1', { key: 'k1', target: TARGET, instead: null, path: '', at: Date.now() })
    answered(taken)
    const { open, page } = await started('h5')

    open()
    await flushPromises()

    expect(sent()).toEqual([])
    expect(page().uploads[0]).toMatchObject({ state: 'refused', problem: { message: expect.stringContaining('重新拍一张') } })
  })

  it('are not kept longer than a month', async () => {
    uni.setStorageSync('unsent:k1', { key: 'k1', target: TARGET, instead: null, path: 'saved/a.jpg', at: Date.now() - 31 * DAY_MS })

    expect((await started('wechat')).pagesOnTheirWay('N1')).toBe(0)

    expect(uni.getStorageSync('unsent:k1')).toBe('')
    expect(uni.removeSavedFile).toHaveBeenCalledWith(expect.objectContaining({ filePath: 'saved/a.jpg' }))
  })

  it('leave the phone with whoever logs out', async () => {
    uni.setStorageSync('unsent:k1', { key: 'k1', target: TARGET, instead: null, path: 'saved/a.jpg', at: Date.now() })
    const { pagesOnTheirWay } = await started('wechat')
    expect(pagesOnTheirWay('N1')).toBe(1)

    await (await import('@/lib/session')).logOut()

    expect(uni.getStorageSync('unsent:k1')).toBe('')
    expect(uni.removeSavedFile).toHaveBeenCalledWith(expect.objectContaining({ filePath: 'saved/a.jpg' }))
  })
})
