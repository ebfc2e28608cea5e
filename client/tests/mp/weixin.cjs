/**
 * Runs the WeChat build without WeChat: its own compiler reads every page, its simulator draws it, and wx.request
 * asks a real backend. Prints what each page said as JSON.
 *
 * node weixin.cjs <build> <backend> <order.json>; the order: {login: address that gives a code,
 * pages: {"pages/guides/list": {query}}, taps: {"pages/guides/list": ".class of the thing to tap"}}
 */
const fs = require('node:fs')
const path = require('node:path')

const { JSDOM } = require('jsdom')

const { ask, login, parsed, settled } = require('./network.cjs')

const [root, backend, orderFile] = process.argv.slice(2).map((each, at) => (at === 1 ? each : path.resolve(each)))
const order = JSON.parse(fs.readFileSync(orderFile, 'utf8'))
const noise = []

const dom = new JSDOM('<!doctype html><html><body></body></html>', { pretendToBeVisual: true, url: 'http://localhost/' })
for (const name of Object.getOwnPropertyNames(dom.window)) if (!(name in global)) global[name] = dom.window[name]
Object.assign(global, { window: dom.window, document: dom.window.document })
console.log = console.info = () => undefined
console.error = console.warn = (...words) => noise.push(words.map(String).join(' '))
process.on('unhandledRejection', (trouble) => noise.push(`unhandled: ${trouble?.message ?? trouble}`))

const simulate = require('miniprogram-simulate')

const moves = []
const storage = new Map()
const move = (kind) => (options) => {
  moves.push(`${kind} ${options.url ?? ''}`.trim())
  options.success?.({})
  options.complete?.({})
}
Object.assign(global.wx, {
  request: (options) => void send(options),
  login: (options) => void login(order.login).then((given) => options.success({ code: given.code, errMsg: 'login:ok' })),
  getStorageSync: (key) => storage.get(key) ?? '',
  setStorageSync: (key, value) => void storage.set(key, value),
  removeStorageSync: (key) => void storage.delete(key),
  getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
  getSystemInfoSync: () => ({ platform: 'devtools', windowWidth: 390, windowHeight: 844, pixelRatio: 2, language: 'zh_CN' }),
  getAppBaseInfo: () => ({ SDKVersion: '3.5.0', language: 'zh_CN', host: { env: 'WeChat' }, fontSizeScaleFactor: order.fontScale ?? 1 }),
  getDeviceInfo: () => ({ platform: 'devtools' }),
  getWindowInfo: () => ({ windowWidth: 390, windowHeight: 844, pixelRatio: 2 }),
  getLaunchOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
  getEnterOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
  navigateTo: move('navigateTo'),
  redirectTo: move('redirectTo'),
  switchTab: move('switchTab'),
  navigateBack: move('navigateBack'),
  getScreenBrightness: (options) => options.success?.({ value: 0.5 }),
  arrayBufferToBase64: (buffer) => Buffer.from(buffer).toString('base64'),
})
for (const name of ['setScreenBrightness', 'setKeepScreenOn', 'setNavigationBarTitle', 'onNetworkStatusChange', 'offNetworkStatusChange',
  'stopPullDownRefresh', 'showToast', 'showModal', 'vibrateLong', 'getLocation', 'onAppShow', 'onAppHide', 'pageScrollTo']) {
  global.wx[name] = () => undefined
}
global.App = (options) => (global.runningApp = options)
global.getApp = () => global.runningApp
global.Page = () => undefined
global.getCurrentPages = () => [{}, {}]
global.Behavior = global.Behavior || ((options) => options)

async function send(options) {
  const url = new URL(options.url)
  try {
    const body = options.method === 'GET' ? undefined : options.data
    const answer = await ask(backend + url.pathname + url.search, { method: options.method, headers: options.header, body })
    const data = options.responseType === 'arraybuffer' ? answer.body : parsed(answer.body)
    options.success?.({ statusCode: answer.status, data, header: answer.headers })
  } catch (trouble) {
    options.fail?.({ errMsg: `request:fail ${trouble.message}` })
  }
  options.complete?.({})
}

async function open(page, query) {
  const component = simulate.render(simulate.load(path.join(root, page), { rootPath: root }))
  const parent = document.createElement('div')
  document.body.appendChild(parent)
  component.attach(parent)
  component.instance.onLoad?.(query)
  component.instance.onShow?.()
  component.instance.onReady?.()
  await settled()
  return { component, parent }
}

async function main() {
  require(path.join(root, 'app.js'))
  global.runningApp.onLaunch?.({ path: '', query: {}, scene: 1001 })
  const said = {}
  for (const [page, query] of Object.entries(order.pages)) {
    const heard = noise.length
    const { component, parent } = await open(page, query)
    said[page] = { text: parent.textContent.replace(/\s+/g, ' '), html: parent.innerHTML.slice(0, 2000), noise: noise.slice(heard) }
    const selector = order.taps?.[page]
    if (selector) {
      const found = component.querySelector(selector)
      said[page].tapped = Boolean(found)
      found?.dispatchEvent('touchstart')
      found?.dispatchEvent('touchend')
      found?.dispatchEvent('tap', { bubbles: true, composed: true })
      await settled()
      said[page].after = parent.textContent.replace(/\s+/g, ' ')
    }
    component.instance.onUnload?.()
    component.detach()
  }
  return { pages: said, moves, listed: JSON.parse(fs.readFileSync(path.join(root, 'app.json'), 'utf8')).pages }
}

main().then(
  (told) => process.stdout.write(JSON.stringify(told), () => process.exit(0)),
  (trouble) => {
    process.stderr.write(`${trouble.stack}\n${noise.join('\n')}`)
    process.exit(1)
  },
)
