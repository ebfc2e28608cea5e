"""What this case asks for after its citizen's answers (按情形的材料)."""

import json
from typing import Any

from app import clock
from app.cases.models import Case
from app.catalogue.queries import Guide
from app.situations import guide as situations


def materials(case: Case, guide: Guide) -> list[dict[str, Any]]:
    """The materials of the pinned guide as they apply to this citizen, on the day the draft was begun.

    Whoever has not answered all questions is asked for what the guide asks of everybody.
    """
    table = situations.table_of(guide.body)
    answers = situations.answers_of(table, json.loads(case.sealed_answers))
    person = situations.for_person(guide.body, answers, today=clock.local(case.created_at).date())
    return guide.materials if person.open_questions else person.materials
