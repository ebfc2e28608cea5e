import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { keep, unsent } from '@/lib/drafts'
import Check from '@/pages/apply/check.vue'
import type { CaseShown } from '@/lib/types'

import { aCase, field, handedIn, material, photo } from './cases-data'
import { server } from './server'
import { page } from './setup'

const whole = { form_fields: [field({ value: '幸福路1号' })], materials: [material({ photos: [photo(1)] })] }
type Replies = Parameters<typeof server>[0]

async function opened(changes: Partial<CaseShown>, replies: Replies = {}) {
  page.options = { no: 'C1' }
  const heard = server({ 'GET /cases/C1': { body: aCase(changes) }, ...replies })
  const shown = mount(Check)
  await flushPromises()
  const press = async (selector: string, words = '') => {
    await shown.findAll(selector).find((each) => each.text().includes(words))?.trigger('click')
    await flushPromises()
  }
  const aboutCase = () => heard.filter((asked) => asked.path.startsWith('/cases') && !/photos|co-signing/.test(asked.path))
  const posted = () => heard.filter((asked) => asked.method === 'POST')
  return { shown, aboutCase, press, posted }
}

describe('checking before handing in', () => {
  it('names everything that is missing at once, each with its way', async () => {
    const { shown, press } = await opened({ form_fields: [field()], materials: [material()] })

    expect(shown.findAll('.y-cell').map((each) => each.text())).toEqual(['请填写联系地址去填表›', '请上传“身份证”去交材料›'])
    await press('.y-cell', '身份证')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/apply/materials?no=C1&at=M1&from=check' })
  })

  it('says where others went wrong while it can still be mended', async () => {
    const { shown } = await opened({ ...whole, common_mistakes: ['照片背景不是白色'] })

    expect(shown.text()).toContain('照片背景不是白色')
  })

  it('asks for the tick before anything is sent', async () => {
    const { shown, press, posted } = await opened(whole)

    await press('.y-button', '提交申请')

    expect(shown.text()).toContain('请先在上面打勾确认')
    expect(posted()).toHaveLength(0)
  })

  it('hands in once, with a key, and says where it is now', async () => {
    const { press, posted } = await opened(whole, { 'POST /cases/C1/submit': { body: handedIn() } })
    await press('[role=checkbox]')
    await press('.y-button', '提交申请')

    expect(posted()).toHaveLength(1)
    expect(posted()[0]?.header['Idempotency-Key']).toBeTruthy()
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/pages/cases/detail?no=C1&handed=1' })
  })

  it('shows what the server still misses, in its words', async () => {
    const errors = { 'form.id_number': ['公民身份号码有误'], 'materials.M1': ['请上传“身份证”'] }
    const no = { status: 422, body: { code: 'submission_incomplete', detail: '还有内容没有填好', errors } }
    const { shown, press } = await opened(whole, { 'POST /cases/C1/submit': no })
    await press('[role=checkbox]')
    await press('.y-button', '提交申请')

    expect(shown.findAll('.y-cell').map((each) => each.text())).toEqual(['公民身份号码有误去填表›', '请上传“身份证”去交材料›'])
    expect(uni.redirectTo).not.toHaveBeenCalled()
  })

  it('first hands over what the phone still holds, and shows that', async () => {
    keep('C1', 'address', '新地址')
    const { aboutCase } = await opened(whole, { 'PATCH /cases/C1/form': { body: aCase() } })

    expect(aboutCase().map((asked) => asked.method)).toEqual(['PATCH', 'GET'])
    expect(unsent('C1')).toEqual({})
  })

  it('hands in nothing while an answer cannot leave the phone', async () => {
    vi.useFakeTimers()
    const { press, posted, shown } = await opened(whole, { 'PATCH /cases/C1/form': 'no network' })
    keep('C1', 'address', '新地址')
    await press('[role=checkbox]')
    await press('.y-button', '提交申请')
    await vi.advanceTimersByTimeAsync(1000)
    vi.useRealTimers()

    expect(posted()).toHaveLength(0)
    expect(shown.text()).toContain('网络不通')
  })

  it('says of a case handed in elsewhere that it is done', async () => {
    const { shown } = await opened(handedIn())

    expect(shown.text()).toContain('查看这个办件')
    expect(shown.text()).not.toContain('提交申请')
  })
})
