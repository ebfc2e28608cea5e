import { readFileSync } from 'node:fs'

import { afterEach, expect, it } from 'vitest'

import { size } from '@/lib/display'

const STYLES = ['src/styles/base.css', 'node_modules/@dcloudio/uni-h5/style/api/toast.css']

afterEach(() => {
  delete document.documentElement.dataset.size
  document.head.innerHTML = document.body.innerHTML = ''
})

it.each([['standard', '16px'], ['elder', '20px'], ['huge', '24px']])('writes a short notice large enough: %s', (chosen, letters) => {
  document.documentElement.dataset.size = chosen
  document.head.innerHTML = STYLES.map((path) => `<style>${readFileSync(path, 'utf8')}</style>`).join('')
  document.body.innerHTML = '<uni-toast><div class="uni-sample-toast"><p class="uni-simple-toast__text">已记下</p></div></uni-toast>'

  expect(getComputedStyle(document.querySelector('p') as Element).fontSize).toBe(letters)
})

it('follows the size that another tab chose, and nothing else that it stored', () => {
  uni.setStorageSync('size', 'elder')
  dispatchEvent(new StorageEvent('storage', { key: 'draft' }))
  expect(size.value).toBe('standard')

  dispatchEvent(new StorageEvent('storage', { key: 'size' }))
  expect(size.value).toBe('elder')
})
