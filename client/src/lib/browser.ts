import { platform } from './platform'

/**
 * What a browser needs so that everybody can reach everything: the framework draws views, which no keyboard and
 * no screen reader knows. Does nothing in a mini-program.
 */
export function makeReachable(): void {
  if (platform !== 'h5') return
  new MutationObserver(mend).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['role', 'aria-label', 'aria-disabled'],
  })
  document.addEventListener('keydown', press)
  window.addEventListener('hashchange', openWhatIsTyped)
  mend()
}

/** An address that is changed by hand opens its page even where only the query differs, which the framework ignores. */
function openWhatIsTyped(event: HashChangeEvent): void {
  const [path, asked] = partsOf(event.newURL)
  const [before, askedBefore] = partsOf(event.oldURL)
  const byOurPages = history.state !== null && '__id__' in history.state
  if (!byOurPages && path === before && asked !== askedBefore) location.reload()
}

function partsOf(url: string): [string, string] {
  const [path = '', asked = ''] = (url.split('#')[1] ?? '').split('?')
  return [path, asked]
}

const PRESSABLE = ['button', 'link', 'tab', 'switch', 'radio', 'checkbox', 'option'].map((role) => `[role=${role}]`).join(',')

function mend(): void {
  // The framework keeps a field's name on a wrapper that nobody reads.
  for (const wrapper of document.querySelectorAll('uni-input[aria-label], uni-textarea[aria-label]')) {
    name(wrapper.querySelector('input, textarea'), wrapper.getAttribute('aria-label') ?? '')
    wrapper.removeAttribute('aria-label')
  }
  for (const pressable of document.querySelectorAll<HTMLElement>(PRESSABLE)) {
    const wanted = pressable.getAttribute('aria-disabled') === 'true' ? '-1' : '0'
    if (pressable.getAttribute('tabindex') !== wanted) pressable.setAttribute('tabindex', wanted)
  }
  // A sheet's text is scrolled by keyboard too; the framework scrolls an inner box that nobody can reach.
  for (const box of document.querySelectorAll('uni-scroll-view[tabindex] .uni-scroll-view[style*="auto"]:not([tabindex])')) {
    box.setAttribute('tabindex', '0')
  }
  for (const picture of document.querySelectorAll('.uni-tabbar img:not([alt])')) picture.setAttribute('alt', '')
  // The name of a picture stands on its wrapper, or the picture says nothing new.
  for (const picture of document.querySelectorAll('uni-image img:not([alt])')) picture.setAttribute('alt', '')
  for (const tab of document.querySelectorAll('.uni-tabbar__item:not([role])')) {
    tab.setAttribute('role', 'link')
    name(tab, tab.textContent?.trim() ?? '')
  }
  const back = document.querySelector('.uni-page-head-btn:not([role])')
  back?.setAttribute('role', 'button')
  name(back, '返回')
}

function name(element: Element | null, words: string): void {
  if (element && words && element.getAttribute('aria-label') !== words) element.setAttribute('aria-label', words)
}

/** Enter and the space bar press what a finger would. */
function press(event: KeyboardEvent): void {
  const target = event.target as HTMLElement | null
  if ((event.key !== 'Enter' && event.key !== ' ') || !target?.matches?.(PRESSABLE)) return
  event.preventDefault()
  target.click()
}
