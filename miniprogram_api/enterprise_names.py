"""Looking up and reserving the name of an enterprise (企业名称自助查重、自主申报): /enterprise-names."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock
from app.catalogue import taking_over
from app.db import unit_of_work
from app.enterprises import queries
from app.enterprises.models import NameReservation, NameState
from registry import names
from registry.names import Standing, Verdict
from web.callers import CITIZEN, current_citizen_id
from web.door import Door, claim_of_tap
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("enterprise_names", __name__, url_prefix="/api/v1/enterprise-names")

_NAME = validate.Length(1, 200, error="请填写名称")
_STANDING_TEXTS = {
    Standing.FREE: "没有重名，可以申报",
    Standing.TAKEN: "已经被别人用了或者留着",
    Standing.NOT_ALLOWED: "名称里有不能用的字词",
    Standing.MINE: "这个名称是您申报的",
}


def _days_left(reserved: NameReservation) -> int | None:
    if reserved.state != NameState.RESERVED or reserved.expires_on is None:
        return None
    return max((reserved.expires_on - clock.today()).days + 1, 0)


class NameQuery(Schema):
    """Which name to look up."""

    name = fields.String(required=True, validate=_NAME)


class ReserveIn(Schema):
    """Which name to reserve; `promise` as 《企业名称登记管理规定》第十六条 asks."""

    name = fields.String(required=True, validate=_NAME)
    promise = fields.Boolean(required=True, validate=validate.OneOf([True], error="请先阅读并同意申报承诺"))


class RefusedWordOut(Schema):
    """A word that is not allowed, where that is written, and why."""

    word = fields.String()
    basis = fields.String()
    reason = fields.String()


class ReservedNameOut(Schema):
    """A name asked for; `expires_on` is the last day on which it is kept, `days_left` counts that day."""

    id = fields.Integer()
    name = fields.String()
    state = fields.String(metadata={"enum": [state.value for state in NameState]})
    state_text = fields.Function(
        lambda found: queries.STATE_TEXTS[NameState(found.state)], metadata={"type": "string"}
    )
    registry_no = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    days_left = fields.Function(_days_left, metadata={"type": ["integer", "null"]})
    created_at = ShanghaiTime()


class VerdictOut(Schema):
    """How a name stands for me; the name as it will be written, names like it, and words not allowed."""

    name = fields.String()
    standing = fields.String(metadata={"enum": [standing.value for standing in Standing]})
    standing_text = fields.String()
    similar = fields.List(fields.String())
    refused = fields.List(fields.Nested(RefusedWordOut))
    reservation = fields.Nested(ReservedNameOut, allow_none=True)


class ForWhatOut(Schema):
    """An item that takes a reserved name over into its form."""

    task_code = fields.String()
    name = fields.String()


class BesideOut(Schema):
    """What one goes on with."""

    usable_for = fields.List(fields.Nested(ForWhatOut))


_RESERVED = ReservedNameOut()


@door.get("", auth=CITIZEN, query=NameQuery, gives=VerdictOut)
def look_up_name(query: dict[str, Any]) -> ResponseReturnValue:
    """Say whether a name is free, taken or not allowed, and which names are like it (名称查重)."""
    verdict = names.look_up(citizen_id=current_citizen_id(), text=query["name"])
    return dict(VerdictOut().dump(_shown(verdict)))


@door.post("", auth=CITIZEN, takes=ReserveIn, gives=ReservedNameOut, status=201, keyed=True)
def reserve_name(data: dict[str, Any]) -> ResponseReturnValue:
    """Reserve a free name (名称申报); `sending` while the registry is silent, then a message follows."""
    citizen_id = current_citizen_id()
    claim = claim_of_tap(f"citizen:{citizen_id}")
    reserved = names.reserve(names.Wish(citizen_id=citizen_id, name=data["name"], claim=claim))
    return dict(_RESERVED.dump(reserved)), 201


@door.get("/mine", auth=CITIZEN, query=PageIn, gives=ReservedNameOut, many=True, beside=BesideOut)
def list_my_names(query: dict[str, Any]) -> ResponseReturnValue:
    """List the names I asked for, newest first, and the items that take one over (我申报的名称)."""
    limit = query["limit"]
    with unit_of_work() as session:
        found = queries.mine(
            session, citizen_id=current_citizen_id(), before_id=query["cursor"], limit=limit + 1
        )
        listed = page(found, limit=limit, dump=_RESERVED.dump, key=lambda reserved: reserved.id)
        usable_for = taking_over.reserved_names(session)
        return {**listed, **BesideOut().dump({"usable_for": usable_for})}


def _shown(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.name,
        "standing": verdict.standing,
        "standing_text": _STANDING_TEXTS[verdict.standing],
        "similar": verdict.similar,
        "refused": verdict.refused,
        "reservation": verdict.reservation,
    }
