import { disableAutoUnmount, enableAutoUnmount } from '@vue/test-utils'
import { afterAll, afterEach, beforeEach, vi } from 'vitest'

/** What the framework gives every page; each test says what the server answers. */
type Hook = (options?: Record<string, string>) => void

const storage = new Map<string, unknown>()

export const page = { options: {} as Record<string, string>, shown: [] as Hook[], hidden: [] as Hook[] }

vi.mock('@dcloudio/uni-app', () => ({
  onLoad: (hook: Hook) => hook(page.options),
  onShow: (hook: Hook) => {
    page.shown.push(hook)
    hook()
  },
  onHide: (hook: Hook) => void page.hidden.push(hook),
  onUnload: () => undefined,
  onReady: (hook: Hook) => hook(),
  onLaunch: (hook: Hook) => hook({}),
  onPullDownRefresh: () => undefined,
  onReachBottom: () => undefined,
}))

const quiet = () => vi.fn()

beforeEach(() => {
  storage.clear()
  page.options = {}
  page.shown = []
  page.hidden = []
  vi.stubGlobal('getCurrentPages', () => [{}, {}])
})

// A second try or a look at what has come in that is still to be made would be heard by the next test.
const later = globalThis.setTimeout
const waiting = new Set<ReturnType<typeof later>>()
vi.stubGlobal('setTimeout', (...given: Parameters<typeof later>) => {
  const timer = later(...given)
  waiting.add(timer)
  return timer
})

afterEach(() => {
  waiting.forEach((timer) => clearTimeout(timer))
  waiting.clear()
  vi.restoreAllMocks()
})

// Files share a worker: none leaves pages, clocks, mocks or modules to the next.
const MOCKED = ['@/lib/documents', '@/lib/files', '@/lib/platform']
enableAutoUnmount(afterEach)
afterAll(() => {
  disableAutoUnmount()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  MOCKED.forEach((path) => vi.doUnmock(path))
  vi.resetModules()
  document.body.innerHTML = ''
})

vi.stubGlobal('uni', {
  request: quiet(),
  uploadFile: quiet(),
  navigateTo: quiet(),
  redirectTo: quiet(),
  switchTab: quiet(),
  navigateBack: quiet(),
  showToast: quiet(),
  showModal: quiet(),
  stopPullDownRefresh: quiet(),
  setNavigationBarTitle: quiet(),
  pageScrollTo: quiet(),
  setClipboardData: quiet(),
  makePhoneCall: quiet(),
  chooseImage: quiet(),
  getLocation: quiet(),
  onNetworkStatusChange: quiet(),
  offNetworkStatusChange: quiet(),
  openLocation: quiet(),
  vibrateLong: quiet(),
  arrayBufferToBase64: () => '',
  getStorageSync: (key: string) => storage.get(key) ?? '',
  setStorageSync: (key: string, value: unknown) => void storage.set(key, value),
  removeStorageSync: (key: string) => void storage.delete(key),
  getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
})
