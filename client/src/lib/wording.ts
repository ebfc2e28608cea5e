/** Words for what the server names by a number or a key, where it gives none of its own. */

/** How sure the city is who somebody is (实名等级). */
export const ASSURANCE: Record<number, string> = { 0: '未实名', 1: '手机号已验证', 2: '已实名' }

export const CERTIFICATE_STATES: Record<string, string> = { valid: '有效', expired: '已过期', revoked: '已注销' }

export const COMPLAINT_KINDS = [
  { value: 'cannot_get_done', text: '事情办不成' },
  { value: 'complaint', text: '投诉' },
  { value: 'suggestion', text: '建议' },
  { value: 'company_demand', text: '企业诉求' },
] as const
