import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { option } from '@/lib/options'
import { leadsTo } from '@/lib/scan'
import Scan from '@/pages/scan/scan.vue'

import { server } from './server'
import { page } from './setup'

const settled = () => new Promise((resolve) => setTimeout(resolve))
const GUIDE = {
  action: 'open_guide', target: '1135', title: '身份证丢失补领', items: [], provenance: 'demo', page: '/pages/guides/detail?task_code=1135',
}

async function opened(options: Record<string, string>, reply: object) {
  page.options = options
  const heard = server({ 'POST /codes/scan': reply })
  const view = mount(Scan)
  await settled()
  return { view, heard }
}

describe('scanning', () => {
  it('asks the server at once about the code it was opened with', async () => {
    const { view, heard } = await opened({ q: encodeURIComponent('https://city/q/abc') }, { body: GUIDE })

    expect(heard[0]?.body).toEqual({ content: 'https://city/q/abc' })
    expect(view.text()).toContain('身份证丢失补领')
    await view.find('.y-button').trigger('click')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/guides/detail?task_code=1135' })
  })

  it('says the server’s sentence about a code that is none', async () => {
    const { view } = await opened({ scene: 'x' }, { status: 404, body: { code: 'code_unknown', detail: '这不是可用的一码办码' } })

    expect(view.text()).toContain('这不是可用的一码办码')
  })

  it('sends to the login when only that can tell', async () => {
    const { view } = await opened({ content: 'x' }, { status: 401, body: { code: 'login_required', detail: '请先登录' } })

    await view.find('.y-empty .action').trigger('click')

    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/login/login' })
  })

  it('asks nothing before something was typed', async () => {
    const { view, heard } = await opened({}, { body: GUIDE })

    expect(heard.filter((asked) => asked.path === '/codes/scan')).toHaveLength(0)
    expect(view.find('.y-button').attributes('aria-disabled')).toBe('true')
  })

  it('opens no page but ours', () => {
    expect(leadsTo('https://evil.example/pages/x')).toBe('/pages/home/home')
    expect(leadsTo('/pages/cases/detail?no=1')).toBe('/pages/cases/detail?no=1')
  })

  it('takes a value that is no code of ours as it is', () => {
    expect(option({ q: '100%' }, 'q')).toBe('100%')
    expect(option(undefined, 'q')).toBe('')
  })
})
