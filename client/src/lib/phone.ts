import { clock, day } from './format'
import { say } from './navigate'
import { platform } from './platform'
import type { Appointment } from './types'

interface Place {
  name: string
  address: string
  lat: number
  lng: number
}

/** What the map's button says: a browser has no map of its own, and we send nobody to another company's. */
export const MAP_WORDS = platform === 'h5' ? '复制地址' : '看地图'

/** What one can do here so as not to forget a visit. */
export const CALENDAR =
  platform === 'alipay'
    ? { title: '复制时间和地点', note: '可以粘贴到日历，或发给家人' }
    : { title: '加到手机日历', note: '提前两小时提醒' }

/** Show a place on the platform's map; a browser copies its address, to be looked up in any map. */
export function showOnMap(place: Place): void {
  if (platform === 'h5') return copy(place.address, '地址已复制，可以粘贴到地图里查找')
  uni.openLocation({
    latitude: place.lat,
    longitude: place.lng,
    name: place.name,
    address: place.address,
    fail: () => copy(place.address, '地图没有打开，地址已复制'),
  })
}

/** Put a text where it can be pasted, and say so. */
export function copy(text: string, said: string): void {
  uni.setClipboardData({ data: text, showToast: false, success: () => say(said), fail: () => say('没有复制成功，请手工记下') })
}

/** What one does with a page that prints well: a browser opens it, a mini-program can only hand over its address. */
export const PRINT =
  platform === 'h5' ? { title: '打开能打印的页面', note: '一张纸，有二维码' } : { title: '复制打印用的链接', note: '在电脑上打开就能打印' }

export function print(url: string): void {
  if (platform === 'h5') window.open(url.replace(/^https?:\/\/[^/]+/, ''), '_blank', 'noopener')
  else copy(url, '链接已复制，在电脑上打开就能打印')
}

/** Put a visit into the phone's calendar: a browser downloads the entry, WeChat writes it, elsewhere it is copied. */
export function addToCalendar(visit: Pick<Appointment, 'calendar_url' | 'starts_at' | 'ends_at' | 'task_name'> & { centre: { name: string; address: string } }): void {
  if (platform === 'h5') return location.assign(visit.calendar_url.replace(/^https?:\/\/[^/]+/, ''))
  const words = `${day(visit.starts_at)} ${clock(visit.starts_at)} ${visit.task_name}，${visit.centre.name}（${visit.centre.address}）`
  const copied = () => copy(words, '时间和地点已复制，可以粘贴到日历或发给家人')
  if (platform !== 'wechat') return copied()
  const calendar = uni as unknown as { addPhoneCalendar?: (asked: object) => void }
  if (!calendar.addPhoneCalendar) return copied()
  calendar.addPhoneCalendar({
    title: visit.task_name,
    startTime: Date.parse(visit.starts_at) / 1000,
    endTime: String(Date.parse(visit.ends_at) / 1000),
    location: `${visit.centre.name} ${visit.centre.address}`,
    alarmOffset: 2 * 3600,
    success: () => say('已写进手机日历'),
    fail: copied,
  })
}

/** Make the phone shake once; silent where it cannot, as in a browser that nobody has touched yet. */
export function shake(): void {
  if (platform === 'h5' && !navigator.userActivation?.hasBeenActive) return
  uni.vibrateLong({ fail: () => undefined })
}
