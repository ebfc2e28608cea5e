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

  const press = (view: ReturnType<typeof mount>, text: string) => view.findAll('.y-button').filter((button) => button.text() === text)[0]?.trigger('click')

  it('asks for several conditions at once, and only when they are settled', async () => {
    const heard = server({
      'GET /guides': answer([aHit('一')]),
      'GET /labels': answer(['yici', 'zero_visit', 'notify_commit'].map((key) => ({ key, name: key, count: 3, provenance: 'demo' }))),
    })
    const view = mount(List)
    await settled()
    const pick = (name: string) => view.findAll('.pick').filter((each) => each.text().includes(name))[0]?.trigger('click')

    await view.findAll('.filter')[2]?.trigger('click')
    await settled()
    await pick('yici')
    await pick('到窗口办')
    await pick('最多跑一次')
    await view.find('.guide-narrow .y-tick').trigger('click')
    expect(heard.filter((each) => each.path.startsWith('/guides'))).toHaveLength(1)
    await press(view, '看结果')
    await settled()

    expect(heard.at(-1)?.path).toBe('/guides?label=yici&channel=window&max_visits=1&cross_province=true')
    expect(view.findAll('.filter')[2]?.text()).toContain('更多条件4个')
    expect(view.text()).not.toContain('zero_visit')
  })

  it('loses no word that was typed but not searched for yet', async () => {
    const heard = server({ 'GET /guides': answer([aHit('一')]) })
    const view = mount(List)
    await settled()

    view.find('.guide-search .box').element.dispatchEvent(new CustomEvent('input', { detail: { value: '社保' } }))
    await view.findAll('.y-choices .option')[1]?.trigger('click')
    await settled()

    expect(decodeURIComponent(heard.at(-1)?.path ?? '')).toBe('/guides?q=社保&audience=personal')
    expect((view.find('.guide-search .box').element as HTMLInputElement).value).toBe('社保')
  })

  it('shows policies behind the likeliest items', async () => {
    page.options = { q: 'x' }
    const article = { key: 'id', title: '不用回老家', summary: '', published_on: '2026-11-02', source: '', provenance: 'demo', items: [] }
    server({ 'GET /guides': answer([aHit('一')], { understood_as: 'x', confident: true, answers: [], articles: [article] }) })
    const view = mount(List)
    await settled()

    expect(view.find('.article-cell').text()).toContain('不用回老家')
  })

  it('hears that nothing fitted, and what was meant', async () => {
    page.options = { q: 'sfz' }
    const heard = server({
      'GET /guides': answer([aHit('补领')], { understood_as: 'sfz', confident: true, answers: [] }),
      'POST /guides/search-feedback': { status: 204 },
    })
    const view = mount(List)
    await settled()

    await press(view, '没找到')
    await settled()
    await press(view, '我知道它叫什么')
    await settled()
    await view.find('.item-finder .item').trigger('click')
    await settled()

    expect(heard.filter((each) => each.method === 'POST').map((each) => each.body)).toEqual([
      { q: 'sfz', useful: false, task_code: null },
      { q: 'sfz', useful: false, task_code: '补领' },
    ])
    expect(view.text()).toContain('以后这样说也能找到')
  })
})
