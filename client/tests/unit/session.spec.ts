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

  it('logs nobody out because the network is away', async () => {
    uni.setStorageSync('session', { access_token: 'old', refresh_token: 'r' })
    server({ 'GET /me': { status: 401 }, 'POST /sessions/refresh': 'no network' })
    const { get, loggedIn } = await started()

    await expect(get('/me')).rejects.toMatchObject({ code: 'no_network' })
    expect(loggedIn.value).toBe(true)
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
