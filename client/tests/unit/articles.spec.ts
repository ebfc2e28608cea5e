import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import type { Article, SpecialStep } from '@/lib/types'
import Detail from '@/pages/articles/detail.vue'
import List from '@/pages/articles/list.vue'
import Steps from '@/pages/guides/steps.vue'

import { aHit } from './guide-data'
import { server } from './server'
import { page } from './setup'

const settled = () => new Promise((resolve) => setTimeout(resolve))

const ARTICLE = {
  key: 'id', title: '身份证丢了不用回老家', summary: '就近补办。', published_on: '2026-11-02', source: '居民身份证法', provenance: 'demo-authored',
  items: [aHit('补领')], paragraphs: ['第一段。', '第二段。'],
} as Article

describe('policies in plain words', () => {
  it('leads from the list to the article', async () => {
    server({ 'GET /articles': { body: { items: [ARTICLE], next_cursor: null } } })
    const view = mount(List)
    await settled()

    await view.find('.article-cell').trigger('click')

    expect(view.text()).toContain('讲到1件事')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/articles/detail?key=id' })
  })

  it('shows every paragraph, and how to do what it is about', async () => {
    page.options = { key: 'id' }
    server({ 'GET /articles/id': { body: ARTICLE } })
    const view = mount(Detail)
    await settled()

    expect(view.findAll('.paragraph').map((each) => each.text())).toEqual(['第一段。', '第二段。'])
    expect(view.find('.guide-card').text()).toContain('补领')
  })

  it('says that an article was taken back, rather than that something is broken', async () => {
    page.options = { key: 'gone' }
    server({ 'GET /articles/gone': { status: 404, body: { code: 'article_not_found', detail: '没有' } } })
    const view = mount(Detail)
    await settled()

    expect(view.text()).toContain('已经撤下')
  })
})

describe('the list of special steps', () => {
  it('puts the steps of one item together, and says of each whether it counts', async () => {
    const step = { task_code: '1', item_name: '食品经营许可', name: '现场核查', days: 3, unit: 'WORKDAY', days_text: '3个工作日', counted_in_limit: false, note: '', basis: '' }
    const steps = [step, { ...step, name: '专家评审', counted_in_limit: true }] as SpecialStep[]
    server({ 'GET /guides/special-steps': { body: { items: steps, next_cursor: null } } })
    const view = mount(Steps)
    await settled()

    expect(view.findAll('.y-card')).toHaveLength(1)
    expect(view.text()).toContain('这段时间不算在办理时限里')
    expect(view.text()).toContain('这段时间算在办理时限里')
  })
})
