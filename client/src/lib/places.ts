import { platform } from './platform'

/** Where the backend is: on H5 the host that served the page, in a mini-program the one it was built for. */
export const SERVER = platform === 'h5' ? '' : (import.meta.env.VITE_API_URL ?? 'https://yima.example.gov.cn')

/** A whole address for a path that the server named, such as `/api/v1/…`. */
export function address(path: string): string {
  return /^https?:/.test(path) ? path : SERVER + path
}

/** The query string of what is not empty. */
export function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const parts = Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return parts.length ? `?${parts.join('&')}` : ''
}
