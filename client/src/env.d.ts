/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the mini-programs find the backend; the H5 build asks the host it came from. */
  readonly VITE_API_URL?: string
}

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}
