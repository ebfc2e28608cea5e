"""What the form of an item must be (表单定义校验): what a case will ask, field by field."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.catalogue.item_shape import Finding
from app.situations import tables
from app.situations.tables import Question

# The kinds that a case knows; a test keeps them alike.
KINDS = frozenset(
    {"text", "long_text", "citizen_number", "organisation_code", "phone", "choice", "date", "project_code"}
)
# What a field may be filled in from, besides who the citizen is; a test keeps them alike too.
KNOWN_FROM = frozenset({"reserved_company_name", "reserved_shop_name"})
# What is asked where an item has no form of its own, and of which kind; kept alike by the same test.
USUAL = {
    "organisation_name": "text",
    "organisation_code": "organisation_code",
    "applicant_name": "text",
    "id_number": "citizen_number",
    "phone": "phone",
    "address": "text",
    "delivery": "choice",
    "note": "long_text",
}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MOST_FIELDS = 60
_LONGEST_LABEL, _LONGEST_ANSWER = 60, 2000


def check(form: object) -> Iterator[Finding]:
    """Everything that a case could not ask."""
    if not isinstance(form, list) or not 1 <= len(form) <= _MOST_FIELDS:
        yield Finding("form", "form", f"表单要有1到{_MOST_FIELDS}项")
        return
    seen: set[str] = set()
    for place, field in enumerate(form):
        where = f"form[{place}]"
        sentence = _fault(field)
        if sentence:
            yield Finding(where, "form", sentence)
        elif field["key"] in seen:
            yield Finding(where, "form", f"“{field['key']}”出现了两次")
        else:
            seen.add(field["key"])


def check_answers(form: list[dict[str, Any]], situations: Mapping[str, Any] | None) -> Iterator[Finding]:
    """Fields that say which question answers them, and could not be; of a form and questions that hold."""
    questions = {question.key: question for question in tables.read(situations).questions}
    for place, field in enumerate(form):
        if field.get("answered_by"):
            sentence = _fault_of_answer(field, questions.get(field["answered_by"]))
            if sentence:
                yield Finding(f"form[{place}]", "form", sentence)


def _fault_of_answer(field: Mapping[str, Any], question: Question | None) -> str:
    label, kind = field["label"], field.get("kind", "text")
    if question is None:
        return f"“{label}”说由问题“{field['answered_by']}”回答，但没有这个问题"
    if kind not in {"date", "choice"} or kind != question.kind:
        return f"“{label}”和问题“{question.text}”要都是日期，或者都是单选"
    if kind == "choice" and not {one.text for one in question.choices} & set(field["choices"]):
        return f"“{label}”和问题“{question.text}”没有一个选项的文字是一样的"
    return ""


def _fault(field: Any) -> str:
    if not isinstance(field, dict) or not _KEY.fullmatch(str(field.get("key", ""))):
        return "每一项要有代号，只用小写字母、数字和下划线"
    label = field.get("label")
    if not isinstance(label, str) or not 1 <= len(label) <= _LONGEST_LABEL:
        return f"“{field['key']}”要有名称，不超过{_LONGEST_LABEL}个字"
    kind = field.get("kind", "text")
    if not isinstance(kind, str) or kind not in KINDS:
        return f"“{label}”的种类没有这一种：{kind}"
    choices = field.get("choices", [])
    wrong_choices = not isinstance(choices, list) or not all(isinstance(one, str) and one for one in choices)
    if wrong_choices or (kind == "choice") != bool(choices):
        return f"“{label}”是单选的才有选项，而且一定要有"
    return _fault_of_details(field, label)


def _fault_of_details(field: dict[str, Any], label: str) -> str:
    known_from = field.get("known_from", "")
    if known_from and (not isinstance(known_from, str) or known_from not in KNOWN_FROM):
        return f"“{label}”不能从这里预填：{known_from}"
    if not isinstance(field.get("answered_by", ""), str):
        return f"“{label}”由哪个问题回答，要写问题的代号"
    longest = field.get("max_length", _LONGEST_ANSWER)
    if not isinstance(longest, int) or isinstance(longest, bool) or not 1 <= longest <= _LONGEST_ANSWER:
        return f"“{label}”的字数要在1到{_LONGEST_ANSWER}之间"
    return "" if isinstance(field.get("required", True), bool) else f"“{label}”是否必填要写是或否"
