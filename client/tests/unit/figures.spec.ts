import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { countedText, groups, keptText, partText } from '@/lib/figures'
import type { Figure, Report } from '@/lib/types'
import Figures from '@/pages/figures/figures.vue'

import { server } from './server'

const settled = () => new Promise((resolve) => setTimeout(resolve))

function aFigure(key: string, change: Partial<Figure> = {}): Figure {
  return {
    key, promises: [], name: key, definition: '怎么数', unit: 'share', value: 0.75, text: '75%', counted: 45, of: 60, goal: null, goal_text: '',
    kept: null, observed: null, parts: [], ...change,
  } as Figure
}

const REPORT: Report = {
  counted_on: '2026-11-20', figures: [aFigure('zero_visit', { name: '一趟不用跑', goal: 0.35, goal_text: '不低于35%', kept: true })],
  stations: [], over_visits: [], baseline: null, not_measured: [{ promises: ['N09'], name: '高频事项', reason: '办件还不够' }], provenance: 'demo-authored',
} as Report

describe('the words of a number', () => {
  it('never says a share without what it is counted from', () => {
    expect(countedText(aFigure('zero_visit'))).toBe('60项里有45项')
    expect(countedText(aFigure('exempt_materials', { counted: 104, of: 172 }))).toBe('172份材料里有104份')
    expect(countedText(aFigure('bundle_materials', { counted: 10, of: 69 }))).toBe('69份材料里少了10份')
    expect(countedText(aFigure('limit_ratio', { counted: 246, of: 710 }))).toBe('承诺一共246天，法定一共710天')
    expect(countedText(aFigure('open_hours', { unit: 'hours', counted: 350.5, of: 8 }))).toBe('8个大厅一共350.5小时')
    expect(countedText(aFigure('bundles', { unit: 'number', counted: 12, of: null }))).toBe('一共12个')
  })

  it('says plainly that there is nothing to count yet', () => {
    expect(countedText(aFigure('over_visited', { counted: 0, of: 0 }))).toBe('还没有可以数的')
    expect(partText('online', 0, 0)).toBe('还没有可以数的')
  })

  it('says neither kept nor broken of what was not promised', () => {
    expect([true, false, null].map((kept) => keptText({ kept }))).toEqual(['已达到', '还没达到', ''])
  })

  it('loses no number that it has not met', () => {
    const found = groups({ figures: [aFigure('brand_new'), aFigure('instant')] })

    expect(found.map((group) => [group.title, group.figures.length])).toEqual([['办得快', 1], ['其他', 1]])
  })
})

describe('the page of promises', () => {
  it('shows what was promised beside what is, and what nobody measures', async () => {
    server({ 'GET /figures': { body: REPORT } })
    const view = mount(Figures)
    await settled()

    expect(view.text()).toContain('60项里有45项')
    expect(view.text()).toContain('要求不低于35%')
    expect(view.text()).toContain('已达到')
    expect(view.text()).toContain('办件还不够')
    expect(view.text()).toContain('演示数据')
  })
})
