import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { usePolling } from '@/lib/polling'

import { page } from './setup'

describe('asking again and again', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('waits as long as it is told each time, and stops by itself', async () => {
    const ask = vi.fn(async () => undefined)
    const polling = usePolling(ask, (time) => [1, 2, null][time - 1] ?? null)

    await vi.advanceTimersByTimeAsync(1000)
    expect(ask).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(60_000)

    expect(ask).toHaveBeenCalledTimes(2)
    expect(polling.over.value).toBe(true)
  })

  it('asks nothing while its page is hidden, and begins anew when it is shown', async () => {
    const ask = vi.fn(async () => undefined)
    usePolling(ask, () => 5)

    page.hidden.forEach((hide) => hide())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ask).not.toHaveBeenCalled()
    page.shown.forEach((show) => show())
    await vi.advanceTimersByTimeAsync(5000)

    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('never asks twice at the same time when the answer is slow', async () => {
    let asking = 0
    let most = 0
    const slow = async () => {
      most = Math.max(most, ++asking)
      await new Promise((resolve) => setTimeout(resolve, 9000))
      asking -= 1
    }
    usePolling(slow, () => 1)

    await vi.advanceTimersByTimeAsync(40_000)

    expect(most).toBe(1)
  })

  it('goes on in one line only when it is started twice', async () => {
    const ask = vi.fn(async () => undefined)
    const polling = usePolling(ask, () => 5)

    void polling.start()
    await vi.advanceTimersByTimeAsync(5000)

    expect(ask).toHaveBeenCalledTimes(1)
  })
})
