import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import { defineConfig, type Plugin } from 'vite'
import uniPlugin from '@dcloudio/vite-plugin-uni'

const uni = ((uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin) as (
  options: object,
) => Plugin[]

/** WeChat reads `aria-role` where H5 and Alipay read `role`; sources say `role`. */
function ariaRole(): Plugin {
  return {
    name: 'aria-role',
    enforce: 'pre',
    transform(code, id) {
      if (process.env.UNI_PLATFORM !== 'mp-weixin' || !id.endsWith('.vue')) return undefined
      return { code: code.replace(/(\s)(:?)role=/g, '$1$2aria-role='), map: null }
    },
  }
}

/** WeChat puts a host element around each component, which would break rows of buttons; ours have none. */
function noHosts(): Plugin {
  const script = '<script setup lang="ts">'
  return {
    name: 'no-hosts',
    enforce: 'pre',
    transform(code, id) {
      if (process.env.UNI_PLATFORM !== 'mp-weixin' || !/\/src\/components\/[\w-]+\.vue$/.test(id)) return undefined
      return { code: code.replace(script, `${script}\ndefineOptions({ options: { virtualHost: true } })`), map: null }
    },
  }
}

/**
 * The mini-programs' compiler names the parts of a page after the folder it works in, unless the page has styles of
 * its own; named after the place in the project, builds of the same source are equal byte by byte everywhere.
 */
function partsByPlace(node: { type: number }, context: { filename?: string; hashId?: string; scopeId?: string }): void {
  const isRoot = node.type === 0
  if (!isRoot || context.scopeId || !context.filename || !('hashId' in context)) return
  const place = relative(process.cwd(), context.filename.split('?')[0]!).replaceAll('\\', '/')
  context.hashId = createHash('sha256').update(place).digest('hex').slice(0, 8)
}

/** The framework's base styles name a picture on its maker's CDN; the client asks no third party for anything. */
function noThirdParty(): Plugin {
  return {
    name: 'no-third-party',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && /\.(css|acss|wxss)$/.test(file.fileName)) {
          file.source = String(file.source).replace(/url\((['"]?)https?:\/\/[^)]*\)/g, 'none')
        }
      }
    },
  }
}

export default defineConfig({
  plugins: [
    ariaRole(),
    noHosts(),
    uni({ vueOptions: { template: { compilerOptions: { nodeTransforms: [partsByPlace] } } } }),
    noThirdParty(),
  ],
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8000' } },
})
