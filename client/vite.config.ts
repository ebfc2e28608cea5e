import { defineConfig, type Plugin } from 'vite'
import uniPlugin from '@dcloudio/vite-plugin-uni'

const uni = ((uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin) as () => Plugin[]

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
  plugins: [ariaRole(), noHosts(), uni(), noThirdParty()],
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8000' } },
})
