"""What this case asks for after its citizen's answers (按情形的材料、收费、时限)."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app import clock
from app.cases.models import Case
from app.catalogue.queries import Guide
from app.situations import guide as situations
from app.situations import saying
from app.situations.guide import ForPerson
from app.situations.saying import Said


@dataclass(frozen=True, slots=True)
class Situation:
    """What the citizen answered, and what follows; `person` is None until every question is answered."""

    said: list[Said]
    person: ForPerson | None


def of(case: Case, guide: Guide) -> Situation:
    """The citizen's situation on the day of handing in, until then on this day.

    Somebody who reaches an age while the draft lies there is asked for what applies to them now; what was
    right when it was handed in stays right.
    """
    day = clock.local(case.submitted_at or clock.now()).date()
    table = situations.table_of(guide.body)
    answers = situations.answers_of(table, json.loads(case.sealed_answers))
    person = situations.for_person(guide.body, answers, today=day)
    return Situation(
        said=saying.said(table, answers, today=day), person=None if person.open_questions else person
    )


def materials(case: Case, guide: Guide, *, handed_in: Collection[str] = ()) -> list[dict[str, Any]]:
    """The materials of the pinned guide as they apply to this citizen.

    Whoever has not answered all questions is asked for what the guide asks of everybody. What is no longer
    asked for but was handed in already stays, as optional, so that it can be seen and taken back.
    """
    return listed(of(case, guide).person, guide, handed_in=handed_in)


def listed(
    person: ForPerson | None, guide: Guide, *, handed_in: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The same for a citizen whose situation is known."""
    if person is None:
        return guide.materials
    asked = {material["material_code"]: material for material in person.materials}
    return [
        asked.get(code) or {**material, "is_need": situations.OPTIONAL, "one_of": None}
        for material in guide.materials
        if (code := material["material_code"]) in asked or code in handed_in
    ]


def fee_codes(case: Case, guide: Guide) -> list[str] | None:
    """The fees that the answers choose, and those that are always due; None: by the guide's own rule."""
    person = of(case, guide).person
    if person is None or not person.fees_chosen:
        return None
    return [str(fee["fee_code"]) for fee in person.fees if fee["amount_fen"] is not None]


def limit(case: Case, guide: Guide) -> tuple[int, str]:
    """How long the office takes with this citizen's case at most, in days of their unit (承诺时限)."""
    person = of(case, guide).person
    return person.limit if person is not None else (guide.promise_day, guide.promise_unit)
