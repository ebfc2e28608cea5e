"""What the form of the situations is made of (情形表单): its words, its fields, and what it can hold."""

from collections.abc import Collection, Mapping
from typing import Any

from app.situations.known import Fact
from app.situations.tables import LISTING, Kind, Test

KINDS = {
    Kind.YES_NO: "是或不是",
    Kind.CHOICE: "几个里选一个",
    Kind.SEVERAL: "几个里选几个",
    Kind.NUMBER: "填数字",
    Kind.DATE: "填日期",
}
COMPARISONS: dict[Kind, dict[str, str]] = {
    Kind.SEVERAL: {Test.HAS: "选了其中一个或几个", Test.HAS_NOT: "一个都没选"},
    Kind.NUMBER: {Test.AT_LEAST: "至少", Test.BELOW: "不到"},
    Kind.DATE: {
        Test.YEARS_AT_LEAST: "到今天已满（年）",
        Test.YEARS_BELOW: "到今天未满（年）",
        Test.DAYS_AT_LEAST: "到今天已满（天）",
        Test.DAYS_BELOW: "到今天未满（天）",
        Test.WITHIN_DAYS: "从今天起在几天以内（天）",
        Test.NOT_WITHIN_DAYS: "从今天起还超过几天（天）",
    },
}
FACTS = {
    Fact.BIRTH_DATE: "实名信息：出生日期",
    Fact.BIRTH_DATE_OF_A_MAN: "实名信息：出生日期（只给男性预填）",
    Fact.BIRTH_DATE_OF_A_WOMAN: "实名信息：出生日期（只给女性预填）",
    Fact.AGE: "实名信息：年龄",
    Fact.SEX: "实名信息：性别",
    Fact.LOCAL: "身份证号：首次登记在本市",
    Fact.CERTIFICATE: "电子证照：有没有",
    Fact.CERTIFICATE_END: "电子证照：有效期到哪天",
}
TRUE_OR_FALSE = {"yes": True, "no": False}
MOST_LISTED = 200  # things in one list
NEED, OPTIONAL, SKIP = "need", "optional", "skip"
WAYS = {NEED: "要交", OPTIONAL: "可以不交", SKIP: "不用交"}

QUESTION_TEXTS = ("text", "kind", "help", "unit", "known_from", "known_as")
QUESTION_FLAGS = ("stable", "changeable")
ROW_TEXTS = ("place", "note", "effective_from", "effective_to")
LIMIT, REFUSE = ("days", "unit"), ("reason", "law", "instead")

_LABELS = {
    "questions": "问题",
    "rows": "规则",
    "key": "代号",
    "text": "问法",
    "kind": "怎么答",
    "choices": "选项",
    "help": "帮助",
    "unit": "单位",
    "known_from": "从哪里预填",
    "known_by": "证照名称",
    "known_as": "能证明的选项",
    "stable": "可用上次的回答",
    "changeable": "本人能不能改变",
    "ask_when": "什么时候问",
    "when": "条件",
    "need": "材料",
    "skip": "材料",
    "optional": "材料",
    "fees": "收费",
    "limit": "时限",
    "place": "地点",
    "visits": "到场次数",
    "refuse": "不能办的原因",
    "note": "说明",
    "effective_from": "生效日期",
    "effective_to": "失效日期",
}
_TEXTS_OF_QUESTION = {"key", *QUESTION_TEXTS}
_QUESTION = {*_TEXTS_OF_QUESTION, *QUESTION_FLAGS, "choices", "known_by", "ask_when"}
_ROW = {*ROW_TEXTS, *WAYS, "when", "fees", "limit", "visits", "refuse"}


def label_of(path: str) -> str:
    """What a clerk calls a place in the situations: `rows[1].when[0]` → 第2条规则·条件1."""
    said: list[str] = []
    for step in path.split("."):
        name, _, place = step.partition("[")
        number = place.removesuffix("]")
        word = _LABELS.get(name, "" if name == "situations" else name)
        if number.isdecimal() and name in {"questions", "rows"}:
            word = f"第{int(number) + 1}{'个' if name == 'questions' else '条'}{word}"
        elif number.isdecimal():
            word = f"{word}{int(number) + 1}"
        said.append(word)
    return "·".join(filter(None, said))


def fits(raw: object) -> bool:
    """Whether the form can show the data and give them back whole; it may be wrong in every other way."""
    if not isinstance(raw, Mapping) or not raw.keys() <= {"questions", "rows"}:
        return False
    questions, rows = raw.get("questions", []), raw.get("rows", [])
    return (
        isinstance(questions, list)
        and isinstance(rows, list)
        and max(len(questions), len(rows)) <= MOST_LISTED
        and all(_fits_question(one) for one in questions)
        and len({one["key"] for one in questions}) == len(questions)
        and all(_fits_row(one) for one in rows)
    )


def _fits_question(raw: Any) -> bool:
    return (
        _holds(raw, _QUESTION)
        and isinstance(raw.get("key"), str)
        and all(isinstance(raw.get(name, ""), str) for name in _TEXTS_OF_QUESTION)
        and all(isinstance(raw.get(name, True), bool) for name in QUESTION_FLAGS)
        and _texts(raw.get("known_by", []))
        and _list_of(raw.get("choices", []), {"value", "text"})
        and len({one["value"] for one in raw.get("choices", [])}) == len(raw.get("choices", []))
        and _conditions(raw.get("ask_when", []))
    )


def _fits_row(raw: Any) -> bool:
    if not _holds(raw, _ROW) or not all(isinstance(raw.get(name, ""), str) for name in ROW_TEXTS):
        return False
    codes = [raw.get(name, []) for name in WAYS]
    return (
        all(_texts(one) for one in [*codes, raw.get("fees", [])])
        and len({code for one in codes for code in one}) == sum(map(len, codes))
        and len(set(raw.get("fees", []))) == len(raw.get("fees", []))
        and _conditions(raw.get("when"))
        and _is_number_or_text(raw.get("visits", 0))
        and _holds(raw.get("limit", {}), set(LIMIT))
        and all(map(_is_number_or_text, raw.get("limit", {}).values()))
        and _holds(raw.get("refuse", {}), set(REFUSE))
        and all(isinstance(one, str) for one in raw.get("refuse", {}).values())
    )


def _conditions(raw: object) -> bool:
    return isinstance(raw, list) and len(raw) <= MOST_LISTED and all(map(_is_condition, raw))


def _is_condition(raw: Any) -> bool:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("q"), str):
        return False
    test, *others = [name for name in raw if name != "q"] or [""]
    value: Any = raw.get(test)
    if others:
        return False
    if test in LISTING:
        return _texts(value) and len(set(value)) == len(value)
    if test == Test.IS:
        return isinstance(value, str)
    return test in set(Test) and _is_number_or_text(value)


def _holds(raw: object, names: Collection[str]) -> bool:
    return isinstance(raw, Mapping) and raw.keys() <= set(names)


def _list_of(raw: object, names: Collection[str]) -> bool:
    return (
        isinstance(raw, list)
        and len(raw) <= MOST_LISTED
        and all(
            isinstance(one, Mapping)
            and one.keys() == set(names)
            and all(isinstance(part, str) for part in one.values())
            for one in raw
        )
    )


def _texts(raw: object) -> bool:
    return isinstance(raw, list) and len(raw) <= MOST_LISTED and all(isinstance(one, str) for one in raw)


def _is_number_or_text(raw: object) -> bool:
    return isinstance(raw, int | str) and not isinstance(raw, bool)
