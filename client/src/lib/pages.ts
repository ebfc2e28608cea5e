/** Every page of ours (pages.json), so that an address from outside leads nowhere else. */
export const PAGES = [
  'home/home', 'code/code', 'cases/list', 'me/me',
  'guides/list', 'guides/detail', 'guides/questions', 'guides/checklist', 'guides/bundle', 'guides/steps',
  'articles/list', 'articles/detail', 'figures/figures',
  'apply/form', 'apply/materials', 'apply/check',
  'bundles/questions', 'bundles/apply', 'bundles/progress', 'bundles/licence',
  'booking/centres', 'booking/centre', 'booking/slots', 'booking/list', 'booking/ticket', 'booking/queue',
  'bills/list', 'bills/pay', 'bills/detail', 'bills/result', 'bills/receipts', 'bills/refund',
  'cases/detail', 'cases/delivery', 'cases/visits', 'cases/rate', 'cases/track', 'cases/co-sign', 'cases/precheck',
  'scan/scan', 'messages/list', 'chat/chat',
  'me/profile', 'me/certificates', 'me/certificate', 'me/privacy', 'me/consents', 'me/locker', 'me/promises', 'me/complaints', 'me/complaint', 'me/settings', 'me/about', 'me/assistance',
  'enterprise/names', 'organisations/list', 'organisations/detail', 'organisations/accept',
  'delegations/list', 'delegations/give', 'delegations/detail', 'delegations/accept',
  'login/login',
].map((page) => `pages/${page}`)

/** Whether an address that the server named, with or without its query, is a page of ours. */
export function isOurs(to: string): boolean {
  return PAGES.includes(to.replace(/^\//, '').split('?')[0] ?? '')
}
