import type { Material } from '@/lib/guide'
import type { Centre, Guide, GuideHit } from '@/lib/types'

export function aMaterial(name: string, change: Partial<Material> = {}): Material {
  return {
    material_code: name, name, is_need: '1', source_type: '10', material_type: '1', material_form: '3', original_num: 1, copy_num: 0,
    fill_note: '', license_key: null, exempt_submit: false, photo_upload: true, commit_replace: false, one_of: null, ...change,
  } as Material
}

export function aGuide(change: Partial<Guide> = {}): Guide {
  const limit = { days: 10, unit: 'WORKDAY', text: '10个工作日', explain: '' }
  return {
    task_code: '1135', item_key: 'id-lost', name: '居民身份证丢失补领', plain_names: ['身份证丢了'], theme: '户籍', task_type: '07',
    task_type_text: '行政确认', project_type: '2', project_type_text: '承诺件', use_level_text: '市级', dept_name: '市公安局',
    audiences: ['personal'], labels: [], channels: ['window', 'mobile'], online_depth_text: '', cross_province: false,
    handle_area_text: '', accept_conditions: ['本人到场'], delegation: null, citizen_deadline: null, materials: [aMaterial('户口簿')],
    limits: { promised: limit, statutory: limit }, visits: { count: 1, explain: '' }, fees: [], fee_text: '不收费', fee_basis: '',
    pay_online: false, steps: [], special_procedures: [], joint_opinions: [], visit_points: [], home_visit: '', intermediary_services: [], result: null, review_points: [], common_mistakes: [], faqs: [],
    legal_basis: [], place: { centre_ids: ['C01'], window_group: '公安', time: '', bookable: true, booking_note: '' },
    consult_phone: null, complain_phone: null, version: 1, effective_from: '2026-11-20T00:00:00+08:00', effective_to: null,
    last_reviewed: null, provenance: 'demo-authored', unified_elements: { name: '', code: '', basis: [], conditions: [], materials: [], limit: '' },
    office: {
      original_dept_name: '', entrust_name: '', other_dept: '', dept_type_text: '', power_source_text: '', link_way: '', supervise_way: '',
      reconsideration: null, litigation: null,
    },
    ways: { in_hall: true, self_service: false, express: false, mail_material: false, mail_result: false, web_url: '' },
    limit_explain: '', rights_and_duties: '', plan_effective_date: null, plan_cancel_date: null, question_count: 0,
    ...change,
  } as Guide
}

export function aHall(id: string, change: Partial<Centre> = {}): Centre {
  return {
    id, name: `大厅${id}`, level: '市级', address: '示例路1号', phone: '0591-1', distance_m: null, walk_minutes: null, open_now: true, on_duty: false,
    closes_at: '2026-11-23T17:00:00+08:00', last_ticket_at: '2026-11-23T16:30:00+08:00', opens_next: null, hours: {}, waiting_now: 0, ...change,
  } as Centre
}

export function aHit(name: string, change: Partial<GuideHit> = {}): GuideHit {
  return {
    task_code: name, item_key: null, name, plain_names: [], theme: '', dept_name: '市公安局', audiences: ['personal'], labels: [],
    channels: ['mobile'], visits: 0, limit_text: '当场办结', fee_text: '不收费', cross_province: false, bookable: true, version: 1,
    last_reviewed: null, provenance: 'demo-authored', ...change,
  } as GuideHit
}
