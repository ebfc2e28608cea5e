"""What questions and decision tables must keep before a guide may carry them (情形数据校验).

Every way through the questions is walked: rows that would contradict each other for somebody are refused.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.situations import known as known_facts
from app.situations import saying, shape
from app.situations.engine import NO, YES, Answer, days_later, heard, rows_that_apply, years_later
from app.situations.tables import CHOOSING, LISTING, Condition, Kind, Question, Row, Table, Test, read
from app.situations.ways import conditions_on, other_answers

MOST_PATHS = 20_000
MOST_QUESTIONS = 20
MOST_ROWS = 100
MOST_TICKS = 8  # every set of ticks is a way of its own
_LIMIT_UNITS = {"WORKDAY", "DAY"}
_TESTS = {
    Kind.YES_NO: {Test.IS},
    Kind.CHOICE: {Test.IS, Test.IN},
    Kind.SEVERAL: {Test.HAS, Test.HAS_NOT},
    Kind.NUMBER: {Test.AT_LEAST, Test.BELOW},
    Kind.DATE: set(Test) - LISTING - {Test.IS, Test.AT_LEAST, Test.BELOW},
}
_WHAT = {"limit": "时限", "place": "地点", "visits": "到场次数"}
_MOST_DAYS = 36_500
_MOST_YEARS = 150

Fault = tuple[str, str]


def faults(raw: object, *, materials: Sequence[str], fees: Sequence[str], today: date) -> list[Fault]:
    """Every fault as (place, sentence), by the codes of the guide's own materials and fees."""
    misshapen = shape.check(raw)
    if misshapen or not isinstance(raw, dict):
        return misshapen
    table = read(raw)
    found = list(_of_questions(table))
    found += _of_rows(table, materials=set(materials), fees=set(fees))
    return found or list(_contradictions(table, today=today))


def paths(table: Table, *, today: date, most: int = MOST_PATHS) -> Iterator[dict[str, Answer]]:
    """Every way through the questions that the table can tell apart, each once; raises TooManyPaths."""
    classes = [list(dict.fromkeys(_answers(table, question, today=today))) for question in table.questions]
    seen: set[tuple[tuple[str, Answer], ...]] = set()
    total = 1
    for one in classes:
        total *= len(one)
        if total > most:
            raise TooManyPaths
    for given in itertools.product(*classes):
        answers = dict(zip((question.key for question in table.questions), given, strict=True))
        known = heard(table, answers, today=today)
        path = tuple(known.items())
        if path not in seen:
            seen.add(path)
            yield known


class TooManyPaths(Exception):
    """More ways through the questions than can be walked: the table must be made simpler."""


def _answers(table: Table, question: Question, *, today: date) -> Iterator[Answer]:
    if question.kind is not Kind.DATE:
        yield from other_answers(table, question)
        return
    yield today
    for condition in conditions_on(table, question):
        turn = _day_that_just_holds(condition, today)
        yield from (turn, turn - timedelta(days=1), turn + timedelta(days=1))


def _day_that_just_holds(condition: Condition, today: date) -> date:
    """An answered day on whose side of today the condition turns."""
    if condition.test in {Test.YEARS_AT_LEAST, Test.YEARS_BELOW}:
        return years_later(today, -condition.value)
    if condition.test in {Test.DAYS_AT_LEAST, Test.DAYS_BELOW}:
        return today - timedelta(days=condition.value)
    return days_later(today, condition.value)


def _of_questions(table: Table) -> Iterator[Fault]:
    keys = [question.key for question in table.questions]
    if not keys or len(keys) > MOST_QUESTIONS:
        yield "questions", f"要有1到{MOST_QUESTIONS}个问题"
    if len(set(keys)) < len(keys):
        yield "questions", "两个问题的代号一样"
    for place, question in enumerate(table.questions):
        where = f"questions[{place}]"
        if (question.kind in CHOOSING) != bool(question.choices):
            yield f"{where}.choices", "单选和多选才有选项，而且一定要有"
        if question.kind is Kind.SEVERAL and len(question.choices) > MOST_TICKS:
            yield f"{where}.choices", f"多选最多{MOST_TICKS}个选项，请合并或分成几个问题"
        if len({one.value for one in question.choices}) < len(question.choices):
            yield f"{where}.choices", "两个选项的代号一样"
        for fault in known_facts.faults(question):
            yield f"{where}.known_from", fault
        yield from _of_conditions(table, question.ask_when, among=keys[:place], where=f"{where}.ask_when")


