"""Waiting for an earlier place (候补): /waitlist."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate

from app import clock
from app.db import unit_of_work
from app.queueing import waitlist, wishes
from app.queueing.models import WishState
from app.queueing.states import WISH_TEXTS
from miniprogram_api.appointments import AppointmentOut, shown
from web.callers import CITIZEN, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("waitlist", __name__, url_prefix="/api/v1/waitlist")

_CODE = validate.Regexp(r"[0-9A-Za-z-]{1,40}\Z", error="编码只能是字母、数字和短横线")
_DAY_LENGTH = len("2026-11-20")
_WRONG = "日期应写成 2026-11-20 或 2026-11-20T10:00:00+08:00"


class Before(fields.Field[datetime]):
    """A day (that day or earlier) or a moment (earlier than it; without an offset in Asia/Shanghai)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        del attr, data, kwargs
        try:
            if len(text := str(value)) == _DAY_LENGTH:
                following = date.fromisoformat(text) + timedelta(days=1)
                return datetime.combine(following, time(), clock.SHANGHAI)
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
            return moment.astimezone(clock.SHANGHAI)
        except (ValueError, OverflowError) as error:
            raise ValidationError(_WRONG) from error


class WaitIn(Schema):
    """Where, for what, and how early."""

    centre_id = fields.String(required=True, validate=_CODE)
    task_code = fields.String(required=True, validate=_CODE)
    before = Before(required=True, metadata={"type": "string", "description": _WRONG})


class HeldOut(Schema):
    """A place that is held for me until `expires_at`."""

    slot_id = fields.Integer(attribute="slot.id")
    starts_at = ShanghaiTime(attribute="slot.starts_at")
    ends_at = ShanghaiTime(attribute="slot.ends_at")
    window_group = fields.String()
    expires_at = ShanghaiTime(attribute="offer.expires_at")


class HeldField(fields.Nested):
    """The held place out of the wish itself; null while there is none."""

    def get_value(self, obj: Any, *_: Any, **__: Any) -> Any:
        """The wish, when a place is held for it."""
        return obj if obj.offer is not None else None


class WaitOut(Schema):
    """One wish and the place that is held for it."""

    id = fields.Integer(attribute="entry.id")
    centre_id = fields.String(attribute="entry.centre_id")
    centre_name = fields.String()
    task_code = fields.String(attribute="entry.task_code")
    task_name = fields.String(attribute="entry.task_name")
    before = ShanghaiTime(attribute="entry.before")
    state = fields.String(attribute="entry.state", metadata={"enum": [state.value for state in WishState]})
    state_text = fields.Function(lambda wish: WISH_TEXTS[wish.entry.state], metadata={"type": "string"})
    created_at = ShanghaiTime(attribute="entry.created_at")
    held = HeldField(HeldOut, data_key="offer", allow_none=True)
    appointment_id = fields.Integer(attribute="entry.appointment_id", allow_none=True)


_WAIT = WaitOut()


@door.post("", auth=CITIZEN, takes=WaitIn, gives=WaitOut, status=201, idempotent=True)
def join_waitlist(data: dict[str, Any]) -> ResponseReturnValue:
    """Wait for an earlier place; I am told when there is one (候补登记)."""
    with unit_of_work() as session:
        entry_id = waitlist.join(session, citizen_id=current_citizen_id(), **data)
        return dict(_WAIT.dump(wishes.by_id(session, entry_id=entry_id)))


@door.get("", auth=CITIZEN, query=PageIn, gives=WaitOut, many=True)
def list_waitlist(query: dict[str, Any]) -> ResponseReturnValue:
    """List what I wait or waited for, newest first (我的候补)."""
    limit = query["limit"]
    with unit_of_work() as session:
        found = wishes.of_citizen(
            session, citizen_id=current_citizen_id(), before_id=query["cursor"], limit=limit + 1
        )
        return page(found, limit=limit, dump=_WAIT.dump, key=lambda wish: wish.entry.id)


@door.delete("/<int:entry_id>", auth=CITIZEN, status=204)
def leave_waitlist(entry_id: int) -> ResponseReturnValue:
    """Wait no longer and give a held place to the next; doing it again changes nothing (取消候补)."""
    with unit_of_work() as session:
        waitlist.leave(session, citizen_id=current_citizen_id(), entry_id=entry_id)
    return Response(status=204)


@door.post("/<int:entry_id>/accept", auth=CITIZEN, gives=AppointmentOut, status=201, idempotent=True)
def accept_place(entry_id: int) -> ResponseReturnValue:
    """Take the held place: my later appointment moves there, or it is booked (接受候补)."""
    with unit_of_work() as session:
        visit = waitlist.accept(session, citizen_id=current_citizen_id(), entry_id=entry_id)
        return shown(session, visit)
