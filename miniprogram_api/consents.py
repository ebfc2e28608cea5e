"""What I agreed to (我的同意): /me/consents."""

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.consents import queries, service
from app.consents.purposes import Purpose
from app.consents.queries import Standing, State
from app.db import Session, unit_of_work
from web.callers import CITIZEN, current_caller, current_citizen_id
from web.door import Door
from web.times import ShanghaiTime

door = Door("consents", __name__, url_prefix="/api/v1/me/consents")

_PURPOSES = [purpose.value for purpose in Purpose]
_HIGHEST_VERSION = 1000


class ConsentIn(Schema):
    """What I agree to, and the version of the words that I have read."""

    purpose = fields.String(required=True, validate=validate.OneOf(_PURPOSES))
    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, _HIGHEST_VERSION))


class ConsentOut(Schema):
    """One purpose: its words, what it means not to agree, and how it stands; only `given` allows anything."""

    purpose = fields.String(metadata={"enum": _PURPOSES})
    title = fields.String()
    text = fields.String()
    without = fields.String()
    version = fields.Integer()
    state = fields.String(metadata={"enum": [state.value for state in State]})
    given_at = ShanghaiTime(allow_none=True)
    withdrawn_at = ShanghaiTime(allow_none=True)


class ConsentsOut(Schema):
    """Every purpose that may be asked for, each by itself."""

    items = fields.List(fields.Nested(ConsentOut))


class PrefillOut(Schema):
    """Whether answers may be proposed: what is or would be used, and the consent that it takes."""

    uses = fields.List(fields.String())
    consent = fields.Nested(ConsentOut)


@door.get("", auth=CITIZEN, gives=ConsentsOut)
def list_consents() -> ResponseReturnValue:
    """List what may be asked of me and what I agreed to (我的同意)."""
    with unit_of_work() as session:
        return {"items": shown(session, citizen_id=current_citizen_id())}


@door.post("", auth=CITIZEN, takes=ConsentIn, gives=ConsentsOut)
def give_consent(data: dict[str, Any]) -> ResponseReturnValue:
    """Agree to one purpose in the words that I have read (同意); doing it again changes nothing."""
    caller = current_caller()
    with unit_of_work() as session:
        service.give(
            session,
            citizen_id=caller.citizen_id,
            purpose=Purpose(data["purpose"]),
            version=data["version"],
            channel=caller.platform,
        )
        return {"items": shown(session, citizen_id=caller.citizen_id)}


@door.delete("/<purpose>", auth=CITIZEN, gives=ConsentsOut)
def withdraw_consent(purpose: str) -> ResponseReturnValue:
    """Take a consent back, from this moment on (撤回同意); doing it again changes nothing."""
    caller = current_caller()
    with unit_of_work() as session:
        service.withdraw(
            session,
            citizen_id=caller.citizen_id,
            purpose=queries.purpose_named(purpose),
            channel=caller.platform,
        )
        return {"items": shown(session, citizen_id=caller.citizen_id)}


def shown(session: Session, *, citizen_id: int) -> list[dict[str, Any]]:
    """How it stands with every purpose, as the phone reads it."""
    return [dict(_shown(one)) for one in queries.standing(session, citizen_id=citizen_id)]


def _shown(one: Standing) -> dict[str, Any]:
    return dict(
        ConsentOut().dump(
            {
                "purpose": one.purpose.value,
                "title": one.wording.title,
                "text": one.wording.text(one.wording.version),
                "without": one.wording.without,
                "version": one.wording.version,
                "state": one.state.value,
                "given_at": one.given_at,
                "withdrawn_at": one.withdrawn_at,
            }
        )
    )


def prefill(session: Session, *, citizen_id: int | None, uses: Sequence[str]) -> dict[str, Any] | None:
    """The consent that proposing answers takes; None where there is nothing to propose, or nobody."""
    if citizen_id is None or not uses:
        return None
    asked = shown(session, citizen_id=citizen_id)
    consent = next(one for one in asked if one["purpose"] == Purpose.PREFILL)
    return {"uses": list(uses), "consent": consent}