def _of_rows(table: Table, *, materials: set[str], fees: set[str]) -> Iterator[Fault]:
    keys = [question.key for question in table.questions]
    if len(table.rows) > MOST_ROWS:
        yield "rows", f"规则最多{MOST_ROWS}条"
    for place, row in enumerate(table.rows):
        where = f"rows[{place}]"
        if not row.when:
            yield f"{where}.when", "要有条件；对谁都一样的写在指南里，不写在规则里"
        yield from _of_conditions(table, row.when, among=keys, where=f"{where}.when")
        for code in sorted({*row.need, *row.skip, *row.optional} - materials):
            yield f"{where}.need", f"指南的材料里没有{code[:64]}（清单之外无证明）"
        for code in sorted(set(row.fees or ()) - fees):
            yield f"{where}.fees", f"指南的收费里没有{code[:64]}"
        if row.limit is not None and not _is_limit(row.limit):
            yield f"{where}.limit", f"天数要写0到{_MOST_DAYS}的整数，并选工作日（WORKDAY）或自然日（DAY）"
        if row.refuse is not None and not row.refuse.reason.strip():
            yield f"{where}.refuse", "不能办的要写原因"
        if row.effective_from > row.effective_to:
            yield f"{where}.effective_to", "失效日期早于生效日期"


def _of_conditions(
    table: Table, conditions: Sequence[Condition], *, among: Sequence[str], where: str
) -> Iterator[Fault]:
    for place, condition in enumerate(conditions):
        question = table.question(condition.question)
        if question is None or question.key not in among:
            asked = condition.question if question is None else question.text
            yield f"{where}[{place}]", f"前面没有“{asked[:64]}”这个问题"
            continue
        for fault in _of_condition(question, condition):
            yield f"{where}[{place}]", fault


def _of_condition(question: Question, condition: Condition) -> Iterator[str]:
    if condition.test not in _TESTS[question.kind]:
        yield f"“{question.text}”的回答不能用 {condition.test} 比较，请重新选"
    elif question.kind in {Kind.NUMBER, Kind.DATE}:
        most = _MOST_YEARS if condition.test in {Test.YEARS_AT_LEAST, Test.YEARS_BELOW} else _MOST_DAYS
        if not _is_whole(condition.value, most=most):
            yield f"“{question.text}”要和0到{most}的整数比较"
    elif not _named(condition) <= _possible(question):
        yield f"“{question.text}”没有这个选项：{_shown(condition.value)}"


def _named(condition: Condition) -> set[Any]:
    return set(condition.value) if condition.test in LISTING else {condition.value}


def _possible(question: Question) -> set[str]:
    return {YES, NO} if question.kind is Kind.YES_NO else {one.value for one in question.choices}


def _is_whole(value: object, *, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_limit(limit: tuple[object, object]) -> bool:
    return _is_whole(limit[0], most=_MOST_DAYS) and limit[1] in _LIMIT_UNITS


def _contradictions(table: Table, *, today: date) -> Iterator[Fault]:
    """Rows that say different things about the same to the same person, and tables by which nobody may apply.

    What the rows contradict each other about is named once, with the rows.
    """
    days = {today} | {row.effective_from for row in table.rows if row.effective_from > today}
    named: set[str] = set()
    somebody_may = False
    try:
        for day in sorted(days):
            for known in paths(table, today=day, most=MOST_PATHS // len(days)):
                rows = rows_that_apply(table, known, today=day)
                somebody_may |= all(row.refuse is None for row in rows)
                for what, one, other in _said_twice(rows):
                    if what not in named:
                        named.add(what)
                        other_no, about = table.rows.index(other) + 1, _WHAT.get(what, what)
                        sentence = f"和第{other_no}条规则矛盾（{about}），比如：{_told(table, known, day)}"
                        yield f"rows[{table.rows.index(one)}]", sentence
    except TooManyPaths:
        yield "situations", f"问题组合超过{MOST_PATHS}种，查不过来，请少问几个或合并选项"
        return
    if not somebody_may:
        yield "rows", "照这些规则谁也办不了，请检查不能办的条件"


def _said_twice(rows: Sequence[Row]) -> Iterator[tuple[str, Row, Row]]:
    for one, other in itertools.combinations(rows, 2):
        for name in ("limit", "place", "visits"):
            said = {getattr(one, name), getattr(other, name)} - {None}
            if len(said) > 1:
                yield name, one, other
        for way, against in itertools.permutations(("need", "skip", "optional"), 2):
            for code in sorted(set(getattr(one, way)) & set(getattr(other, against))):
                yield code, one, other
    for row in rows:
        for codes, others in itertools.combinations((row.need, row.skip, row.optional), 2):
            for code in sorted(set(codes) & set(others)):
                yield code, row, row


def _shown(value: object) -> str:
    return "、".join(map(str, value))[:64] if isinstance(value, tuple) else str(value)[:64]


def _told(table: Table, known: Mapping[str, Answer], day: date) -> str:
    told = saying.said(table, known, today=day)
    return "；".join(f"{one.question}{one.answer}" for one in told)
