"""The shape of questions and tables as data (情形数据的结构): looked at before anything is read from them.

A misspelt field would be left out in silence, and somebody would be asked for too much: so it is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from app.situations.tables import LISTING, Kind, Test

MOST_VISITS = 20
_LONGEST = 400  # characters of a text
_MOST_CHOICES = 40
_MOST_CONDITIONS = 20
_A_TEXT = f"要是文字，最多{_LONGEST}个字"
_A_TEXT_MUST = f"要写，最多{_LONGEST}个字"
_A_LIST_OF_CONDITIONS = f"要是条件的列表，最多{_MOST_CONDITIONS}个"
_A_CONDITION = "条件没有写完：要选一个问题、一种比较，并写上比较的内容（数字写整数）"
_A_DAY = "要是日期，写成 2027-03-01 这样"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")

Fault = tuple[str, str]
_Check = Callable[[object], bool]


def check(raw: object) -> list[Fault]:
    """Every place where something is not of its shape, as (place, sentence); never raises."""
    if not isinstance(raw, dict) or not raw.keys() <= {"questions", "rows"}:
        return [("situations", "情形只由 questions（问题）和 rows（规则）组成")]
    questions, rows = raw.get("questions"), raw.get("rows", [])
    found: list[Fault] = []
    for name, listed, of_one in (("questions", questions, _question), ("rows", rows, _row)):
        if not isinstance(listed, list):
            found.append((name, "要是一个列表"))
            continue
        for place, one in enumerate(listed):
            found += [(f"{name}[{place}]{where}", sentence) for where, sentence in of_one(one)]
    return found


def _question(raw: object) -> Iterator[Fault]:
    yield from _fields(raw, _QUESTION, must={"key", "text", "kind"})


def _row(raw: object) -> Iterator[Fault]:
    yield from _fields(raw, _ROW, must={"when"})


def _fields(raw: object, checks: Mapping[str, tuple[_Check, str]], *, must: set[str]) -> Iterator[Fault]:
    """The faults of one thing, each at its own field; of a list at the one that is wrong."""
    if not isinstance(raw, dict):
        yield "", "要是一组内容"
        return
    for name in sorted(must - raw.keys()):
        yield f".{name}", "要填"
    for name, value in raw.items():
        if name not in checks:
            yield f".{str(name)[:64]}", "不是这里的内容，请检查有没有写错"
            continue
        check_one, words = checks[name]
        if not check_one(value):
            yield from _where(name, value, words)


def _where(name: str, value: object, words: str) -> Iterator[Fault]:
    """The field, or those of its list that are wrong by themselves."""
    parts = _PARTS.get(name)
    if parts is None or not isinstance(value, list):
        yield f".{name}", words
        return
    check_one, words_of_one = parts
    wrong = [place for place, one in enumerate(value) if not check_one(one)]
    yield from ((f".{name}[{place}]", words_of_one) for place in wrong)
    if not wrong:
        yield f".{name}", words


def _text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _words(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _LONGEST


def _key(value: object) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _true_or_false(value: object) -> bool:
    return isinstance(value, bool)


def _visits(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_VISITS


def _day(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _codes(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _names(value: object) -> bool:
    return isinstance(value, list) and 0 < len(value) <= _MOST_CHOICES and all(map(_words, value))


def _kind(value: object) -> bool:
    return isinstance(value, str) and value in list(Kind)


def _choices(value: object) -> bool:
    return isinstance(value, list) and len(value) <= _MOST_CHOICES and all(map(_choice, value))


def _choice(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"value", "text"}
        and _key(value["value"])
        and _words(value["text"])
    )


def _conditions(value: object) -> bool:
    return isinstance(value, list) and len(value) <= _MOST_CONDITIONS and all(map(_condition, value))


def _condition(value: Any) -> bool:
    if not isinstance(value, dict) or not _key(value.get("q")):
        return False
    tests = value.keys() - {"q"}
    if len(tests) != 1 or not tests <= set(Test):
        return False
    test = tests.pop()
    compared = value[test]
    if test in LISTING:
        return _codes(compared) and bool(compared)
    if test == Test.IS:
        return isinstance(compared, str)
    return isinstance(compared, int) and not isinstance(compared, bool)


def _limit(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"days", "unit"} and isinstance(value["unit"], str)


def _refuse(value: object) -> bool:
    return (
        isinstance(value, dict)
        and "reason" in value
        and value.keys() <= {"reason", "law", "instead"}
        and all(map(_text, value.values()))
    )


_PARTS: dict[str, tuple[_Check, str]] = {
    "choices": (_choice, "要写选项的文字"),
    "when": (_condition, _A_CONDITION),
    "ask_when": (_condition, _A_CONDITION),
}
_QUESTION: dict[str, tuple[_Check, str]] = {
    "key": (_key, "只用小写字母、数字和下划线"),
    "text": (_words, _A_TEXT_MUST),
    "kind": (_kind, f"要是这几种之一：{'、'.join(Kind)}"),
    "choices": (_choices, f"要是 value 和 text 成对的列表，最多{_MOST_CHOICES}个"),
    "help": (_text, _A_TEXT),
    "unit": (_text, _A_TEXT),
    "known_from": (_text, "要是文字"),
    "known_by": (_names, f"要是证照名称的列表，最多{_MOST_CHOICES}个"),
    "known_as": (_key, "只用小写字母、数字和下划线"),
    "stable": (_true_or_false, "要写 true 或 false"),
    "ask_when": (_conditions, _A_LIST_OF_CONDITIONS),
    "changeable": (_true_or_false, "要写 true 或 false"),
}
_ROW: dict[str, tuple[_Check, str]] = {
    "when": (_conditions, _A_LIST_OF_CONDITIONS),
    "need": (_codes, "要是材料编号的列表"),
    "skip": (_codes, "要是材料编号的列表"),
    "optional": (_codes, "要是材料编号的列表"),
    "fees": (_codes, "要是收费编号的列表"),
    "limit": (_limit, "要写天数，并选是工作日还是自然日"),
    "place": (_words, _A_TEXT),
    "visits": (_visits, f"要是0到{MOST_VISITS}的整数"),
    "refuse": (_refuse, f"要写原因，可以写依据和怎么办，各最多{_LONGEST}个字"),
    "note": (_words, _A_TEXT),
    "effective_from": (_day, _A_DAY),
    "effective_to": (_day, _A_DAY),
}
