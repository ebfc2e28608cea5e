/**
 * Runs the Alipay build in plain node: `my`, App, Page and Component are stand-ins, my.request asks a real
 * backend. Nobody draws the pages here (there is no compiler of AXML outside Alipay): their data, and that every
 * handler which the markup names exists, is what this can see. Prints it as JSON.
 *
 * node alipay.cjs <build> <backend> <order.json>; the order: {login, pages: {"pages/guides/list": {query}}}
 */
const fs = require('node:fs')
const path = require('node:path')

const { ask, login, parsed, settled } = require('./network.cjs')

const [root, backend, orderFile] = process.argv.slice(2).map((each, at) => (at === 1 ? each : path.resolve(each)))
const order = JSON.parse(fs.readFileSync(orderFile, 'utf8'))
const noise = []
console.log = console.info = () => undefined
console.error = console.warn = (...words) => noise.push(words.map(String).join(' '))
process.on('unhandledRejection', (trouble) => noise.push(`unhandled: ${trouble?.message ?? trouble}`))

const storage = new Map()
const known = {
  SDKVersion: '2.9.50',
  getSystemInfoSync: () => ({ platform: 'android', app: 'alipay', language: 'zh-Hans', pixelRatio: 2, windowWidth: 390, windowHeight: 844 }),
  getStorageSync: ({ key }) => ({ data: storage.get(key) ?? null }),
  setStorageSync: ({ key, data }) => void storage.set(key, data),
  removeStorageSync: ({ key }) => void storage.delete(key),
  getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
  canIUse: () => true,
  getLaunchOptionsSync: () => ({ path: '', query: {} }),
  getEnterOptionsSync: () => ({ path: '', query: {} }),
  getAuthCode: (options) => void login(order.login).then((given) => options.success({ authCode: given.auth_code })),
  arrayBufferToBase64: (buffer) => Buffer.from(buffer).toString('base64'),
  request: (options) => void send(options),
}
global.my = new Proxy(known, {
  get: (all, name) => (name in all || typeof name === 'symbol' || /^[$_]/.test(name) ? all[name] : () => undefined),
})

let page = null
global.App = (options) => (global.runningApp = options)
global.getApp = () => global.runningApp
global.Page = (options) => (page = options)
global.Component = () => undefined
global.getCurrentPages = () => []

async function send(options) {
  const url = new URL(options.url)
  const method = options.method ?? 'GET'
  try {
    const given = typeof options.data === 'string' ? options.data : JSON.stringify(options.data)
    const body = method === 'GET' ? undefined : given
    const answer = await ask(backend + url.pathname + url.search, { method, headers: options.headers ?? options.header, body })
    options.success?.({ status: answer.status, data: parsed(answer.body), headers: {} })
  } catch (trouble) {
    options.fail?.({ error: 12, errorMessage: trouble.message })
  }
  options.complete?.({})
}

/** What Alipay's setData does, with paths such as `a.b[0]`. */
function setData(changes, done) {
  for (const [place, value] of Object.entries(changes)) {
    const keys = place.replace(/\[(\d+)\]/g, '.$1').split('.')
    let holder = this.data
    for (const key of keys.slice(0, -1)) holder = holder[key] = holder[key] ?? {}
    holder[keys.at(-1)] = value
  }
  done?.()
}

function spliceData(changes) {
  for (const [place, change] of Object.entries(changes)) (this.data[place] = this.data[place] ?? []).splice(...change)
}

async function open(name, query) {
  page = null
  require(path.join(root, `${name}.js`))
  if (!page) throw new Error(`${name} registers no page`)
  const shown = Object.assign(Object.create(page), {
    data: { ...(page.data ?? {}) },
    $page: {},
    route: name,
    is: name,
    setData,
    $spliceData: spliceData,
    $batchedUpdates: (work) => work(),
  })
  shown.onLoad(query)
  shown.onShow?.()
  shown.onReady?.()
  await settled()
  return shown
}

/** The handlers that the markup names and that are not there. */
function missing(name, shown) {
  const markup = fs.readFileSync(path.join(root, `${name}.axml`), 'utf8')
  const named = [...markup.matchAll(/\son[A-Z]\w*="\{\{([\w]+)\}\}"/g)].map((found) => found[1])
  return named.filter((each) => shown.data[each] !== undefined && typeof shown[shown.data[each]] !== 'function')
}

async function main() {
  require(path.join(root, 'app.js'))
  global.runningApp.onLaunch?.({ path: '', query: {} })
  const said = {}
  for (const [name, query] of Object.entries(order.pages)) {
    const heard = noise.length
    const shown = await open(name, query)
    said[name] = { text: JSON.stringify(shown.data), missing: missing(name, shown), noise: noise.slice(heard) }
    shown.onUnload?.()
  }
  return { pages: said, listed: JSON.parse(fs.readFileSync(path.join(root, 'app.json'), 'utf8')).pages }
}

main().then(
  (told) => process.stdout.write(JSON.stringify(told), () => process.exit(0)),
  (trouble) => {
    process.stderr.write(`${trouble.stack}\n${noise.join('\n')}`)
    process.exit(1)
  },
)
