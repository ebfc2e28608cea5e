"""What the fields of an item are called, and what changed between two versions (字段名、版本差异)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalogue import cards, codes
from app.catalogue.item_fields import BY_NAME
from app.desk.draft_sections import FORM_KINDS, REVIEW_SOURCES, REVIEW_TESTS

# Where a clerk reads better words than those of the table of fields, and in which order.
LABELS = {
    "task_name": "事项名称",
    "task_code": "实施编码",
    "catalog_code": "基本编码",
    "item_key": "事项代号",
    "task_version": "来源版本号",
    "task_state": "事项状态",
    "plain_names": "通俗叫法",
    "keywords": "关键词",
    "theme": "主题",
    "task_type": "事项类型",
    "task_type_text": "事项类型",
    "use_level": "行使层级",
    "use_level_text": "行使层级",
    "dept_code": "实施主体编码",
    "dept_name": "实施主体",
    "dept_short": "实施主体简称",
    "server_type": "服务对象",
    "project_type": "办件类型",
    "project_type_text": "办件类型",
    "anticipate_day": "法定办结时限",
    "anticipate_unit": "法定时限单位",
    "anticipate_explain": "法定时限说明",
    "promise_day": "承诺办结时限",
    "promise_unit": "承诺时限单位",
    "promise_explain": "承诺时限说明",
    "limit_scene_num": "到办事现场次数",
    "limit_scene_explain": "必须现场办理原因",
    "handle_type": "办理形式",
    "online_handle_depth": "网上办理深度",
    "online_handle_depth_text": "网上办理深度",
    "is_online": "能否网上办",
    "handle_area": "通办范围",
    "handle_area_text": "通办范围",
    "cross_province": "跨省通办",
    "four_ban": "四办",
    "is_schedule": "能否预约",
    "is_express": "能否快递",
    "is_pay_online": "能否网上支付",
    "is_fee": "是否收费",
    "fee_basis": "收费依据",
    "notify_commit": "告知承诺",
    "tolerant_accept": "容缺受理",
    "auto_enjoy": "免申即享",
    "elder_focus": "老年人常办",
    "accept_condition": "受理条件",
    "materials": "申请材料",
    "fees": "收费项目",
    "handle_flow": "办理流程",
    "special_procedure": "特别程序",
    "joint_opinions": "征求意见的部门",
    "visit_points": "现场核查要点",
    "home_visit": "上门服务",
    "intermediary_service": "中介服务",
    "licences_after": "办成后还要办的许可",
    "supervisor": "监管部门",
    "result": "办理结果",
    "legal_basis": "设定依据",
    "common_mistakes": "常见错误",
    "faqs": "常见问题",
    "transact_centers": "办理地点",
    "window_group": "窗口类别",
    "transact_time": "办理时间",
    "consult_phone": "咨询电话",
    "complain_phone": "监督投诉电话",
    "provenance": "来源",
    "last_reviewed": "最近核对",
    "delegation": "代办规定",
    "secret": "涉密",
    "form": "申请表单",
    "situations": "情形",
    "review_points": "审查要点",
    "of": "查什么",
    "about": "查哪一项",
    "test": "怎么比",
    "values": "和什么比",
    "law": "依据",
    "successor_code": "替代事项",
    "plan_effective_date": "计划生效日期",
    "plan_cancel_date": "计划取消日期",
    "label": "名称",
    "kind": "种类",
    "required": "必填",
    "choices": "选项",
    "max_length": "最多字数",
    "hint": "提示",
    "key": "代号",
    "name": "名称",
    "is_need": "必要性",
    "source_type": "来源渠道",
    "material_type": "材料类型",
    "material_form": "材料形式",
    "original_num": "原件份数",
    "copy_num": "复印件份数",
    "fill_note": "填报须知",
    "exempt_submit": "免提交",
    "photo_upload": "可拍照上传",
    "commit_replace": "可承诺代替",
    "fee_name": "名称",
    "amount_fen": "金额（分）",
    "fee_stand": "标准",
    "by_law": "依据",
    "note": "说明",
    "unit": "单位",
    "charge": "何时收",
    "law_name": "法律名称",
    "clause": "条款",
    "gist": "要点",
    "question": "问题",
    "answer": "回答",
    "standard": "标准",
    "role": "办理人员",
    "step": "步骤",
    "result_type": "结果类型",
    "result_name": "结果名称",
    "retention": "归档保管期限",
    "delivery": "送达方式",
    "postage_city_fen": "本市邮费（分）",
    "postage_elsewhere_fen": "外地邮费（分）",
    "who": "谁来办",
    "allowed": "可否代办",
    "text": "说明",
    "bring": "要带什么",
    "material_code": "材料编码",
    "fee_code": "收费编码",
    "order_num": "序号",
    "license_key": "电子证照",
    "page_format": "规格",
    "one_of": "几项交一项",
    "task_handle_items": "办理项编码",
    "dept_type": "实施主体性质",
    "is_entry_center": "进驻大厅",
    "is_service_terminals": "自助终端可办",
    "mobile_terminal_url": "移动端地址",
    "sample_form": "有样表",
    "blank_form": "有空白表",
}
_WORDS: dict[str, Mapping[str, str]] = {
    "task_state": codes.TASK_STATES,
    "server_type": codes.SERVER_TYPES,
    "handle_type": codes.HANDLE_TYPES,
    "is_need": codes.MATERIAL_NEEDS,
    "source_type": codes.MATERIAL_SOURCES,
    "material_type": codes.MATERIAL_TYPES,
    "material_form": codes.MATERIAL_FORMS,
    "promise_unit": codes.LIMIT_UNITS,
    "anticipate_unit": codes.LIMIT_UNITS,
    "four_ban": cards.LABELS,
    "kind": FORM_KINDS,
    "of": REVIEW_SOURCES,
    "test": REVIEW_TESTS,
    "review_points": {"text": "要点"},
}
# By what the things in a list are told apart; the first that is there counts.
_NAMES = ("material_code", "fee_code", "question", "law_name", "step", "key", "name")

Thing = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: where it is, what it was and what it is; None where there was nothing."""

    where: str
    before: str | None
    after: str | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two versions of an item (版本差异): by field, and as a whole what came or went."""
    return list(_compared(before, after, above=(), parent=""))


def in_order(body: Mapping[str, Any]) -> list[str]:
    """The fields in the order in which a clerk reads them; a code beside its own text is left out."""
    places = {key: place for place, key in enumerate(LABELS)}
    shown = [key for key in body if f"{key}_text" not in body]
    return sorted(shown, key=lambda key: (places.get(key, len(places)), key))


def said(field: str, value: object) -> str:
    """A value as a clerk reads it: words for codes, 是 and 否, lists in one line."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping) and set(value) == {"name"}:
        return str(value["name"])
    if isinstance(value, Mapping):
        told = {key: said(key, value[key]) for key in in_order(value)}
        return "；".join(f"{label(key, field)}：{words}" for key, words in told.items() if words)
    if isinstance(value, list):
        return "；".join(said(field, one) for one in value)
    text = "" if value is None else str(value)
    return _words_of(field).get(text, text)


