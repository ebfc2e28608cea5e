import { describe, expect, it } from 'vitest'

import { billNos, fenOf, sum } from '@/lib/bills'
import { paymentPause } from '@/lib/polling'

describe('bills', () => {
  it('are named in the address, each once, no more than one payment takes', () => {
    expect(billNos('B1,B2,,B1 ')).toEqual(['B1', 'B2'])
    expect(billNos(Array.from({ length: 30 }, (_, at) => `B${at}`).join(','))).toHaveLength(20)
  })

  it('are added in whole fen', () => {
    expect(sum([{ amount_fen: 10 }, { amount_fen: 20 }])).toBe(30)
  })
})

describe('an amount that was typed', () => {
  it('becomes fen without any rounding', () => {
    expect(fenOf('20')).toBe(2000)
    expect(fenOf(' 0.29 元')).toBe(29)
    expect(fenOf('20。5')).toBe(2050)
  })

  it('is refused when it is none', () => {
    expect(['', '0', '-3', '1.234', '1e3', '二十'].map(fenOf)).toEqual([null, null, null, null, null, null])
  })
})

describe('asking for a payment’s result', () => {
  it('asks after 1, 2, 3 and then every 5 seconds', () => {
    expect([1, 2, 3, 4, 5].map(paymentPause)).toEqual([1, 2, 3, 5, 5])
  })

  it('gives up after two minutes', () => {
    const pauses = Array.from({ length: 60 }, (_, at) => paymentPause(at + 1)).filter((each) => each !== null)

    expect(pauses.reduce((total, each) => (total ?? 0) + (each ?? 0), 0)).toBe(116)
    expect(paymentPause(60)).toBeNull()
  })
})
