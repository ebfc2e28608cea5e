import { beforeEach, describe, expect, it, vi } from 'vitest'

import { server } from './server'

const SESSION = { access_token: 'a', refresh_token: 'r', expires_in: 7200, citizen: { id: 'c1' } }

/** The session as the app finds it at its start. */
async function started() {
  vi.resetModules()
  return { ...(await import('@/lib/session')), ...(await import('@/lib/http')) }
}

describe('staying logged in', () => {
  beforeEach(() => {
    vi.resetModules()
  })

  it('renews once for all that were refused at the same moment', async () => {
    uni.setStorageSync('session', { access_token: 'old', refresh_token: 'r' })
    const heard = server({
      'GET /me': (asked) => (asked.header.Authorization === 'Bearer a' ? { body: {} } : { status: 401 }),
      'POST /sessions/refresh': { body: SESSION },
    })
    const { get } = await started()

    await Promise.all([get('/me'), get('/me'), get('/me')])

    expect(heard.filter((asked) => asked.path === '/sessions/refresh')).toHaveLength(1)
  })

  it('does not renew again for an answer that comes after the renewal', async () => {
    uni.setStorageSync('session', { access_token: 'old', refresh_token: 'r' })
    const heard = server({
      'GET /me': (asked) => (asked.header.Authorization === 'Bearer a' ? { body: {} } : { status: 401 }),
      'POST /sessions/refresh': { body: SESSION },
    })
    const answer = vi.mocked(uni.request).getMockImplementation()
    let late = () => undefined as unknown
    vi.mocked(uni.request).mockImplementationOnce((options) => (late = () => answer?.(options)) as never)
    const { get } = await started()
    const first = get('/me')

    await get('/me')
    late()
    await first

    expect(heard.filter((asked) => asked.path === '/sessions/refresh')).toHaveLength(1)
  })

  it('goes on with what another tab was given', async () => {
    uni.setStorageSync('session', { access_token: 'old', refresh_token: 'r' })
    const heard = server({
      'GET /me': (asked) => (asked.header.Authorization === 'Bearer a2' ? { body: {} } : { status: 401 }),
      'POST /sessions/refresh': { status: 401, body: { code: 'session_over' } },
    })
    const { get } = await started()
    uni.setStorageSync('session', { access_token: 'a2', refresh_token: 'r2' })

    await get('/me')

    expect(heard.map((asked) => asked.path)).toEqual(['/me', '/me'])
  })

  it('logs in on a phone that is full', async () => {
    vi.spyOn(uni, 'setStorageSync').mockImplementation(() => {
      throw new Error('exceeded')
    })
    server({ 'POST /sessions': { status: 201, body: SESSION } })
    const { logInWith, loggedIn } = await started()

    await logInWith({ platform: 'demo', code: 'lin' })

    expect(loggedIn.value).toBe(true)
  })

  it('waits for the tab that is renewing, and for what that tab has stored', async () => {
    uni.setStorageSync('session', { access_token: 'old', refresh_token: 'r' })
    const request = vi.fn(async (_what: string, ...rest: unknown[]) => {
      const work = rest.at(-1) as (lock: unknown) => Promise<unknown>
      if (rest.length === 2) return work(null)
      setTimeout(() => uni.setStorageSync('session', { access_token: 'a2', refresh_token: 'r2' }), 60)
      return work({})
    })
    Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true })
    const heard = server({ 'GET /me': (asked) => (asked.header.Authorization === 'Bearer a2' ? { body: {} } : { status: 401 }) })
    const { get } = await started()

    await get('/me')
    Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })

    expect(request).toHaveBeenCalledTimes(2)
    expect(heard.map((asked) => asked.path)).toEqual(['/me', '/me'])
  })

  it('logs nobody out because the network is away', async () => {
    uni.setStorageSync('session', { access_token: 'old', refresh_token: 'r' })
    server({ 'GET /me': { status: 401 }, 'POST /sessions/refresh': 'no network' })
    const { get, loggedIn } = await started()

    await expect(get('/me')).rejects.toMatchObject({ code: 'no_network' })
    expect(loggedIn.value).toBe(true)
  })

  it('asks again for the renewal whose answer was lost, also after a new start', async () => {
    uni.setStorageSync('session', { access_token: 'old', refresh_token: 'r' })
    const first = server({ 'GET /me': { status: 401 }, 'POST /sessions/refresh': 'no network' })
    await expect((await started()).get('/me')).rejects.toMatchObject({ code: 'no_network' })
    const again = server({
      'GET /me': (asked) => (asked.header.Authorization === 'Bearer a' ? { body: {} } : { status: 401 }),
      'POST /sessions/refresh': { body: SESSION },
    })

    await (await started()).get('/me')

    const renewals = [first, again].map((heard) => heard.find((asked) => asked.path === '/sessions/refresh')?.body)
    expect(renewals[0]).toEqual(renewals[1])
    expect(renewals[0]).toMatchObject({ refresh_token: 'r', key: expect.stringMatching(/^.{16,64}$/) })
    expect(uni.getStorageSync('renewal')).toBe('')
  })

  it('makes a new key for the next renewal', async () => {
    uni.setStorageSync('session', { access_token: 'old', refresh_token: 'r0' })
    uni.setStorageSync('renewal', { refresh_token: 'an earlier one', key: 'of an earlier renewal' })
    const heard = server({ 'GET /me': { status: 401 }, 'POST /sessions/refresh': 'no network' })

    await expect((await started()).get('/me')).rejects.toMatchObject({ code: 'no_network' })

    const sent = heard.find((asked) => asked.path === '/sessions/refresh')?.body as { key: string }
    expect(sent.key).not.toBe('of an earlier renewal')
  })

  it('does not log in again whoever has logged out, and takes what they typed off the phone', async () => {
    uni.setStorageSync('persona', 'lin')
    uni.setStorageSync('draft:1', { name: '林' })
    uni.setStorageSync('size', 'elder')
    const heard = server({ 'GET /me': { status: 401 }, 'POST /sessions': { status: 201, body: SESSION } })
    const { get, logOut, recognised } = await started()
    expect(recognised.value).toBe(true)

    await logOut()

    await expect(get('/me')).rejects.toMatchObject({ status: 401 })
    expect(heard.map((asked) => asked.path)).toEqual(['/me'])
    expect([uni.getStorageSync('draft:1'), uni.getStorageSync('size')]).toEqual(['', 'elder'])
  })
})
