"""How a guide stands on the desk's form (指南草稿的分栏): every field of the one table in one of them.

The questions a case asks (`form`), the situation questions and the review points are no fields of the
national list; the situations are edited on a page of their own (`situation_form`), the others as rows.
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
    text(
        "answered_by",
        "由哪个问题回答",
        longest=64,
        note="情形问题的代号；问过的不再问，单选的文字要和问题一样",
    ),
)
REVIEW_SOURCES = codes.CodeList(
    "审查要点查什么",
    "our own: what a machine can look at",
    {
        "form": "申请表里填写的",
        "answer": "情形问题的回答",
        "material": "材料",
        "certificate": "名下的电子证照",
        "applicant": "实名信息",
        "fees": "收费项目能确定",
        "person": "由人判断",
    },
)
REVIEW_TESTS = codes.CodeList(
    "审查要点怎么比",
    "app/situations: how a condition compares",
    {
        "filled": "已填写",
        "held": "持有",
        "is": "是",
        "in": "是其中之一",
        "at_least": "至少",
        "below": "不到",
        "years_at_least": "已满（年）",
        "years_below": "未满（年）",
        "days_at_least": "已过（天）",
        "days_below": "未过（天）",
        "within_days": "在多少天以内",
        "not_within_days": "不在多少天以内",
    },
)
REVIEW_POINTS = rows(
    "review_points",
    "审查要点",
    text("text", "审查要点", needed=True, longest=400, note="群众看得懂的一句话；即办件至少一条"),
    text("key", "代号", needed=True, longest=64, note="小写字母、数字和下划线"),
    text("law", "依据", needed=True, longest=400),
    code("of", "查什么", REVIEW_SOURCES, needed=True),
    text(
        "about",
        "查哪一项",
        longest=200,
        note="表单项或问题的代号、材料编码、证照名称；实名信息填 identity、birth_date、sex、"
        "local_household 或 region",
    ),
    code("test", "怎么比", REVIEW_TESTS),
    texts("values", "和什么比", note="一行一个"),
)
SITUATIONS = text("situations", "情形问题和规则", longest=100_000)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the form, with its fields in the order in which a clerk fills them in."""

    key: str
    title: str
    fields: tuple[Field, ...]


def _fields(names: str) -> Iterator[Field]:
    own = {"form": FORM, "situations": SITUATIONS, "review_points": REVIEW_POINTS}
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
    _section(
        "conditions",
        "条件和常见错误",
        "accept_condition common_mistakes citizen_deadline delegation co_signer",
    ),
    _section(
        "materials",
        "材料",
        "materials no_material_explain notify_commit promise_bar promises tolerant_accept tolerant_days"
        " sample_form blank_form",
    ),
    _section("form", "申请表单", "form"),
    _section("situations", "情形", "situations"),
    _section("review_points", "审查要点", "review_points"),
    _section(
        "limits",
        "时限和流程",
        "promise_day promise_unit promise_explain anticipate_day anticipate_unit anticipate_explain"
        " telling_days telling_basis limit_explain handle_flow special_procedure joint_opinions"
        " visit_points home_visit"
        " intermediary_service",
    ),
    _section("fees", "收费", "is_fee fees fee_basis is_pay_online"),
    _section(
        "ways",
        "怎么办、去哪办",
        "handle_type online_handle_depth is_online online_handle_url mobile_terminal_url is_single_login"
        " app_is_single_login limit_scene_num limit_scene_explain four_ban handle_area cross_province"
        " collecting_place deciding_place"
        " precheck_days transact_centers window_group transact_addr transact_time traffic_guide"
        " is_entry_center is_schedule schedule_explain schedule_num schedule_rule is_service_terminals"
        " is_express is_mail_material is_mail_result auto_enjoy elder_focus",
    ),
    _section("result", "结果", "result licences_after supervisor retention"),
    _section(
        "help",
        "依据、问答和联系",
        "legal_basis by_law faqs consult_phone complain_phone link_way supervise_way reconsideration"
        " litigation rights_and_duties unified_reasons",
    ),
)
