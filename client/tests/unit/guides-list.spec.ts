import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import List from '@/pages/guides/list.vue'

import { aHit } from './guide-data'
import { server } from './server'
import { page } from './setup'

const settled = () => new Promise((resolve) => setTimeout(resolve))

function answer(items: unknown[], beside: object = {}) {
  return { body: { items, next_cursor: null, ...beside } }
}

describe('the list of guides', () => {
  it('says why something was found, and what was understood', async () => {
    page.options = { q: encodeURIComponent('sfz丢了') }
    const heard = server({
      'GET /guides': answer(
        [aHit('居民身份证丢失补领', { highlight: { field: 'plain_names', text: '身份证丢了', matched: ['身份证丢'] } })],
        { understood_as: '身份证丢了', confident: true, answers: [] },
      ),
    })
    const view = mount(List)
    await settled()

    expect(decodeURIComponent(heard[0]?.path ?? '')).toContain('q=sfz丢了')
    expect(view.text()).toContain('按“身份证丢了”为您查找')
    expect(view.find('.guide-card .hit').text()).toBe('身份证丢')
  })

  it('leads to a person when nothing was found', async () => {
    page.options = { q: 'qqq' }
    server({ 'GET /guides': answer([], { understood_as: 'qqq', confident: false, answers: [] }) })
    const view = mount(List)
    await settled()

    expect(view.text()).toContain('没有找到')
    expect(view.text()).toContain('12345')
  })

  it('stays where it was when one comes back from a guide', async () => {
    const heard = server({ 'GET /guides': answer([aHit('一')]) })
    mount(List)
    await settled()

    page.shown.forEach((hook) => hook())
    await settled()

    expect(heard.filter((asked) => asked.path.startsWith('/guides'))).toHaveLength(1)
  })

  it('asks again when one comes back to a list that could not be had', async () => {
    let away = true
    server({ 'GET /guides': () => (away ? { status: 503, body: { code: 'busy', detail: '系统正忙' } } : answer([aHit('一')])) })
    const view = mount(List)
    await vi.waitFor(() => expect(view.text()).toContain('系统正忙'))

    away = false
    page.shown.forEach((hook) => hook())
    await vi.waitFor(() => expect(view.text()).toContain('一'))

    expect(view.text()).not.toContain('系统正忙')
  })

  it('narrows by what was chosen in the sheet, with counts', async () => {
    const heard = server({
      'GET /guides': answer([aHit('一')]),
      'GET /themes': answer([{ key: '社保', name: '社保', count: 9, provenance: 'demo' }]),
    })
    const view = mount(List)
    await settled()

    await view.findAll('.filter')[0]?.trigger('click')
    await settled()
    expect(view.find('.y-sheet').text()).toContain('9项')
    await view.findAll('.choice')[1]?.trigger('click')
    await settled()

    expect(decodeURIComponent(heard.at(-1)?.path ?? '')).toBe('/guides?theme=社保')
  })

  it('asks for suggestions when typing rests, not at every letter', async () => {
    const heard = server({
      'GET /guides': answer([]),
      'GET /guides/suggest': answer([{ text: '身份证丢了', task_code: '1', name: '居民身份证丢失补领', provenance: 'demo' }]),
    })
    const view = mount(List)
    await settled()
    vi.useFakeTimers()

    for (const value of ['s', 'sf', 'sfz']) view.find('.guide-search .box').element.dispatchEvent(new CustomEvent('input', { detail: { value } }))
    await vi.advanceTimersByTimeAsync(300)
    vi.useRealTimers()

    expect(heard.filter((asked) => asked.path.startsWith('/guides/suggest')).map((asked) => asked.path)).toEqual(['/guides/suggest?q=sfz&limit=8'])
    expect(view.find('.offered').text()).toContain('居民身份证丢失补领')
  })
})
