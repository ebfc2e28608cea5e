interface Successor {
  name: string
  task_code: string
}

/** What the server, or the network, said no with; `message` is a sentence for the citizen (RFC 9457 `detail`). */
export class Refused extends Error {
  constructor(
    readonly code: string,
    sentence: string,
    readonly status = 0,
    /** Sentences per field of the form. */
    readonly errors: Record<string, string[]> = {},
    /** Seconds after which another try makes sense. */
    readonly retryAfter: number | null = null,
    /** What is handled instead of an item that is over. */
    readonly successor: Successor | null = null,
  ) {
    super(sentence)
  }

  /** Whether nobody knows if the server did what was asked: the network broke, or it answered in trouble. */
  get unsure(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 425 || this.code === 'still_running'
  }

  /** Whether the same request may well succeed later: the network, the server or the login is away, or too soon. */
  get later(): boolean {
    return this.unsure || this.status === 401 || this.status === 408 || this.status === 429
  }
}

const SENTENCES: Record<number, string> = {
  404: '没有找到您要的内容，可能已被移走。请返回重试。',
  413: '内容太大了，请压缩或分开提交。',
  429: '操作太快了，请稍等一会儿再试。',
}

/** A refusal from an answer of any kind: problem+json, or whatever a gateway in between has said. */
export function refusal(status: number, body: unknown): Refused {
  const told = asObject(body)
  const sentence = typeof told.detail === 'string' && told.detail ? told.detail : (SENTENCES[status] ?? TROUBLE)
  return new Refused(
    typeof told.code === 'string' ? told.code : `http_${status}`,
    sentence,
    status,
    sentencesOf(told.errors),
    typeof told.retry_after === 'number' ? told.retry_after : null,
    told.successor ? (told.successor as Successor) : null,
  )
}

export const TROUBLE = '服务暂时不可用，请稍后再试。急事请拨打12345。'
export const NOT_OURS = '现在连的网络打不开一码办，可能要先登录这个网络。请换个网络再试，您已填写的内容不会丢。'
export const NO_NETWORK = '网络不通。请检查网络后重试，您已填写的内容不会丢。'

/** A refusal to show, whatever was thrown. */
export function asRefused(thrown: unknown): Refused {
  return thrown instanceof Refused ? thrown : new Refused('unexpected', TROUBLE)
}

function asObject(body: unknown): Record<string, unknown> {
  if (typeof body === 'string') {
    try {
      return asObject(JSON.parse(body))
    } catch {
      return {}
    }
  }
  return body !== null && typeof body === 'object' ? (body as Record<string, unknown>) : {}
}

function sentencesOf(errors: unknown): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(asObject(errors)).map(([field, told]) => [field, Array.isArray(told) ? told.map(String) : [String(told)]]),
  )
}
