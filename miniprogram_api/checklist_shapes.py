"""What questions and checklists look like to a phone (情形问题、办理清单的字段)."""

from typing import Any

from marshmallow import Schema, fields

from app.catalogue import cards
from app.checklists.queries import ChecklistView
from app.situations.known import Proposal
from app.situations.saying import way_in_words
from app.situations.tables import Condition, Kind, Question, Test
from miniprogram_api.consents import PrefillOut
from miniprogram_api.guide_shapes import FeeOut, LimitOut, MaterialOut
from miniprogram_api.paper_shapes import Papers, with_papers
from web.times import ShanghaiTime

_TEST = {"enum": [test.value for test in Test]}


class ChoiceOut(Schema):
    """An answer to choose from."""

    value = fields.String()
    text = fields.String()


class ConditionOut(Schema):
    """What an earlier answer must be; years and days count between an answered date and today."""

    question = fields.String()
    test = fields.String(metadata=_TEST)
    values = fields.List(fields.Raw(), metadata={"description": "one text or number; several for `in`"})


class QuestionOut(Schema):
    """A question; it is asked when all of `ask_when` hold. `prefilled` may be changed by the citizen."""

    key = fields.String()
    text = fields.String()
    kind = fields.String(metadata={"enum": [kind.value for kind in Kind]})
    choices = fields.List(fields.Nested(ChoiceOut))
    help = fields.String()
    unit = fields.String()
    ask_when = fields.List(fields.Nested(ConditionOut))
    prefilled = fields.String(allow_none=True)
    prefilled_from = fields.String(allow_none=True)


class QuestionsOut(Schema):
    """The questions of a guide, in their order; none when everybody needs the same.

    `prefill` is null for whoever is not logged in, and where nothing is known that would answer a question.
    """

    task_code = fields.String()
    name = fields.String()
    version = fields.Integer()
    questions = fields.List(fields.Nested(QuestionOut))
    prefill = fields.Nested(PrefillOut, allow_none=True)
    provenance = fields.String()


class SaidOut(Schema):
    """A question with the citizen's answer in words."""

    key = fields.String()
    question = fields.String()
    answer = fields.String()


class RefusalOut(Schema):
    """Why one cannot apply, by which law, and what to do instead."""

    reason = fields.String()
    law = fields.String()
    instead = fields.String()


class WayOut(Schema):
    """What would make it possible: a day to wait for, or another answer."""

    on = fields.String(allow_none=True, metadata={"format": "date"})
    text = fields.String()


class ChecklistOut(Schema):
    """Exactly what one person needs, and whether they may apply."""

    checklist_no = fields.String()
    task_code = fields.String()
    name = fields.String()
    version = fields.Integer()
    made_at = ShanghaiTime()
    over_at = ShanghaiTime()
    outdated = fields.Boolean(metadata={"description": "the guide has changed since; make a new one"})
    eligible = fields.Boolean()
    refusals = fields.List(fields.Nested(RefusalOut))
    ways = fields.List(fields.Nested(WayOut))
    answers = fields.List(fields.Nested(SaidOut))
    materials = fields.List(fields.Nested(MaterialOut))
    fees = fields.List(fields.Nested(FeeOut))
    limit = fields.Nested(LimitOut)
    visits = fields.Integer()
    place = fields.String(metadata={"description": "where this person goes; empty: as the guide says"})
    notes = fields.List(fields.String())
    page_url = fields.String(metadata={"description": "a page that prints well"})
    provenance = fields.String()


def question(one: Question, *, prefilled: Proposal | None) -> dict[str, Any]:
    """A question as a phone gets it."""
    shown: dict[str, Any] = QuestionOut().dump(
        {
            "key": one.key,
            "text": one.text,
            "kind": one.kind.value,
            "choices": one.choices,
            "help": one.help,
            "unit": one.unit,
            "ask_when": [_condition(condition) for condition in one.ask_when],
            "prefilled": str(prefilled.answer) if prefilled else None,
            "prefilled_from": prefilled.source if prefilled else None,
        }
    )
    return shown


def whole(view: ChecklistView, papers: Papers, *, page_url: str) -> dict[str, Any]:
    """A checklist as a phone gets it, with the blank forms and samples of its guide."""
    days, unit = view.person.limit
    shown: dict[str, Any] = ChecklistOut().dump(
        {
            "checklist_no": view.checklist_no,
            "task_code": view.guide.task_code,
            "name": view.guide.name,
            "version": view.guide.version,
            "made_at": view.made_at,
            "over_at": view.over_at,
            "outdated": view.outdated,
            "eligible": view.person.eligible,
            "refusals": view.person.refusals,
            "ways": [
                {"on": way.on and way.on.isoformat(), "text": way_in_words(way)} for way in view.person.ways
            ],
            "answers": view.said,
            "materials": with_papers(
                view.person.materials,
                papers,
                task_code=view.guide.task_code,
                version=view.guide.version,
            ),
            "fees": [{"charge": "always", "note": "", "amount_fen": None, **fee} for fee in view.person.fees],
            "limit": {"days": days, "unit": unit, "text": cards.limit_text(days, unit), "explain": ""},
            "visits": view.person.visits,
            "place": view.person.place or "",
            "notes": view.person.notes,
            "page_url": page_url,
            "provenance": view.guide.body["provenance"],
        }
    )
    return shown


def _condition(condition: Condition) -> dict[str, Any]:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return {"question": condition.question, "test": condition.test.value, "values": list(values)}
