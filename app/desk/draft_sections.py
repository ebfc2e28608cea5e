"""How a guide stands on the desk's form (指南草稿的分栏): every field of the one table in one of them.

The questions a case asks (`form`) and the situation questions are no fields of the national list; the first
are edited as rows like any other, the second on a page of their own (`situation_form`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.catalogue import codes
from app.catalogue.field_kinds import Field, code, flag, rows, text, texts, whole
from app.catalogue.item_fields import BY_NAME

FORM_KINDS = codes.CodeList(
    "表单项种类",
    "our own: what a case can ask",
    {
        "text": "一行文字",
        "long_text": "多行文字",
        "citizen_number": "公民身份号码",
        "organisation_code": "统一社会信用代码",
        "phone": "手机号",
        "choice": "单选",
        "date": "日期",
    },
)
FORM = rows(
    "form",
    "申请表单",
    text("label", "名称", needed=True, longest=60),
    text("key", "代号", needed=True, longest=64, note="小写字母、数字和下划线；发布以后不要再改"),
    code("kind", "种类", FORM_KINDS, needed=True),
    flag("required", "必填"),
    texts("choices", "选项", note="单选才有，一行一个"),
    whole("max_length", "最多字数", 2000),
    text("hint", "提示", longest=200),
)
SITUATIONS = text("situations", "情形问题和规则", longest=100_000)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the form, with its fields in the order in which a clerk fills them in."""

    key: str
    title: str
    fields: tuple[Field, ...]


def _fields(names: str) -> Iterator[Field]:
    own = {"form": FORM, "situations": SITUATIONS}
    return (own.get(name) or BY_NAME[name] for name in names.split())


def _section(key: str, title: str, names: str) -> Section:
    return Section(key, title, tuple(_fields(names)))


SECTIONS: tuple[Section, ...] = (
    _section(
        "what",
        "是什么事",
        "task_name plain_names keywords theme server_type user_topic_type corp_topic_type project_type"
        " task_type task_state successor_code plan_effective_date plan_cancel_date last_reviewed"
        " is_standard secret",
    ),
    _section(
        "who",
        "谁来办",
        "task_code catalog_code local_task_code local_catalog_code task_handle_items item_key task_version"
        " use_level region_code region_name dept_code dept_code_explain dept_name dept_short dept_type"
        " original_dept_name entrust_name other_dept power_source provenance",
    ),
    _section("conditions", "条件和常见错误", "accept_condition common_mistakes citizen_deadline delegation"),
    _section(
        "materials",
        "材料",
        "materials no_material_explain notify_commit tolerant_accept sample_form blank_form",
    ),
    _section("form", "申请表单", "form"),
    _section("situations", "情形", "situations"),
    _section(
        "limits",
        "时限和流程",
        "promise_day promise_unit promise_explain anticipate_day anticipate_unit anticipate_explain"
        " limit_explain handle_flow special_procedure intermediary_service",
    ),
    _section("fees", "收费", "is_fee fees fee_basis is_pay_online"),
    _section(
        "ways",
        "怎么办、去哪办",
        "handle_type online_handle_depth is_online online_handle_url mobile_terminal_url is_single_login"
        " app_is_single_login limit_scene_num limit_scene_explain four_ban handle_area cross_province"
        " collecting_place deciding_place"
        " transact_centers window_group transact_addr transact_time traffic_guide is_entry_center"
        " is_schedule schedule_explain schedule_num schedule_rule is_service_terminals is_express"
        " is_mail_material is_mail_result auto_enjoy elder_focus",
    ),
    _section("result", "结果", "result licences_after"),
    _section(
        "help",
        "依据、问答和联系",
        "legal_basis by_law faqs consult_phone complain_phone link_way supervise_way reconsideration"
        " litigation rights_and_duties unified_reasons",
    ),
)
