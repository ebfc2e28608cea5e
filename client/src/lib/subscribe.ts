import { facts } from './facts'
import { once } from './http'
import { platform } from './platform'
import type { Facts } from './types'

type Template = Facts['templates']['wechat'][number]

let templates: Template[] = []

/** Fetch the templates ahead: platforms let nothing come between the tap and their question. */
export async function prepareToAsk(): Promise<void> {
  if (platform === 'h5') return
  const known = await facts().catch(() => null)
  templates = known ? known.templates[platform] : []
}

/** Ask, within a tap, whether the platform may bring these messages; never in the way of what was tapped for. */
export function askForMessages(keys: string[]): void {
  const wanted = templates.filter((each) => keys.includes(each.key)).slice(0, 3)
  if (platform === 'h5' || !wanted.length) return
  const ids = wanted.map((each) => each.template_id)
  const note = (accepted: (id: string) => boolean) =>
    wanted.forEach((each) => {
      void once('/subscriptions', { template_key: each.key, accepted: accepted(each.template_id) }).catch(() => undefined)
    })
  if (platform === 'wechat') {
    uni.requestSubscribeMessage({
      tmplIds: ids,
      success: (told) => note((id) => (told as unknown as Record<string, string>)[id] === 'accept'),
      fail: () => undefined,
    })
  } else {
    my.requestSubscribeMessage({
      entityIds: ids,
      success: (told: { result?: { subscribedEntityIds?: string[] } }) =>
        note((id) => told.result?.subscribedEntityIds?.includes(id) ?? false),
      fail: () => undefined,
    })
  }
}
