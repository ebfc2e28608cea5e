"""A guide for one person (我的办理清单): its materials, fees, limit and place after the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.situations.engine import Answer, Answers, Outcome, decide, readable, unanswered
from app.situations.tables import Question, Refusal, Table, read
from app.situations.ways import Way, ways

Body = Mapping[str, Any]

MANDATORY, OPTIONAL, TO_FOLLOW = "1", "2", "3"
_ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class ForPerson:
    """What one person needs; materials and fees are those of the guide, limits in days of their unit.

    `fees_chosen`: the answers say which of several fees are due. `open_questions` have no answer yet:
    until they are answered the rest is what is known so far.
    """

    materials: list[dict[str, Any]]
    fees: list[dict[str, Any]]
    limit: tuple[int, str]
    visits: int
    place: str | None
    refusals: tuple[Refusal, ...]
    ways: list[Way]
    notes: tuple[str, ...]
    fees_chosen: bool
    open_questions: list[Question]

    @property
    def eligible(self) -> bool:
        """Whether nothing speaks against applying."""
        return not self.refusals


def table_of(body: Body) -> Table:
    """The questions and rows of a guide."""
    return read(body.get("situations"))


def answers_of(table: Table, given: Mapping[str, object]) -> dict[str, Answer]:
    """The answers that can be read as such; what is no answer to a question of the table is left out."""
    read_as = {
        question.key: readable(question, given[question.key])
        for question in table.questions
        if question.key in given
    }
    return {key: answer for key, answer in read_as.items() if answer is not None}


def for_person(body: Body, answers: Answers, *, today: date) -> ForPerson:
    """What a person with these answers needs on this day; never a material outside the guide's own list."""
    table = table_of(body)
    outcome = decide(table, answers, today=today)
    return ForPerson(
        materials=materials_after(body, outcome, table),
        fees=_fees(body.get("fees") or [], outcome.fees),
        limit=outcome.limit or (int(body["promise_day"]), str(body["promise_unit"])),
        visits=outcome.visits if outcome.visits is not None else int(body["limit_scene_num"]),
        place=outcome.place,
        refusals=outcome.refusals,
        ways=ways(table, answers, today=today),
        notes=outcome.notes,
        fees_chosen=outcome.fees is not None,
        open_questions=unanswered(table, answers, today=today),
    )


def materials_after(body: Body, outcome: Outcome, table: Table) -> list[dict[str, Any]]:
    """The guide's materials as they apply: needed, optional, or gone.

    One that some rows demand and no row of this person does is only for others, and goes; where a question is
    still open no row applies, so that it goes too until the answer is there. What is needed and may follow
    later (容缺后补) stays so.
    """
    for_some = {code for row in table.rows for code in row.need}
    found = []
    for material in body.get("materials") or []:
        code = material["material_code"]
        if code in outcome.need:
            need = material["is_need"] if material["is_need"] == TO_FOLLOW else MANDATORY
            found.append({**material, "is_need": need, "one_of": None})
        elif code in outcome.optional:
            found.append({**material, "is_need": OPTIONAL})
        elif code not in outcome.skip and not (code in for_some and material["is_need"] != MANDATORY):
            found.append(dict(material))
    return found


def _fees(fees: Sequence[Mapping[str, Any]], chosen: Sequence[str] | None) -> list[dict[str, Any]]:
    """Those always due and those chosen by the answers; without a choice in the table all that may come."""
    if chosen is None:
        return [dict(fee) for fee in fees]
    due = [fee for fee in fees if fee.get("charge", _ALWAYS) == _ALWAYS or fee["fee_code"] in set(chosen)]
    return [{**fee, "charge": _ALWAYS} for fee in due]
