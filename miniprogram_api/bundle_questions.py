"""What a bundle asks of one person, each question once, and the list that follows (一件事的情形和清单)."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.bundles import for_person
from app.bundles.for_person import Questionnaire
from app.bundles.one_questionnaire import SharedQuestion
from app.cases import proposals
from app.cases.proposals import Offer
from app.db import unit_of_work
from app.situations.engine import YES
from app.situations.known import Proposal
from miniprogram_api import checklist_shapes, consents
from miniprogram_api.checklist_shapes import QuestionOut
from miniprogram_api.consents import PrefillOut
from web.callers import MAYBE_CITIZEN, for_oneself, maybe_citizen_id
from web.door import Door

door = Door("bundle_questions", __name__, url_prefix="/api/v1/bundles")

TASK_CODE = validate.Regexp(r"[0-9A-Za-z]{1,64}\Z")
MOST_PARTS = 40
MOST_ANSWERS = 200


def said_field(**more: Any) -> fields.Dict:
    """Answers by the name of each question that is asked once."""
    return fields.Dict(
        keys=fields.String(validate=validate.Length(1, 160)),
        values=fields.String(validate=validate.Length(max=200)),
        validate=validate.Length(max=MOST_ANSWERS),
        **more,
    )


class BundlePartsQuery(Schema):
    """Which items: task codes with commas between; none named: all."""

    parts = fields.String(load_default="", validate=validate.Length(max=MOST_PARTS * 65))


class SharedQuestionOut(QuestionOut):
    """A question that is asked once; `parts` are the items that ask it."""

    parts = fields.List(fields.String(), metadata={"description": "task codes"})


class BundleQuestionsOut(Schema):
    """The questions of a bundle, each once and in their order; none when everybody needs the same."""

    bundle_key = fields.String()
    name = fields.String()
    questions = fields.List(fields.Nested(SharedQuestionOut))
    prefill = fields.Nested(PrefillOut, allow_none=True)
    provenance = fields.String()


@door.get("/<key>/questions", auth=MAYBE_CITIZEN, query=BundlePartsQuery, gives=BundleQuestionsOut)
def show_bundle_questions(key: str, query: dict[str, str]) -> ResponseReturnValue:
    """Ask what the items of a bundle must know about the person, each question once (一次问清)."""
    chosen = [code for code in query["parts"].split(",") if code]
    with unit_of_work() as session:
        asked = for_person.questionnaire(session, key=key, chosen=chosen)
        # What is known of a person is proposed to the person, never to a company for which they act.
        citizen_id = maybe_citizen_id() if for_oneself() else None
        offers = (
            proposals.offers(session, citizen_id=citizen_id, guides=list(asked.guides.values()))
            if citizen_id
            else {}
        )
        return {
            "bundle_key": asked.bundle.bundle_key,
            "name": asked.bundle.name,
            "questions": [_question(one, asked, offers) for one in asked.shared],
            "prefill": consents.prefill(session, citizen_id=citizen_id, uses=_uses(offers)),
            "provenance": asked.bundle.provenance,
        }


def _question(shared: SharedQuestion, asked: Questionnaire, offers: dict[str, Offer]) -> dict[str, Any]:
    """What an earlier item will have given goes before what is known of the person now."""
    at = [(asker.code, asker.key) for asker in shared.askers]
    coming = (
        Proposal(YES, f"一起办的“{giver.name}”，办成就有了") for giver in map(asked.coming.get, at) if giver
    )
    known = (offers[code].proposals.get(key) for code, key in at if code in offers)
    proposed = next(filter(None, (*coming, *known)), None)
    told = checklist_shapes.question(shared.question, prefilled=proposed)
    return {**told, "parts": [asker.code for asker in shared.askers]}


def _uses(offers: dict[str, Offer]) -> list[str]:
    return list(dict.fromkeys(use for offer in offers.values() for use in offer.uses))
