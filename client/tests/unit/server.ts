import { vi } from 'vitest'

interface Asked {
  method: string
  path: string
  body: unknown
  header: Record<string, string>
}

type Reply = { status?: number; body?: unknown } | 'no network'

/** The backend of one test: answers by method and path, and remembers what it was asked. */
export function server(replies: Record<string, Reply | ((asked: Asked) => Reply)>): Asked[] {
  const heard: Asked[] = []
  vi.mocked(uni.request).mockImplementation(((options: UniApp.RequestOptions) => {
    const path = String(options.url).replace(/^.*\/api\/v1/, '')
    const asked: Asked = {
      method: options.method ?? 'GET',
      path,
      body: options.data === undefined ? undefined : JSON.parse(String(options.data)),
      header: options.header as Record<string, string>,
    }
    heard.push(asked)
    const found = replies[`${asked.method} ${path.split('?')[0]}`] ?? { status: 404, body: {} }
    const reply = typeof found === 'function' ? found(asked) : found
    if (reply === 'no network') options.fail?.({ errMsg: 'request:fail' })
    else options.success?.({ statusCode: reply.status ?? 200, data: reply.body ?? {}, header: {}, cookies: [] } as never)
  }) as never)
  return heard
}
