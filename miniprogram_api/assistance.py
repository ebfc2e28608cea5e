"""A clerk beside me in the hall (帮办): what they ask, my yes or no, the end, who helped me and when."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import channels
from app.assistance import queries, service
from app.assistance.models import AssistAct
from app.assistance.queries import Seen
from app.channels import Channel
from app.db import Session, unit_of_work
from web.callers import CITIZEN, current_citizen_id
from web.door import Door
from web.times import ShanghaiTime

door = Door("assistance", __name__, url_prefix="/api/v1/me/assistance")

_MOST_EARLIER = 10


class AssistanceYesIn(Schema):
    """Which version of the words I read."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


class AssistanceActOut(Schema):
    """Something the clerk did."""

    sentence = fields.String()
    at = ShanghaiTime()


class AssistanceOut(Schema):
    """A clerk beside me; `text` is what I agree to, line by line."""

    id = fields.Integer()
    state = fields.String(metadata={"enum": ["asked", "live", "over"]})
    clerk = fields.String()
    hall = fields.String()
    on_paper = fields.Boolean(metadata={"description": "agreed to on paper at a window"})
    text = fields.List(fields.String())
    version = fields.Integer()
    asked_at = ShanghaiTime()
    agreed_at = ShanghaiTime(allow_none=True)
    ended_at = ShanghaiTime(allow_none=True)
    ending = fields.String(metadata={"description": "how it ended, empty before"})
    minutes_left = fields.Integer(allow_none=True)
    done = fields.List(fields.Nested(AssistanceActOut))


class AssistanceNowOut(Schema):
    """What waits for my yes or goes on beside me, if anything."""

    now = fields.Nested(AssistanceOut, allow_none=True)


class AssistancesOut(AssistanceNowOut):
    """The same, and who helped me before, newest first."""

    earlier = fields.List(fields.Nested(AssistanceOut))


@door.get("", auth=CITIZEN, gives=AssistancesOut)
def list_assistances() -> ResponseReturnValue:
    """Show the clerk beside me and who helped me before (帮办记录)."""
    citizen_id = current_citizen_id()
    with unit_of_work() as session:
        found = queries.list_of_citizen(session, citizen_id=citizen_id, limit=_MOST_EARLIER)
        shown = _shown(session, found)
    now = [one for one in shown if one["state"] != "over"]
    earlier = [one for one in shown if one["state"] == "over"]
    return {"now": now[0] if now else None, "earlier": earlier}


@door.get("/now", auth=CITIZEN, gives=AssistanceNowOut)
def show_assistance() -> ResponseReturnValue:
    """Show the clerk who asks or sits beside me, asked again and again while I show my code (正在帮办)."""
    with unit_of_work() as session:
        found = queries.now_of_citizen(session, citizen_id=current_citizen_id())
        return {"now": None if found is None else _shown(session, [found])[0]}


@door.post("/<int:assistance_id>/agree", auth=CITIZEN, takes=AssistanceYesIn, gives=AssistanceNowOut)
def agree_to_assistance(assistance_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Let the clerk help me, in the words that I have read (同意帮办); doing it again changes nothing."""
    with unit_of_work() as session:
        agreed = service.agree(
            session,
            citizen_id=current_citizen_id(),
            assistance_id=assistance_id,
            version=data["version"],
            channel=channels.current() or Channel.H5,
        )
        return {"now": _shown(session, [queries.seen(session, assistance_id=agreed.id)])[0]}


@door.delete("/<int:assistance_id>", auth=CITIZEN, status=204)
def end_assistance(assistance_id: int) -> ResponseReturnValue:
    """Say no, or stop it at once (不同意、结束帮办); doing it again changes nothing."""
    with unit_of_work() as session:
        service.end_by_citizen(session, citizen_id=current_citizen_id(), assistance_id=assistance_id)
    return Response(status=204)


def _shown(session: Session, found: list[Seen]) -> list[dict[str, Any]]:
    done = queries.acts(session, assistance_ids=[one.id for one in found])
    return [_one(one, done[one.id]) for one in found]


def _one(one: Seen, done: list[AssistAct]) -> dict[str, Any]:
    text = one.text.splitlines()
    columns = {name: getattr(one, name) for name in AssistanceOut().fields if name not in {"text", "done"}}
    return dict(AssistanceOut().dump({**columns, "text": text, "done": done}))
