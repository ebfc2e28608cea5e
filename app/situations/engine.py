"""What follows from answers (情形判定): pure and total, the same for the same answers on the same day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.situations.tables import Condition, Kind, Question, Refusal, Row, Table, Test

Answer = str | int | date
Answers = Mapping[str, Answer]

YES, NO = "yes", "no"
# Several choices are one answer with commas between; whoever ticks none says so.
COMMA, NOTHING = ",", "-"
MOST_NUMBER = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rows say together; None: what the guide says for everybody."""

    need: frozenset[str]
    skip: frozenset[str]
    optional: frozenset[str]
    fees: tuple[str, ...] | None
    limit: tuple[int, str] | None
    place: str | None
    visits: int | None
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]

    @property
    def eligible(self) -> bool:
        """Whether nothing speaks against applying."""
        return not self.refusals


def asked(table: Table, answers: Answers, *, today: date) -> list[Question]:
    """The questions worth asking after these answers, in their order; what nobody asked counts not."""
    known: dict[str, Answer] = {}
    found: list[Question] = []
    for question in table.questions:
        if not _all_hold(question.ask_when, known, today):
            continue
        found.append(question)
        if question.key in answers:
            known[question.key] = answers[question.key]
    return found


def unanswered(table: Table, answers: Answers, *, today: date) -> list[Question]:
    """The questions that are still to be answered."""
    return [question for question in asked(table, answers, today=today) if question.key not in answers]


def heard(table: Table, answers: Answers, *, today: date) -> dict[str, Answer]:
    """The answers that count: those to questions that were asked."""
    return {
        question.key: answers[question.key]
        for question in asked(table, answers, today=today)
        if question.key in answers
    }


def decide(table: Table, answers: Answers, *, today: date) -> Outcome:
    """What follows; rows about what nobody answered do not apply."""
    rows = rows_that_apply(table, heard(table, answers, today=today), today=today)
    return Outcome(
        need=frozenset(code for row in rows for code in row.need),
        skip=frozenset(code for row in rows for code in row.skip),
        optional=frozenset(code for row in rows for code in row.optional),
        fees=_fees(rows),
        limit=next((row.limit for row in rows if row.limit is not None), None),
        place=next((row.place for row in rows if row.place is not None), None),
        visits=next((row.visits for row in rows if row.visits is not None), None),
        refusals=tuple(row.refuse for row in rows if row.refuse is not None),
        notes=tuple(row.note for row in rows if row.note),
    )


def rows_that_apply(table: Table, known: Answers, *, today: date) -> list[Row]:
    """The rows in force whose conditions all hold for answers that were asked for."""
    return [row for row in table.rows if row.is_in_force(today) and _all_hold(row.when, known, today)]


def readable(question: Question, given: object) -> Answer | None:
    """An answer as it came from a phone; None when it is none to this question."""
    if question.kind is Kind.NUMBER:
        whole = given if isinstance(given, int) and not isinstance(given, bool) else _whole(given)
        return whole if whole is not None and 0 <= whole <= MOST_NUMBER else None
    if not isinstance(given, str):
        return None
    if question.kind is Kind.DATE:
        return _day(given)
    if question.kind is Kind.SEVERAL:
        return _several(question, given)
    allowed = {YES, NO} if question.kind is Kind.YES_NO else {one.value for one in question.choices}
    return given if given in allowed else None


def ticked(answer: str) -> set[str]:
    """The choices of an answer to a question that takes several."""
    return set(answer.split(COMMA)) - {NOTHING}


def years_later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 1 March where there is none. Never after date.max."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def days_later(day: date, days: int) -> date:
    """Some days on, never after date.max."""
    return day + timedelta(days=min(days, (date.max - day).days))


def _fees(rows: Sequence[Row]) -> tuple[str, ...] | None:
    named = [row.fees for row in rows if row.fees is not None]
    return tuple(dict.fromkeys(code for codes in named for code in codes)) if named else None


def _all_hold(conditions: Sequence[Condition], known: Answers, today: date) -> bool:
    return all(
        condition.question in known and holds(condition, known[condition.question], today)
        for condition in conditions
    )


def holds(condition: Condition, answer: Answer, today: date) -> bool:
    """Whether one condition holds for one answer; what cannot be compared does not."""
    if isinstance(answer, date):
        compare = _OF_DATES.get(condition.test)
        return compare is not None and compare(answer, condition.value, today)
    if isinstance(answer, int):
        if condition.test is Test.AT_LEAST:
            return bool(answer >= condition.value)
        return condition.test is Test.BELOW and bool(answer < condition.value)
    choose = _OF_CHOICES.get(condition.test)
    return choose is not None and choose(answer, condition.value)


_OF_CHOICES: dict[Test, Callable[[str, Any], bool]] = {
    Test.IS: lambda answer, value: bool(answer == value),
    Test.IN: lambda answer, values: answer in values,
    Test.HAS: lambda answer, values: not ticked(answer).isdisjoint(values),
    Test.HAS_NOT: lambda answer, values: ticked(answer).isdisjoint(values),
}
# An age is reached on the birthday itself, as offices count it.
_OF_DATES: dict[Test, Callable[[date, int, date], bool]] = {
    Test.YEARS_AT_LEAST: lambda day, years, today: years_later(day, years) <= today,
    Test.YEARS_BELOW: lambda day, years, today: years_later(day, years) > today,
    Test.DAYS_AT_LEAST: lambda day, days, today: days_later(day, days) <= today,
    Test.DAYS_BELOW: lambda day, days, today: days_later(day, days) > today,
    Test.WITHIN_DAYS: lambda day, days, today: day <= days_later(today, days),
    Test.NOT_WITHIN_DAYS: lambda day, days, today: day > days_later(today, days),
}


def _several(question: Question, given: str) -> str | None:
    """The choices in their own order, so that the same ticks are the same answer."""
    if given == NOTHING:
        return NOTHING
    said, known = given.split(COMMA), [one.value for one in question.choices]
    right = len(set(said)) == len(said) and set(said) <= set(known)
    return COMMA.join(value for value in known if value in said) if right else None


def _whole(given: object) -> int | None:
    text = given.strip() if isinstance(given, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_NUMBER)) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-21") else None
    except ValueError:
        return None
