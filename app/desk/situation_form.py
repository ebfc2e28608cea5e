"""The situation questions and rules of a draft as a form (情形表单): what stands in it, and its faults.

The clerk sees words only: codes of questions and choices are made by the form and kept hidden in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.desk.situation_fields import (
    COMPARISONS,
    LIMIT,
    QUESTION_FLAGS,
    QUESTION_TEXTS,
    REFUSE,
    ROW_TEXTS,
    WAYS,
    fits,
)
from app.situations import checking
from app.situations.engine import NO, YES
from app.situations.tables import CHOOSING, LISTING, Kind, Test

Raw = Mapping[str, Any]
Body = Mapping[str, Any]

_YES_NO = ((YES, "是"), (NO, "不是"))


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: `kind` says how it is filled in; "gone" when its question is not there any more."""

    path: str
    question: str
    text: str
    kind: str
    test: str
    tests: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]
    values: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """The comparisons that must all hold, and the questions that may be asked about in one more."""

    path: str
    listed: list[Condition]
    addable: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose from."""

    path: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its fields by name; `wrong` counts the faults in it."""

    path: str
    key: str
    values: dict[str, str]
    choices: list[Choice]
    ask_when: Conditions
    wrong: int


@dataclass(frozen=True, slots=True)
class Material:
    """A material of the guide and what the rule says of it; nothing: as in the guide."""

    path: str
    code: str
    name: str
    way: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with its fields by name; `name` says its conditions in a few words.

    `due` are the fees that it names, `free` says that it names none on purpose.
    """

    path: str
    when: Conditions
    materials: list[Material]
    fees: list[tuple[str, str]]
    due: frozenset[str]
    free: bool
    values: dict[str, str]
    name: str
    wrong: int


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form; `faults` by the path of the field that they stand beside."""

    questions: list[Question] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)


def shown(body: Body, *, today: date) -> Form | None:
    """The form of a draft's situations; None where they are not of a shape that it can hold."""
    raw = body.get("situations") or {}
    if not fits(raw):
        return None
    faults = _faults(body, today=today) if raw else {}
    questions, names = raw.get("questions", []), _names(body)
    return Form(
        [_question(questions, place, faults) for place in range(len(questions))],
        [
            _rule(row, place, questions, names=names, faults=faults)
            for place, row in enumerate(raw.get("rows", []))
        ],
        faults,
    )


def faults_of(body: Body, *, today: date) -> list[checking.Fault]:
    """What is wrong with the situations of a draft, whatever else is still missing in it."""
    if not body.get("situations"):
        return []
    materials, fees = ([code for code, _ in listed] for listed in _names(body))
    return checking.faults(body["situations"], materials=materials, fees=fees, today=today)


