"""What would make somebody eligible who is not (怎样才符合条件), found by trying, never written by hand."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.situations.engine import (
    COMMA,
    NO,
    NOTHING,
    YES,
    Answer,
    Answers,
    asked,
    days_later,
    decide,
    heard,
    unanswered,
    years_later,
)
from app.situations.tables import Condition, Kind, Question, Table, Test

_MOST_WAYS = 5


@dataclass(frozen=True, slots=True)
class Way:
    """Wait until a day, or answer one question otherwise."""

    on: date | None = None
    question: Question | None = None
    answer: Answer | None = None


def ways(table: Table, answers: Answers, *, today: date) -> list[Way]:
    """The smallest changes after which nothing speaks against applying; empty when there are none or no need.

    First the earliest day on which time alone brings it, then other answers to one question that the person
    could change.
    """
    if decide(table, answers, today=today).eligible:
        return []
    day = _day_it_comes(table, answers, today=today)
    found = [Way(on=day)] if day is not None else []
    for question in asked(table, answers, today=today):
        if not question.changeable or question.key not in answers:
            continue
        for other in other_answers(table, question):
            changed = {**answers, question.key: other}
            if other != answers[question.key] and _is_eligible(table, changed, today=today):
                found.append(Way(question=question, answer=other))
    return found[:_MOST_WAYS]


def other_answers(table: Table, question: Question) -> Iterator[Answer]:
    """One answer of each kind that the table can tell apart; numbers at the borders of its conditions."""
    if question.kind is Kind.YES_NO:
        yield from (YES, NO)
    elif question.kind is Kind.CHOICE:
        yield from (choice.value for choice in question.choices)
    elif question.kind is Kind.SEVERAL:
        named = {value for one in conditions_on(table, question) for value in one.value}
        told_apart = [choice.value for choice in question.choices if choice.value in named]
        for many in range(len(told_apart) + 1):
            yield from (COMMA.join(some) or NOTHING for some in itertools.combinations(told_apart, many))
    elif question.kind is Kind.NUMBER:
        borders = {int(one.value) for one in conditions_on(table, question)}
        yield from sorted({0} | borders | {border - 1 for border in borders if border > 0})


def conditions_on(table: Table, question: Question) -> Iterator[Condition]:
    """Every condition of the table that looks at the answer to this question."""
    everywhere = [row.when for row in table.rows] + [one.ask_when for one in table.questions]
    yield from (one for conditions in everywhere for one in conditions if one.question == question.key)


def days_of_change(table: Table, answers: Answers, *, today: date) -> list[date]:
    """The days from tomorrow on at which a condition on an answered date turns, or a row begins or ends."""
    found: set[date] = set()
    for question in table.questions:
        answer = answers.get(question.key)
        if isinstance(answer, date):
            found |= {_turns(one, answer) for one in conditions_on(table, question)}
    found |= {row.effective_from for row in table.rows}
    found |= {days_later(row.effective_to, 1) for row in table.rows}
    return sorted(day for day in found if today < day < date.max)


def _day_it_comes(table: Table, answers: Answers, *, today: date) -> date | None:
    known = heard(table, answers, today=today)
    for day in days_of_change(table, known, today=today):
        if _is_eligible(table, answers, today=day):
            return day
    return None


def _turns(condition: Condition, day: date) -> date:
    """The first day on which the condition is otherwise than before."""
    if condition.test in {Test.YEARS_AT_LEAST, Test.YEARS_BELOW}:
        return years_later(day, condition.value)
    if condition.test in {Test.DAYS_AT_LEAST, Test.DAYS_BELOW}:
        return days_later(day, condition.value)
    return date.fromordinal(max(day.toordinal() - condition.value, 1))


def _is_eligible(table: Table, answers: Answers, *, today: date) -> bool:
    return not unanswered(table, answers, today=today) and decide(table, answers, today=today).eligible
