"""Situation questions and rules in words (情形的文字说法): what a reviewer reads instead of the data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.catalogue import codes
from app.situations import checking, saying
from app.situations.tables import Condition, Kind, Question, Row, Table, Test, read

_KINDS = {
    Kind.YES_NO: "是或不是",
    Kind.CHOICE: "单选",
    Kind.SEVERAL: "多选",
    Kind.NUMBER: "填数字",
    Kind.DATE: "填日期",
}
_TESTS = {
    Test.AT_LEAST: "至少{}",
    Test.BELOW: "不到{}",
    Test.YEARS_AT_LEAST: "已满{}年",
    Test.YEARS_BELOW: "未满{}年",
    Test.DAYS_AT_LEAST: "已满{}天",
    Test.DAYS_BELOW: "未满{}天",
    Test.WITHIN_DAYS: "在{}天以内",
    Test.NOT_WITHIN_DAYS: "不在{}天以内",
}


@dataclass(frozen=True, slots=True)
class InWords:
    """The questions and what follows from the answers, one sentence each."""

    questions: list[str]
    rules: list[str]


def of(body: Mapping[str, Any], *, today: date) -> InWords | None:
    """The situations of a guide in words; None when it has none, or its data are not right yet."""
    raw = body.get("situations")
    materials = {str(one.get("material_code")): str(one.get("name")) for one in body.get("materials") or []}
    fees = {str(one.get("fee_code")): str(one.get("fee_name")) for one in body.get("fees") or []}
    if not raw or any(checking.faults(raw, materials=list(materials), fees=list(fees), today=today)):
        return None
    table = read(raw)
    return InWords(
        [_question(table, question) for question in table.questions],
        [_rule(table, row, {**materials, **fees}) for row in table.rows],
    )


def comparable(body: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """The guide with its situations as sentences, so that what changed in them can be read."""
    said = of(body, today=today)
    if said is None:
        return dict(body)
    return {**body, "situations": [{"name": sentence} for sentence in (*said.questions, *said.rules)]}


def _question(table: Table, question: Question) -> str:
    choices = "／".join(choice.text for choice in question.choices)
    kind = f"（{_KINDS[question.kind]}{f'：{choices}' if choices else ''}）"
    when = f"，只在{_conditions(table, question.ask_when)}时问" if question.ask_when else ""
    return f"{question.text}{kind}{when}"


def _rule(table: Table, row: Row, names: Mapping[str, str]) -> str:
    when = f"{_conditions(table, row.when)}：" if row.when else "所有人："
    span = ""
    if row.effective_from > date.min or row.effective_to < date.max:
        begins = "" if row.effective_from == date.min else f"{row.effective_from}起"
        ends = "" if row.effective_to == date.max else f"到{row.effective_to}为止"
        span = f"（{begins}{ends}）"
    return when + "；".join(_follows(row, names)) + span


def _follows(row: Row, names: Mapping[str, str]) -> Iterator[str]:
    listed: tuple[tuple[str, Sequence[str]], ...] = (
        ("要交", row.need),
        ("可以不交", row.optional),
        ("不用交", row.skip),
    )
    for verb, found in listed:
        if found:
            yield f"{verb}{'、'.join(names[code] for code in found)}"
    if row.fees is not None:
        yield f"收{'、'.join(names[code] for code in row.fees)}" if row.fees else "不收费"
    if row.limit is not None:
        yield f"{row.limit[0]}{codes.LIMIT_UNITS[row.limit[1]]}办结"
    if row.visits is not None:
        yield f"到现场{row.visits}次"
    if row.place:
        yield f"到{row.place}办"
    if row.refuse is not None:
        law = f"（{row.refuse.law}）" if row.refuse.law else ""
        yield f"不能办，因为{row.refuse.reason}{law}"
    if row.note:
        yield row.note


def _conditions(table: Table, found: Sequence[Condition]) -> str:
    return "，并且".join(_condition(table, one) for one in found)


def _condition(table: Table, found: Condition) -> str:
    question = table.question(found.question)
    if question is None:
        return found.question
    return f"“{question.text}”{_answer(question, found)}"


def _answer(question: Question, found: Condition) -> str:
    if found.test is Test.IS:
        return f"答“{saying.in_words(question, found.value)}”"
    if found.test is Test.IN:
        return f"答{'或'.join(f'“{saying.in_words(question, one)}”' for one in found.value)}"
    if found.test in {Test.HAS, Test.HAS_NOT}:
        named = "或".join(f"“{saying.in_words(question, one)}”" for one in found.value)
        return f"{'选了' if found.test is Test.HAS else '没有选'}{named}"
    unit = question.unit if question.kind is Kind.NUMBER else ""
    return _TESTS[found.test].format(f"{found.value}{unit}")