def _faults(body: Body, *, today: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for where, sentence in faults_of(body, today=today):
        found.setdefault(where.replace("[", ".").replace("]", ""), []).append(sentence)
    return found


def _names(body: Body) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The materials and fees of the guide, as (code, name); a draft may be half written."""
    found = []
    for listed, code, name in (("materials", "material_code", "name"), ("fees", "fee_code", "fee_name")):
        things = body.get(listed)
        rows = [one for one in things if isinstance(one, Mapping)] if isinstance(things, list) else []
        found.append([(str(one[code]), str(one.get(name) or one[code])) for one in rows if one.get(code)])
    return found[0], found[1]


def _wrong(path: str, faults: Mapping[str, list[str]]) -> int:
    return sum(len(told) for at, told in faults.items() if at == path or at.startswith(f"{path}."))


def _question(questions: Sequence[Raw], place: int, faults: Mapping[str, list[str]]) -> Question:
    raw, path = questions[place], f"questions.{place}"
    values = {name: str(raw.get(name, "")) for name in QUESTION_TEXTS}
    values |= {name: (YES if raw[name] else NO) if name in raw else "" for name in QUESTION_FLAGS}
    values["known_by"] = "\n".join(raw.get("known_by", []))
    return Question(
        path=path,
        key=str(raw["key"]),
        values=values,
        choices=[
            Choice(f"{path}.choices.{number}", str(one["value"]), str(one["text"]))
            for number, one in enumerate(raw.get("choices", []))
        ],
        ask_when=_conditions(raw.get("ask_when", []), f"{path}.ask_when", questions, before=place),
        wrong=_wrong(path, faults),
    )


def _rule(
    raw: Raw,
    place: int,
    questions: Sequence[Raw],
    *,
    names: tuple[list[tuple[str, str]], list[tuple[str, str]]],
    faults: Mapping[str, list[str]],
) -> Rule:
    path = f"rows.{place}"
    when = _conditions(raw["when"], f"{path}.when", questions, before=len(questions))
    values = {name: str(raw.get(name, "")) for name in (*ROW_TEXTS, "visits")}
    values |= {f"limit.{name}": str(raw.get("limit", {}).get(name, "")) for name in LIMIT}
    values |= {f"refuse.{name}": str(raw.get("refuse", {}).get(name, "")) for name in REFUSE}
    materials, fees = names
    return Rule(
        path=path,
        when=when,
        materials=list(_materials(raw, path, materials)),
        fees=_with_strangers(fees, raw.get("fees", [])),
        due=frozenset(raw.get("fees", [])),
        free=raw.get("fees") == [],
        values=values,
        name="，并且".join(_said(one) for one in when.listed),
        wrong=_wrong(path, faults),
    )


def _materials(raw: Raw, path: str, materials: Sequence[tuple[str, str]]) -> Iterator[Material]:
    ways = {code: way for way in WAYS for code in raw.get(way, [])}
    for number, (code, name) in enumerate(_with_strangers(materials, list(ways))):
        yield Material(f"{path}.materials.{number}", code, name, ways.get(code, ""))


def _with_strangers(known: Sequence[tuple[str, str]], named: Sequence[str]) -> list[tuple[str, str]]:
    """What the guide has, and what a rule names although the guide has it not."""
    codes = dict(known)
    return [*codes.items(), *((code, f"{code}（指南里没有）") for code in named if code not in codes)]


def _conditions(raw: Sequence[Raw], path: str, questions: Sequence[Raw], *, before: int) -> Conditions:
    by_key = {str(one["key"]): one for one in questions}
    return Conditions(
        path,
        [_condition(one, f"{path}.{number}", by_key.get(str(one["q"]))) for number, one in enumerate(raw)],
        tuple((str(one["key"]), _called(one, place)) for place, one in enumerate(questions[:before])),
    )


def _called(question: Raw, place: int) -> str:
    return f"{place + 1}. {question.get('text') or '（还没有写问法）'}"


def _condition(raw: Raw, path: str, question: Raw | None) -> Condition:
    test = next(name for name in raw if name != "q")
    held = raw[test]
    values = tuple(str(one) for one in held) if isinstance(held, list) else (str(held),)
    kind = "gone" if question is None else str(question.get("kind", ""))
    tests: dict[str, str] = {**COMPARISONS.get(Kind(kind), {})} if kind in set(Kind) else {}
    options = _options(question or {}, kind)
    if tests and test not in tests:
        tests[test] = "（请重新选）"
    if options:
        strangers = [one for one in values if one and one not in dict(options)]
        options = (*options, *((one, f"{one}（没有这个选项）") for one in strangers))
    return Condition(
        path=path,
        question=str(raw["q"]),
        text=str((question or {}).get("text") or "") or "（这个问题已经没有了）",
        kind=kind,
        test=str(test),
        tests=tuple(tests.items()),
        options=options,
        values=values,
        unit=str((question or {}).get("unit") or ""),
    )


def _options(question: Raw, kind: str) -> tuple[tuple[str, str], ...]:
    if kind == Kind.YES_NO:
        return _YES_NO
    if kind in CHOOSING:
        return tuple((str(one["value"]), str(one["text"])) for one in question.get("choices", []))
    return ()


def _said(condition: Condition) -> str:
    """A condition in a few words, also one that is not finished."""
    words = dict(condition.options)
    values = "或".join(f"“{words.get(one, one)}”" for one in condition.values if one)
    if condition.test == Test.IS or condition.test in LISTING:
        return f"{condition.text}{'不选' if condition.test == Test.HAS_NOT else ''}{values or '…'}"
    value = "".join(condition.values) or "…"
    return f"{condition.text}{dict(condition.tests).get(condition.test, '')} {value}{condition.unit}"
