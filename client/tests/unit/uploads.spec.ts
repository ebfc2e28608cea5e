import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'

import { pagesOnTheirWay, useUploads } from '@/lib/uploads'
import type { Photo } from '@/lib/types'

type Sent = { key: string; path: string }
let count = 0
let sent: Sent[]
let answer: (sent: Sent, options: UniApp.UploadFileOption) => void

const ok = (options: UniApp.UploadFileOption, id = 1) => options.success?.({ statusCode: 201, data: JSON.stringify({ id }) } as never)
const gone = (options: UniApp.UploadFileOption) => options.fail?.({ errMsg: 'uploadFile:fail' } as never)

/** A page that holds the uploads of one material of a fresh case. */
function opened(target = `/cases/U${++count}/materials/M1/photos`) {
  const arrived: Photo[] = []
  let uploads!: ReturnType<typeof useUploads>
  const page = mount(
    defineComponent({
      setup() {
        uploads = useUploads(target, (photo) => arrived.push(photo))
        return () => h('view')
      },
    }),
  )
  return { target, page, arrived, ...uploads }
}

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  answer = (_, options) => ok(options)
  vi.mocked(uni.uploadFile).mockImplementation(((options: UniApp.UploadFileOption) => {
    const one = { key: String(options.header['Idempotency-Key']), path: String(options.filePath) }
    sent.push(one)
    answer(one, options)
    return { onProgressUpdate: () => undefined }
  }) as never)
})

afterEach(() => void vi.useRealTimers())

describe('pages on their way', () => {
  it('arrive one after the other in the order they were taken', async () => {
    const { add, arrived, uploads } = opened()

    await add(['a.jpg', 'b.jpg'])

    expect(sent.map((each) => each.path)).toEqual(['a.jpg', 'b.jpg'])
    expect(arrived).toHaveLength(2)
    expect(uploads).toHaveLength(0)
  })

  it('wait when the network breaks, and go again with the same key when it is back', async () => {
    const { add, uploads } = opened()
    answer = (_, options) => gone(options)
    await add(['a.jpg'])
    expect(uploads[0]).toMatchObject({ state: 'waiting', problem: { code: 'no_network' } })

    answer = (_, options) => ok(options)
    const hear = vi.mocked(uni.onNetworkStatusChange).mock.calls.at(-1)?.[0]
    hear?.({ isConnected: true, networkType: 'wifi' } as never)
    await flushPromises()

    expect(uploads).toHaveLength(0)
    expect(sent[1]?.key).toBe(sent[0]?.key)
  })

  it('go again by themselves when the server was away although the network was there', async () => {
    const { add, uploads } = opened()
    answer = (_, options) => options.success?.({ statusCode: 503, data: '{"detail":"上传的人较多，请稍后再传这张照片"}' } as never)
    await add(['a.jpg'])
    expect(uploads[0]?.problem?.message).toContain('上传的人较多')

    answer = (_, options) => ok(options)
    await vi.advanceTimersByTimeAsync(4000)

    expect(uploads).toHaveLength(0)
    expect(new Set(sent.map((each) => each.key)).size).toBe(1)
  })

  it('stay visible with the reason when the server refuses, and hold up no other', async () => {
    const { add, uploads, arrived } = opened()
    answer = (one, options) =>
      one.path === 'cat.gif' ? options.success?.({ statusCode: 422, data: '{"code":"photo_animated","detail":"不能上传动图"}' } as never) : ok(options)

    await add(['cat.gif', 'b.jpg'])

    expect(uploads).toHaveLength(1)
    expect(uploads[0]).toMatchObject({ state: 'refused', problem: { message: '不能上传动图' } })
    expect(arrived).toHaveLength(1)
  })

  it('are still there when one leaves the page and comes back', async () => {
    const first = opened()
    answer = (_, options) => gone(options)
    await first.add(['a.jpg'])
    first.page.unmount()
    expect(pagesOnTheirWay(first.target.split('/')[2] ?? '')).toBe(1)

    answer = (_, options) => ok(options)
    const second = opened(first.target)
    await flushPromises()

    expect(second.arrived).toHaveLength(1)
    expect(sent[1]?.key).toBe(sent[0]?.key)
  })

  it('tell every page that shows the material whose place they take', async () => {
    const heard: (number | undefined)[][] = [[], []]
    const target = `/cases/U${++count}/materials/M1/photos`
    const hold = (nth: number) => mount(defineComponent({ setup: () => (useUploads(target, (_, instead) => heard[nth]?.push(instead?.id)), () => h('view')) }))
    hold(0)
    hold(1)

    await opened(target).add(['a.jpg'], { id: 7, at: 2 })

    expect(heard).toEqual([[7], [7]])
    expect(vi.mocked(uni.uploadFile).mock.calls.at(-1)?.[0].url).toContain(`${target}/7/retake`)
  })

  it('stop listening to the network when their page is closed', () => {
    const { page } = opened()
    const hear = vi.mocked(uni.onNetworkStatusChange).mock.calls.at(-1)?.[0]

    page.unmount()

    expect(uni.offNetworkStatusChange).toHaveBeenCalledWith(hear)
  })
})
