import { describe, expect, it, vi } from 'vitest'

import { act, get, once } from '@/lib/http'
import { Refused } from '@/lib/refused'
import { offline } from '@/lib/wire'

import { server } from './server'

describe('asking the server', () => {
  it('shows the sentence of a refusal, and its fields', async () => {
    server({ 'POST /cases': { status: 422, body: { code: 'form_invalid', detail: '还差一点', errors: { phone: ['请填写手机号'] } } } })

    await expect(once('/cases')).rejects.toMatchObject({ message: '还差一点', code: 'form_invalid', errors: { phone: ['请填写手机号'] } })
  })

  it('reads a question again when the network stumbled once', async () => {
    vi.useFakeTimers()
    let tries = 0
    server({ 'GET /me': () => (++tries === 1 ? 'no network' : { body: { id: 'a' } }) })

    const asked = get('/me')
    await vi.advanceTimersByTimeAsync(1000)

    await expect(asked).resolves.toEqual({ id: 'a' })
    expect(offline.value).toBe(false)
    vi.useRealTimers()
  })

  it('never repeats by itself what might happen twice', async () => {
    const heard = server({ 'POST /messages/read': 'no network' })

    await expect(act('POST', '/messages/read')).rejects.toBeInstanceOf(Refused)

    expect(heard).toHaveLength(1)
  })

  it('taps with the same key until the server has answered, and then with another', async () => {
    let away = true
    const heard = server({ 'POST /appointments': () => (away ? { status: 503 } : { status: 201 }) })
    const tap = () => once('/appointments', { slot_id: 5 })

    await expect(tap()).rejects.toMatchObject({ status: 503 })
    away = false
    await tap()
    await tap()

    const keys = heard.map((asked) => asked.header['Idempotency-Key'])
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[1])
  })

  it('takes a gateway’s page for what it is: trouble, said in our words', async () => {
    server({ 'GET /guides': { status: 502, body: '<html>Bad Gateway</html>' } })

    await expect(get('/guides')).rejects.toMatchObject({ status: 502, message: expect.stringContaining('请稍后再试') })
  })

  it.each([['a page of the network around us', '<html>'], ['half an answer', '{"items":[{'], ['a list', []], ['nothing', '']])(
    'does not take %s for an answer',
    async (_what, body) => {
      server({ 'GET /guides': { body } })

      await expect(get('/guides')).rejects.toMatchObject({ code: 'not_our_answer', unsure: true })
    },
  )

  it('asks for nothing whose number is missing', async () => {
    const heard = server({ 'GET /certificates/': { body: { items: [] } } })

    await expect(get('/certificates/')).rejects.toMatchObject({ status: 404, message: expect.stringContaining('没有找到') })
    await expect(get('/certificates//pdf', { page: 1 })).rejects.toMatchObject({ status: 404 })
    expect(heard).toEqual([])
  })

  it('takes nothing for an answer where nothing was promised', async () => {
    server({ 'DELETE /sessions/current': { status: 204, body: '' } })

    await expect(act('DELETE', '/sessions/current')).resolves.toBe('')
  })
})