def label(key: str, parent: str = "") -> str:
    """What a field is called: by these words, by the table of fields, or by its own name."""
    known = BY_NAME[key].label if key in BY_NAME else key
    return _words_of(parent).get(key) or LABELS.get(key, known)


def _words_of(field: str) -> Mapping[str, str]:
    """The words of a field's codes."""
    of_field = BY_NAME[field].words if field in BY_NAME else None
    return _WORDS.get(field) or of_field or {}


def _compared(
    before: Mapping[str, Any], after: Mapping[str, Any], *, above: tuple[str, ...], parent: str
) -> Iterator[Change]:
    for key in in_order({**before, **after}):
        old, new = before.get(key), after.get(key)
        named = (*above, label(key, parent))
        if old == new and (key in before) == (key in after):
            continue
        if _holds_things(old) or _holds_things(new):
            yield from _things_compared(_told_apart(old), _told_apart(new), above=named, parent=key)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _compared(old, new, above=named, parent=key)
        else:
            shown = [
                said(key, value) if key in body else None for value, body in ((old, before), (new, after))
            ]
            if shown[0] != shown[1]:
                yield Change(" · ".join(named), *shown)


def _things_compared(
    old: Mapping[str, Thing], new: Mapping[str, Thing], *, above: tuple[str, ...], parent: str
) -> Iterator[Change]:
    for name in dict.fromkeys([*new, *old]):
        named = (*above, _called(new[name] if name in new else old[name], name))
        if name in old and name in new:
            yield from _compared(old[name], new[name], above=named, parent=parent)
        else:
            shown = [said(parent, things[name]) if name in things else None for things in (old, new)]
            yield Change(" · ".join(named), *shown)


def _holds_things(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _told_apart(things: object) -> dict[str, Thing]:
    """The things of a list by what tells them apart; the second of one name has its number behind it."""
    found: dict[str, Thing] = {}
    for number, one in enumerate(things if isinstance(things, list) and _holds_things(things) else (), 1):
        key = next((key for key in _NAMES if one.get(key)), None)
        name = str(number) if key is None else str(one[key])
        found[name if name not in found else f"{name} ({number})"] = one
    return found


def _called(one: Thing, name: str) -> str:
    """What a clerk calls a thing of a list."""
    return str(next((one[key] for key in ("name", "fee_name", "label") if one.get(key)), name))
