import { expect, it } from 'vitest'

import { size } from '@/lib/display'

it('follows the size that another tab chose, and nothing else that it stored', () => {
  uni.setStorageSync('size', 'elder')
  dispatchEvent(new StorageEvent('storage', { key: 'draft' }))
  expect(size.value).toBe('standard')

  dispatchEvent(new StorageEvent('storage', { key: 'size' }))
  expect(size.value).toBe('elder')
})
