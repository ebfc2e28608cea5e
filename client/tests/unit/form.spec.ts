import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import FormCard from '@/components/form-card.vue'
import YField from '@/components/y-field.vue'
import { acting } from '@/lib/acting'
import { keep, unsent } from '@/lib/drafts'
import Form from '@/pages/apply/form.vue'

import { aCase, field, handedIn } from './cases-data'
import { server } from './server'
import { page } from './setup'

const saved = (value: string, changes = {}) => ({ body: aCase({ form_fields: [field({ value, ...changes })] }) })

let shown: VueWrapper

async function opened(options: Record<string, string> = {}): Promise<VueWrapper> {
  page.options = { no: 'C1', ...options }
  shown = mount(Form)
  await flushPromises()
  return shown
}

async function typed(text: string): Promise<void> {
  shown.findComponent(YField).vm.$emit('update:modelValue', text)
  await flushPromises()
}

const standing = () => shown.find('.standing').text()
const pressed = (words: string) => shown.findAll('.y-button').find((each) => each.text() === words)?.trigger('click')

describe('filling in the form', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => {
    shown.unmount()
    vi.useRealTimers()
  })

  it('saves by itself after a pause, and says plainly that nothing has been handed in', async () => {
    const heard = server({ 'GET /cases/C1': saved(''), 'PATCH /cases/C1/form': saved('幸福路1号') })
    await opened()
    expect(standing()).toContain('尚未提交')

    await typed('幸福路1号')
    await vi.advanceTimersByTimeAsync(1000)

    expect(heard.find((asked) => asked.method === 'PATCH')?.body).toEqual({ address: '幸福路1号' })
    expect(standing()).toBe('尚未提交 · 已自动保存')
  })

  it('loses nothing when the server is away, says so, and hands it over when the server is back', async () => {
    let away = true
    server({ 'GET /cases/C1': saved(''), 'PATCH /cases/C1/form': () => (away ? 'no network' : saved('幸福路1号')) })
    await opened()
    await typed('幸福路1号')
    await vi.advanceTimersByTimeAsync(2000)
    expect(standing()).toContain('还没传到服务器，已存在手机里')
    expect(unsent('C1')).toEqual({ address: '幸福路1号' })

    away = false
    await vi.advanceTimersByTimeAsync(10_000)

    expect(standing()).toBe('尚未提交 · 已自动保存')
    expect(unsent('C1')).toEqual({})
  })

  it('shows what was typed before the app was closed, over what the server has, and sends it', async () => {
    keep('C1', 'address', '新地址')
    const heard = server({ 'GET /cases/C1': saved('旧地址'), 'PATCH /cases/C1/form': saved('新地址') })

    await opened()

    expect(shown.findComponent(YField).props('modelValue')).toBe('新地址')
    expect(heard.at(-1)?.body).toEqual({ address: '新地址' })
  })

  it('does not let an answer that was asked for before a save overwrite it', async () => {
    let release: (() => void) | undefined
    server({ 'GET /cases/C1': saved(''), 'PATCH /cases/C1/form': saved('新') })
    await opened()
    const real = vi.mocked(uni.request).getMockImplementation()
    vi.mocked(uni.request).mockImplementationOnce(((options: UniApp.RequestOptions) => {
      release = () => options.success?.({ statusCode: 200, data: saved('旧').body, header: {}, cookies: [] } as never)
    }) as never)
    page.shown.forEach((hook) => hook())
    vi.mocked(uni.request).mockImplementation(real as never)

    await typed('新')
    shown.findComponent(YField).vm.$emit('done')
    await flushPromises()
    server({ 'GET /cases/C1': saved('新') })
    release?.()
    await flushPromises()

    expect(shown.findComponent(YField).props('modelValue')).toBe('新')
  })

  it('judges a field only when one has left it', async () => {
    const wrong = saved('12', { faults: ['手机号应为11位数字，请核对'] })
    server({ 'GET /cases/C1': saved(''), 'PATCH /cases/C1/form': wrong })
    await opened()
    await typed('12')
    await vi.advanceTimersByTimeAsync(1000)
    expect(shown.text()).not.toContain('应为11位')

    shown.findComponent(YField).vm.$emit('done')
    await flushPromises()

    expect(shown.text()).toContain('手机号应为11位数字，请核对')
  })

  it('goes on only when the server has everything', async () => {
    let away = true
    server({ 'GET /cases/C1': saved(''), 'PATCH /cases/C1/form': () => (away ? 'no network' : saved('甲')) })
    await opened()
    await typed('甲')
    await pressed('保存并继续')
    await vi.advanceTimersByTimeAsync(1000)
    expect(uni.navigateTo).not.toHaveBeenCalled()

    away = false
    await pressed('保存并继续')
    await flushPromises()

    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/apply/materials?no=C1' })
  })

  it('takes along what is typed while the rest is on its way', async () => {
    const answers: string[] = []
    server({
      'GET /cases/C1': saved(''),
      'PATCH /cases/C1/form': (asked) => {
        answers.push((asked.body as { address: string }).address)
        if (answers.length === 1) shown.findComponent(YField).vm.$emit('update:modelValue', '幸福路1号')
        return saved(answers.at(-1) ?? '')
      },
    })
    await opened()
    await typed('幸福路')
    await pressed('保存并继续')
    await flushPromises()

    expect(answers).toEqual(['幸福路', '幸福路1号'])
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/pages/apply/materials?no=C1' })
  })

  it('hears the last letters when the field is left, which the framework tells late', async () => {
    const heard = server({ 'GET /cases/C1': saved(''), 'PATCH /cases/C1/form': saved('幸福路1号') })
    await opened()
    const input = shown.findComponent(YField).find('input, textarea').element

    input.dispatchEvent(new CustomEvent('blur', { detail: { value: '幸福路1号' } }))
    await flushPromises()

    expect(heard.at(-1)?.body).toEqual({ address: '幸福路1号' })
  })

  it('shows an application that was handed in as done, and lets nobody type', async () => {
    server({ 'GET /cases/C1': { body: handedIn() } })

    await opened()

    expect(shown.findComponent(YField).exists()).toBe(false)
    expect(shown.text()).toContain('已提交，待受理')
  })

  it('shows the server’s own sentence beside the field it refuses', async () => {
    const no = { status: 422, body: { code: 'form_refused', detail: '有内容没有保存，请按提示修改', errors: { address: ['联系地址里有无法识别的字符'] } } }
    server({ 'GET /cases/C1': saved(''), 'PATCH /cases/C1/form': no })
    await opened()
    await typed('\u0007')
    await vi.advanceTimersByTimeAsync(1000)

    expect(shown.findComponent(YField).props('faults')).toEqual(['联系地址里有无法识别的字符'])
    expect(standing()).toContain('有内容没有保存')
  })
})

it('leaves to the applicant what is theirs alone while somebody else fills in the form', () => {
  acting.value = { id: 3, name: '**英', acts: ['apply', 'track'] }
  const account = field({ key: 'account_number', label: '收款账号', own_hand: true })
  const card = mount(FormCard, { props: { fields: [field(), account], answers: {}, faults: {}, standing: 'saved', problem: null } })

  expect(card.findAll('.y-field').length).toBe(1)
  expect(card.text()).toContain('要申请人本人填')
  acting.value = null
})
