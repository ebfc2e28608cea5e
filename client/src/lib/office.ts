import { grouped, isDemo } from './guide'
import { day } from './format'
import type { Guide } from './types'

/** Who answers for an item, by which ways it is handled, and where one may turn against a decision (实施主体、救济途径). */

interface Row {
  name: string
  value: string
}

export interface Appeal {
  kind: string
  name: string
  lines: string[]
  phone: string
}

const WAYS: Record<Guide['channels'][number], string> = {
  window: '到办事大厅窗口办',
  web: '用电脑在网上办',
  mobile: '用手机办',
  courier: '寄快递办',
  other: '其他方式',
}

const AGENTS: Record<string, string> = {
  self: '要本人来办',
  guardian: '监护人可以代办',
  agent: '可以托别人代办',
  organisation: '单位的经办人来办',
}

/** Every way in which it can be handled, the usual ones first. */
export function waysText(guide: Pick<Guide, 'channels' | 'ways'>): string[] {
  const post = [guide.ways.mail_material ? '材料可以寄来' : '', guide.ways.mail_result ? '结果可以寄给您' : ''].filter(Boolean).join('，')
  return [
    ...guide.channels.map((each) => WAYS[each]),
    guide.ways.self_service ? '在自助机上办' : '',
    post,
    !post && guide.ways.express && !guide.channels.includes('courier') ? '可以用快递送材料和结果' : '',
  ].filter(Boolean)
}

/** Whether somebody else may come. */
export function agentText(delegation: NonNullable<Guide['delegation']>): string {
  if (!delegation.allowed) return '要本人来办，不能代办'
  return AGENTS[delegation.who] ?? '可以代办'
}

/** What the citizen may do against a decision, the shorter way first. */
export function appeals(guide: Pick<Guide, 'office'>): Appeal[] {
  const told = [
    { kind: '申请行政复议', where: guide.office.reconsideration },
    { kind: '提起行政诉讼', where: guide.office.litigation },
  ]
  return told.flatMap(({ kind, where }) =>
    where ? [{ kind, name: where.name, lines: [where.address, where.url].filter(Boolean), phone: where.phone }] : [],
  )
}

/** Whose power it is, who else takes part, and who watches. */
export function officeFacts(guide: Pick<Guide, 'dept_name' | 'office'>): Row[] {
  const { office } = guide
  return rows([
    ['办理部门', guide.dept_name],
    ['原主管部门', office.original_dept_name],
    ['受委托单位', office.entrust_name],
    ['一起办的部门', office.other_dept],
    ['单位性质', office.dept_type_text],
    ['权力来源', office.power_source_text],
    ['怎样联系', office.link_way],
    ['怎样监督', office.supervise_way],
  ])
}

/** Which item and which version of its guide this is, and where it comes from. */
export function originFacts(guide: Guide): Row[] {
  return rows([
    ['事项编码', guide.task_code],
    ['事项类型', guide.task_type_text],
    ['办件类型', guide.project_type_text],
    ['行使层级', guide.use_level_text],
    ['主题', guide.theme],
    ['指南版本', `第${guide.version}版，${day(guide.effective_from)}起用`],
    ['这一版用到', guide.effective_to ? day(guide.effective_to) : ''],
    ['最近核对', guide.last_reviewed ? day(guide.last_reviewed) : ''],
    ['来源', isDemo(guide.provenance) ? '演示数据，请勿据此办事' : guide.provenance],
  ])
}

/** The six elements that are the same in every city (六统一). */
export function unifiedFacts(guide: Pick<Guide, 'unified_elements' | 'materials'>): Row[] {
  const same = guide.unified_elements
  return rows([
    ['名称', same.name],
    ['编码', same.code],
    ['依据', same.basis.map((law) => `《${law}》`).join('、')],
    ['条件', same.conditions.length ? `${same.conditions.length}条，见“什么情况可以办”` : ''],
    ['材料', same.materials.length ? `${grouped(guide.materials).length}项，见“要准备的材料”` : ''],
    ['时限', same.limit],
  ])
}

function rows(told: [string, string][]): Row[] {
  return told.filter(([, value]) => value).map(([name, value]) => ({ name, value }))
}
