"""Questions about one's situation and the checklist that follows (情形引导、办理清单)."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import settings
from app.cases import proposals
from app.cases.proposals import Offer
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.checklists import queries, service
from app.db import Session, unit_of_work
from app.papers import queries as papers
from app.situations import guide as situations
from miniprogram_api import checklist_shapes, consents
from miniprogram_api.checklist_shapes import ChecklistOut, QuestionsOut
from web.callers import MAYBE_CITIZEN, PUBLIC, for_oneself, maybe_citizen_id
from web.door import Door

door = Door("checklists", __name__, url_prefix="/api/v1")

_MOST_ANSWERS = 40


class AnswersIn(Schema):
    """Answers by question: yes or no, the value of a choice, a whole number, a date such as 1960-01-31."""

    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)),
        values=fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(max=_MOST_ANSWERS),
    )


@door.get("/guides/<task_code>/questions", auth=MAYBE_CITIZEN, gives=QuestionsOut)
def show_questions(task_code: str) -> ResponseReturnValue:
    """Ask what a guide must know about the person (情形问题).

    With the consent `prefill` answers are proposed, each with its source; without it only what would be used
    is told.
    """
    with unit_of_work() as session:
        guide = catalogue.guide(session, task_code=task_code)
        offer = _offer(session, guide)
        return {
            "task_code": guide.task_code,
            "name": guide.name,
            "version": guide.version,
            "questions": [
                checklist_shapes.question(one, prefilled=offer.proposals.get(one.key))
                for one in situations.table_of(guide.body).questions
            ],
            "prefill": consents.prefill(session, citizen_id=maybe_citizen_id(), uses=offer.uses),
            "provenance": guide.body["provenance"],
        }


@door.post(
    "/guides/<task_code>/checklist", auth=MAYBE_CITIZEN, takes=AnswersIn, gives=ChecklistOut, status=201
)
def make_checklist(task_code: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Say exactly what this person needs, and keep it by a number (办理清单)."""
    with unit_of_work() as session:
        made = service.make(session, task_code=task_code, answers=data["answers"])
        return _whole(session, made.checklist_no)


@door.get("/checklists/<checklist_no>", auth=PUBLIC, gives=ChecklistOut)
def show_checklist(checklist_no: str) -> ResponseReturnValue:
    """Show a checklist to whoever has its number, which nobody guesses and which names nobody."""
    with unit_of_work() as session:
        return _whole(session, checklist_no)


def page_url(checklist_no: str) -> str:
    """Where the page to print is."""
    return f"{settings.current().public_url.rstrip('/')}/checklists/{checklist_no}"


def _whole(session: Session, checklist_no: str) -> dict[str, Any]:
    view = queries.checklist(session, checklist_no=checklist_no)
    found = papers.of_guide(session, body=view.guide.body)
    return checklist_shapes.whole(view, found, page_url=page_url(view.checklist_no))


def _offer(session: Session, guide: Guide) -> Offer:
    """What is known of a person is proposed to the person, never to a company for which they act."""
    citizen_id = maybe_citizen_id() if for_oneself() else None
    return proposals.offer(session, citizen_id=citizen_id, guide=guide) if citizen_id else Offer([], {})
