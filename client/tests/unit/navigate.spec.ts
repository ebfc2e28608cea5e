import { describe, expect, it, vi } from 'vitest'

import { go, sure } from '@/lib/navigate'

const QUESTION = { title: '取消', content: '号会取消', yes: '取消' }

function onOnePage(): void {
  const page = {}
  vi.stubGlobal('getCurrentPages', () => [page])
}

describe('a trembling finger', () => {
  it('opens one page', () => {
    onOnePage()
    go('/pages/cases/detail', { no: 'C1' })
    go('/pages/cases/detail', { no: 'C1' })
    go('/pages/cases/detail', { no: 'C2' })

    expect(uni.navigateTo).toHaveBeenCalledTimes(2)
    expect(uni.navigateTo).toHaveBeenLastCalledWith({ url: '/pages/cases/detail?no=C2' })
  })

  it('answers one question', async () => {
    onOnePage()
    vi.mocked(uni.showModal).mockImplementation(((asked: UniApp.ShowModalOptions) => asked.success?.({ confirm: true } as never)) as never)

    expect(await Promise.all([sure(QUESTION), sure(QUESTION)])).toEqual([true, false])
  })
})
