"""What questions and decision tables must keep before a guide may carry them (情形数据校验).

Every way through the questions is walked: rows that would contradict each other for somebody are refused.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.situations.engine import NO, YES, Answer, days_later, heard, rows_that_apply, years_later
from app.situations.tables import Condition, Kind, Question, Row, Table, Test, read
from app.situations.ways import conditions_on, other_answers

MOST_PATHS = 20_000
MOST_QUESTIONS = 20
MOST_ROWS = 100
_LIMIT_UNITS = {"WORKDAY", "DAY"}
_TESTS = {
    Kind.YES_NO: {Test.IS},
    Kind.CHOICE: {Test.IS, Test.IN},
    Kind.NUMBER: {Test.AT_LEAST, Test.BELOW},
    Kind.DATE: set(Test) - {Test.IS, Test.IN, Test.AT_LEAST, Test.BELOW},
}
_LONGEST = 400  # characters of a text
_MOST_DAYS = 36_500
_MOST_YEARS = 150

Fault = tuple[str, str]


def faults(raw: object, *, materials: Sequence[str], fees: Sequence[str], today: date) -> list[Fault]:
    """Every fault as (place, sentence), by the codes of the guide's own materials and fees."""
    try:
        table = read(raw)  # type: ignore[arg-type]
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        return [("situations", f"cannot be read: {type(error).__name__} {error}"[:200])]
    found = list(_of_questions(table))
    found += _of_rows(table, materials=set(materials), fees=set(fees))
    return found or list(_contradictions(table, today=today))


def paths(table: Table, *, today: date) -> Iterator[dict[str, Answer]]:
    """Every way through the questions that the table can tell apart, each once; raises TooManyPaths."""
    classes = [list(dict.fromkeys(_answers(table, question, today=today))) for question in table.questions]
    seen: set[tuple[tuple[str, Answer], ...]] = set()
    total = 1
    for one in classes:
        total *= len(one)
        if total > MOST_PATHS:
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
        yield "questions", f"must be 1 to {MOST_QUESTIONS}"
    if len(set(keys)) < len(keys):
        yield "questions", "two have the same key"
    for place, question in enumerate(table.questions):
        where = f"questions[{place}]"
        if not question.text.strip() or len(question.text) > _LONGEST:
            yield where, "needs a text of at most 400 characters"
        if (question.kind is Kind.CHOICE) != bool(question.choices):
            yield where, "a choice, and only a choice, names its choices"
        if len({one.value for one in question.choices}) < len(question.choices):
            yield where, "two choices have the same value"
        for fault in _of_conditions(table, question.ask_when, among=keys[:place]):
            yield f"{where}.ask_when", fault


def _of_rows(table: Table, *, materials: set[str], fees: set[str]) -> Iterator[Fault]:
    keys = [question.key for question in table.questions]
    if len(table.rows) > MOST_ROWS:
        yield "rows", f"must be at most {MOST_ROWS}"
    for place, row in enumerate(table.rows):
        where = f"rows[{place}]"
        if not row.when:
            yield where, "needs a condition: what holds for everybody belongs into the guide"
        for fault in _of_conditions(table, row.when, among=keys):
            yield f"{where}.when", fault
        for code in {*row.need, *row.skip, *row.optional} - materials:
            yield where, f"{code} is no material of this guide (清单之外无证明)"
        for code in set(row.fees or ()) - fees:
            yield where, f"{code} is no fee of this guide"
        if row.limit is not None and not _is_limit(row.limit):
            yield where, "a limit has whole days and a unit, WORKDAY or DAY"
        if row.refuse is not None and not row.refuse.reason.strip():
            yield where, "a refusal needs its reason"
        if row.effective_from > row.effective_to:
            yield where, "ends before it begins"


def _of_conditions(table: Table, conditions: Sequence[Condition], *, among: Sequence[str]) -> Iterator[str]:
    for condition in conditions:
        question = table.question(condition.question)
        if question is None or question.key not in among:
            yield f"{condition.question} is no earlier question"
            continue
        if condition.test not in _TESTS[question.kind]:
            yield f"{condition.question} cannot be compared by {condition.test}"
        elif question.kind in {Kind.NUMBER, Kind.DATE}:
            most = _MOST_YEARS if condition.test in {Test.YEARS_AT_LEAST, Test.YEARS_BELOW} else _MOST_DAYS
            if not _is_whole(condition.value, most=most):
                yield f"{condition.question} must be compared with a whole number, at most {most}"
        elif not _named(condition) <= _possible(question):
            yield f"{condition.question} has no such answer: {condition.value}"


def _named(condition: Condition) -> set[Any]:
    return set(condition.value) if condition.test is Test.IN else {condition.value}


def _possible(question: Question) -> set[str]:
    return {YES, NO} if question.kind is Kind.YES_NO else {one.value for one in question.choices}


def _is_whole(value: object, *, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_limit(limit: tuple[object, object]) -> bool:
    return _is_whole(limit[0], most=_MOST_DAYS) and limit[1] in _LIMIT_UNITS


def _contradictions(table: Table, *, today: date) -> Iterator[Fault]:
    """Rows that say different things about the same to the same person; each kind is named once."""
    days = {today} | {row.effective_from for row in table.rows if row.effective_from > today}
    named: set[str] = set()
    try:
        for day in days:
            for known in paths(table, today=day):
                for what in _said_twice(table, known, today=day) - named:
                    named.add(what)
                    yield "rows", f"contradict each other about {what} for {_told(known)}"
    except TooManyPaths:
        yield "situations", f"have more than {MOST_PATHS} ways through them; ask less at once"


def _said_twice(table: Table, known: Mapping[str, Answer], *, today: date) -> set[str]:
    rows = rows_that_apply(table, known, today=today)
    found = set(_of_materials(rows))
    for name in ("limit", "place", "visits"):
        said = {getattr(row, name) for row in rows} - {None}
        if len(said) > 1:
            found.add(name)
    return found


def _of_materials(rows: Sequence[Row]) -> Iterator[str]:
    ways = [{code for row in rows for code in getattr(row, name)} for name in ("need", "skip", "optional")]
    for one, other in itertools.combinations(ways, 2):
        yield from one & other


def _told(known: Mapping[str, Answer]) -> str:
    return ", ".join(f"{key}={answer}" for key, answer in known.items())
