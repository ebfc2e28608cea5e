import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import Materials from '@/pages/apply/materials.vue'
import type { CaseShown } from '@/lib/types'

import { aCase, material, photo } from './cases-data'
import { server } from './server'
import { page } from './setup'

const PHOTOS = '/cases/C1/materials/M1/photos'
type Replies = Parameters<typeof server>[0]

let last: ReturnType<typeof mount> | undefined
afterEach(() => last?.unmount())

async function opened(changes: Partial<CaseShown>, replies: Replies = {}) {
  page.options = { no: 'C1' }
  const heard = server({ 'GET /cases/C1': { body: aCase(changes) }, ...replies })
  const shown = (last = mount(Materials))
  await flushPromises()
  const press = async (name: string) => {
    await shown.findAll('[role=button]').find((each) => (each.attributes('aria-label') ?? each.text()) === name)?.trigger('click')
    await flushPromises()
  }
  return { shown, heard, press }
}

const taken = (...paths: string[]) =>
  vi.mocked(uni.chooseImage).mockImplementation(((options: UniApp.ChooseImageOptions) => options.success?.({ tempFilePaths: paths } as never)) as never)

describe('handing in materials', () => {
  it('says of each material whether it is needed, one of several is enough, or nothing is to be photographed', async () => {
    const { shown } = await opened({
      materials: [
        material({ photos: [photo(1)] }),
        material({ material_code: 'P', name: '证件照' }),
        material({ material_code: 'A', name: '房产证', one_of: 'home', mandatory: false }),
        material({ material_code: 'B', name: '租房合同', one_of: 'home', mandatory: false, photos: [photo(3)] }),
        material({ material_code: 'F', name: '申请表', takes_photos: false }),
      ],
    })

    const words = shown.findAll('.material-card .head').map((each) => each.text())
    expect(words).toEqual(['身份证已交1张', '证件照还没交', '房产证已有一项，可不交', '租房合同已交1张', '申请表不用拍照'])
  })

  it('shows what was noticed about a page as a sentence, with a way to take it again', async () => {
    const findings = [{ code: 'blur', sentence: '照片有些模糊，请拿稳手机对准后重拍' }]
    const { shown } = await opened({ materials: [material({ photos: [photo(7, { findings })] })] })

    expect(shown.text()).toContain('照片有些模糊')
    expect(shown.find('[aria-label="第1张：重拍"]').exists()).toBe(true)
  })

  it('puts a retaken page into the place of the old one', async () => {
    taken('new.jpg')
    vi.mocked(uni.uploadFile).mockImplementation(((options: UniApp.UploadFileOption) =>
      options.success?.({ statusCode: 201, data: JSON.stringify(photo(9)) } as never)) as never)
    const { heard, press, shown } = await opened({ materials: [material({ photos: [photo(1), photo(2)] })] })

    await press('第1张：重拍')

    expect(vi.mocked(uni.uploadFile).mock.calls.at(-1)?.[0].url).toContain(`${PHOTOS}/1/retake`)
    expect(heard.filter((asked) => asked.method !== 'GET')).toHaveLength(0)
    expect(shown.findAllComponents({ name: 'photo-line' }).map((line) => line.props('photo').id)).toEqual([9, 2])
  })

  it('keeps the old page while the new one is on its way', async () => {
    taken('new.jpg')
    vi.mocked(uni.uploadFile).mockImplementation(((options: UniApp.UploadFileOption) => options.fail?.({ errMsg: 'uploadFile:fail' } as never)) as never)
    const { press, shown } = await opened({ case_no: 'C1', materials: [material({ material_code: 'M9', photos: [photo(1)] })] })

    await press('第1张：重拍')

    expect(shown.find('.upload-line').text()).toContain('重拍的第1张')
    expect(shown.findAll('.photo-line')).toHaveLength(1)
    await press('重拍的第1张：不传这张了')
  })

  it('asks no more about a page once the citizen says that it is good enough', async () => {
    const findings = [{ code: 'cut', sentence: '材料的边角可能没有拍全，请离远一点重拍' }]
    const { shown, press } = await opened({ materials: [material({ photos: [photo(8, { findings })] })] })

    await press('第1张：就用这张')

    expect(shown.find('.photo-line').text()).not.toContain('没有拍全')
    expect(shown.find('[aria-label="第1张：重拍"]').exists()).toBe(true)
  })

  it('keeps a page when the citizen leaves the camera without a picture', async () => {
    taken()
    const { heard, press } = await opened({ materials: [material({ photos: [photo(1)] })] })

    await press('第1张：重拍')

    expect(heard.filter((asked) => asked.method === 'DELETE')).toHaveLength(0)
  })

  it('says what to do when the phone gives us no camera', async () => {
    vi.mocked(uni.chooseImage).mockImplementation(((options: UniApp.ChooseImageOptions) => options.fail?.({ errMsg: 'chooseImage:fail auth deny' })) as never)
    const { shown, press } = await opened({})

    await press('身份证：拍照或从相册选')

    expect(shown.find('[role=alert]').text()).toContain('允许使用相机和相册')
  })

  it('deletes only after asking', async () => {
    vi.mocked(uni.showModal).mockImplementation(((options: UniApp.ShowModalOptions) => options.success?.({ confirm: false } as never)) as never)
    const { heard, press, shown } = await opened({ materials: [material({ photos: [photo(1)] })] })

    await press('第1张：删除')

    expect(heard.filter((asked) => asked.method === 'DELETE')).toHaveLength(0)
    expect(shown.findAll('.photo-line')).toHaveLength(1)
  })

  it('moves a page later', async () => {
    const { heard, press, shown } = await opened(
      { materials: [material({ photos: [photo(1), photo(2)] })] },
      { [`PUT ${PHOTOS}/order`]: { body: { items: [photo(2), photo(1)] } } },
    )

    await press('第1张：下移')

    expect(heard.find((asked) => asked.method === 'PUT')?.body).toEqual({ photo_ids: [2, 1] })
    expect(shown.findAll('.photo-line')).toHaveLength(2)
  })

  it('shows how far a page is in words and as a progress bar', async () => {
    taken('a.jpg')
    let told: (state: { progress: number }) => void = () => undefined
    vi.mocked(uni.uploadFile).mockImplementation((() => ({ onProgressUpdate: (hear: typeof told) => (told = hear) })) as never)
    const { shown, press } = await opened({ materials: [material({ material_code: 'M9' })] })

    await press('身份证：拍照或从相册选')
    told({ progress: 45 })
    await flushPromises()

    expect(shown.text()).toContain('正在上传 45%')
    expect(shown.find('[role=progressbar]').attributes('aria-valuenow')).toBe('45')
  })

  it('offers no more once a material has all the pages it may have', async () => {
    const photos = Array.from({ length: 12 }, (_, at) => photo(at + 1))
    const { shown } = await opened({ materials: [material({ material_code: 'M8', photos })] })

    expect(shown.text()).toContain('已有12张，不能再加')
  })
})
