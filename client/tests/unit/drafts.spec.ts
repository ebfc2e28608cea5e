import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { keep, sendDraft, unsent } from '@/lib/drafts'

import { server } from './server'

const PATCH = 'PATCH /cases/C1/form'

describe('what is typed', () => {
  it('is on the phone at once, before any server has heard of it', () => {
    keep('C1', 'address', '幸福路1号')

    expect(uni.getStorageSync('draft:C1')).toEqual({ address: '幸福路1号' })
  })

  it('stays on the phone while the server is away, and goes when it is back', async () => {
    vi.useFakeTimers()
    let away = true
    server({ [PATCH]: () => (away ? 'no network' : { body: {} }) })
    keep('C1', 'address', '幸福路1号')

    const refused = expect(sendDraft('C1')).rejects.toMatchObject({ code: 'no_network' })
    await vi.advanceTimersByTimeAsync(1000)
    await refused
    expect(unsent('C1')).toEqual({ address: '幸福路1号' })

    away = false
    await sendDraft('C1')
    expect(unsent('C1')).toEqual({})
    vi.useRealTimers()
  })

  it('keeps what was typed while it was being sent', async () => {
    keep('C1', 'address', '幸福')
    server({ [PATCH]: () => (keep('C1', 'address', '幸福路1号'), { body: {} }) })

    await sendDraft('C1')

    expect(unsent('C1')).toEqual({ address: '幸福路1号' })
  })

  it('reaches the server in the order it was typed: the second sending waits for the first', async () => {
    const heard = server({ [PATCH]: { body: {} } })
    let answer: () => void = () => undefined
    vi.mocked(uni.request).mockImplementationOnce(((options: UniApp.RequestOptions) => {
      answer = () => options.success?.({ statusCode: 200, data: {}, header: {}, cookies: [] } as never)
    }) as never)
    keep('C1', 'address', '一')
    const first = sendDraft('C1')
    await flushPromises()
    keep('C1', 'address', '二')
    const second = sendDraft('C1')
    await flushPromises()
    expect(heard).toHaveLength(0)

    answer()
    await Promise.all([first, second])

    expect(heard.map((asked) => asked.body)).toEqual([{ address: '二' }])
    expect(unsent('C1')).toEqual({})
  })

  it('is not held up by one answer that the server refuses, which stays here', async () => {
    const heard = server({
      [PATCH]: ({ body }) =>
        'note' in (body as object) ? { status: 422, body: { code: 'form_refused', errors: { note: ['补充说明太长'] } } } : { body: {} },
    })
    keep('C1', 'address', '幸福路1号')
    keep('C1', 'note', '😀'.repeat(600))

    await expect(sendDraft('C1')).rejects.toMatchObject({ errors: { note: ['补充说明太长'] } })

    expect(heard.at(-1)?.body).toEqual({ address: '幸福路1号' })
    expect(Object.keys(unsent('C1'))).toEqual(['note'])
  })

  it('survives a phone that is full', async () => {
    vi.spyOn(uni, 'setStorageSync').mockImplementation(() => {
      throw new Error('exceeded')
    })
    const heard = server({ 'PATCH /cases/C2/form': { body: {} } })
    keep('C2', 'address', '幸福路1号')
    expect(unsent('C2')).toEqual({ address: '幸福路1号' })

    await sendDraft('C2')

    expect(heard[0]?.body).toEqual({ address: '幸福路1号' })
    expect(unsent('C2')).toEqual({})
  })

  it('clears a field by telling the server so', async () => {
    const heard = server({ [PATCH]: { body: {} } })
    keep('C1', 'address', '')

    await sendDraft('C1')

    expect(heard[0]?.body).toEqual({ address: null })
  })
})
