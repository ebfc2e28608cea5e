"""A draft's questions answered on trial (情形试答): the list that such a person would get."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.catalogue import rules
from app.catalogue.item_fields import label_of
from app.desk import situation_fields, situation_form
from app.situations import engine, guide, saying
from app.situations.engine import Answers
from app.situations.guide import ForPerson
from app.situations.tables import Question, Table

Body = Mapping[str, Any]

# What a person's list is made of; the rest of a draft may still be half written.
_NEEDED = {"materials", "fees", "promise_day", "promise_unit", "limit_scene_num"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the trial with what was answered, as it was typed; `fault` when it is no answer to it."""

    question: Question
    typed: str
    fault: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The questions so far and the list that follows; `broken` says what is to be mended before."""

    asked: list[Asked] = field(default_factory=list)
    person: ForPerson | None = None
    ways: list[str] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)

    @property
    def open_count(self) -> int:
        """How many questions are still without an answer."""
        return len(self.person.open_questions) if self.person is not None else 0


def tried(body: Body, typed: Mapping[str, str], *, today: date) -> Trial:
    """The list of somebody who answers like this on this day (今天或以后的一天); never raises."""
    broken = _broken(body, today=today)
    if broken:
        return Trial(broken=broken)
    table = guide.table_of(body)
    answers = guide.answers_of(table, typed)
    person = guide.for_person(body, answers, today=today)
    ways = [saying.way_in_words(way) for way in person.ways]
    return Trial(asked(table, answers, typed, today=today), person, ways)


def asked(table: Table, answers: Answers, typed: Mapping[str, str], *, today: date) -> list[Asked]:
    """The questions that are asked after these answers, each with what was typed."""
    return [
        Asked(question, text, "请照问题填写" if text and question.key not in answers else "")
        for question in engine.asked(table, answers, today=today)
        for text in [typed.get(question.key, "").strip()]
    ]


def _broken(body: Body, *, today: date) -> list[tuple[str, str]]:
    """What stands between the draft and a list, as (place, sentence)."""
    found = [
        (label_of(finding.field), finding.sentence)
        for finding in rules.check(dict(body))
        if finding.refuses and finding.field.partition(".")[0].partition("[")[0] in _NEEDED
    ]
    told = situation_form.faults_of(body, today=today)
    return [*found, *((situation_fields.label_of(where), sentence) for where, sentence in told)]
