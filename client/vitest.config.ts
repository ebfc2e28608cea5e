import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** What a mini-program draws itself; in the tests these are plain elements. */
const NATIVE = new Set([
  'view', 'text', 'image', 'block', 'swiper', 'swiper-item', 'scroll-view', 'picker', 'picker-view',
  'picker-view-column', 'navigator', 'checkbox-group', 'radio-group', 'checkbox', 'radio', 'switch', 'label',
])

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => NATIVE.has(tag) } } })],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // One worker for all: to build a world for each file took three times as long as the tests themselves.
  // A slow machine is no fault of the code: the time is for what hangs.
  test: {
    environment: 'happy-dom', pool: 'threads', isolate: false, testTimeout: 60_000, hookTimeout: 60_000,
    include: ['tests/unit/**/*.spec.ts'], setupFiles: ['tests/unit/setup.ts'],
  },
})
