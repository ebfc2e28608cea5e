"""Booking a visit (预约办事): /appointments."""

import hmac
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock, on_behalf, settings
from app.appointments import queries, service
from app.appointments.errors import AppointmentNotFound, WrongCode
from app.appointments.models import AppointmentStatus, Visit
from app.appointments.together import Tap, crowd
from app.cases import taken_in
from app.db import LARGEST_ID, Session, unit_of_work
from app.queueing import queries as queue
from app.queueing import service as queueing
from app.queueing import waitlist
from miniprogram_api import calendar_links
from miniprogram_api.calendar_file import Entry, calendar_file
from web.callers import BOOKING, PUBLIC, current_citizen_id, tap_owner
from web.door import Door, claim_of_tap, once
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("appointments", __name__, url_prefix="/api/v1/appointments")

_STATUS_TEXT = {
    AppointmentStatus.BOOKED: "已预约",
    AppointmentStatus.CHECKED_IN: "已签到",
    AppointmentStatus.CANCELLED: "已取消",
}
_PURPOSE = "appointments.calendar"
_CODE = validate.Regexp(r"[0-9A-Za-z-]{1,40}\Z", error="编码只能是字母、数字和短横线")


def _id() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST_ID))


class BookingIn(Schema):
    """What the mini-program sends to book; `for` names who will come when it is somebody else.

    `district` is where the applicant lives or trades: what only the own district handles is checked by it.
    """

    centre_id = fields.String(required=True, validate=_CODE)
    slot_id = _id()
    task_code = fields.String(required=True, validate=_CODE)
    visitor = fields.String(data_key="for", load_default=None, validate=validate.Length(1, 40))
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    district = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"[0-9]{6}\Z", error="区县应是六位编码")
    )


class RescheduleIn(Schema):
    """Where to move to."""

    slot_id = _id()


class CheckInIn(Schema):
    """The code of the appointment, as the hall has scanned it."""

    code = fields.String(required=True, validate=validate.Length(1, 64))


class PlaceOut(Schema):
    """The hall of an appointment."""

    id = fields.String(attribute="centre_id")
    name = fields.String(attribute="centre_name")
    address = fields.String()
    lat = fields.Float()
    lng = fields.Float()


class OfItself(fields.Nested):
    """Some members of the thing itself, shown as an object of their own."""

    def get_value(self, obj: Any, *_: Any, **__: Any) -> Any:
        """The thing itself."""
        return obj


class AppointmentOut(Schema):
    """One appointment with its code and what may still be done."""

    id = fields.Integer()
    code = fields.String()
    status = fields.String(metadata={"enum": [status.value for status in AppointmentStatus]})
    status_text = fields.Function(lambda visit: _STATUS_TEXT[visit.status], metadata={"type": "string"})
    task_code = fields.String()
    task_name = fields.String()
    visitor = fields.String(data_key="for", allow_none=True)
    note = fields.String(allow_none=True)
    centre = OfItself(PlaceOut)
    window_group = fields.String()
    slot_id = fields.Integer()
    starts_at = ShanghaiTime()
    ends_at = ShanghaiTime()
    can_change = fields.Function(lambda visit: visit.may_change(at=clock.now()), metadata={"type": "boolean"})
    change_until = ShanghaiTime()
    check_in_until = ShanghaiTime()
    calendar_url = fields.Function(
        lambda visit: calendar_url(visit),  # noqa: PLW0108 - defined below
        metadata={"type": "string"},
    )
    provenance = fields.String()
    ticket_id = fields.Integer(
        allow_none=True, metadata={"description": "the number in the queue, once checked in"}
    )


class AppointmentDetailOut(AppointmentOut):
    """One appointment to get ready for: also what need not be brought on paper (不得重复提交纸质)."""

    taken_in = fields.List(
        fields.String(),
        metadata={"description": "names of materials that were handed in online for this item already"},
    )


# Made once: a schema copies all its fields at every making.
_APPOINTMENT = AppointmentOut()


@door.post("", auth=BOOKING, takes=BookingIn, gives=AppointmentOut, status=201, keyed=True)
def book(data: dict[str, Any]) -> ResponseReturnValue:
    """Book one place in a slot (预约), together with whoever taps at the same moment."""
    citizen_id = current_citizen_id()
    owner = tap_owner()
    claim = claim_of_tap(owner)
    answer = None
    # The crowd is one thread's work, and does not know who of it acts for another.
    if data["district"] is None and on_behalf.agent() is None:
        wish = {name: value for name, value in data.items() if name != "district"}
        answer = crowd.join(Tap(claim=claim, citizen_id=citizen_id, render=_rendered, **wish))
    if answer is not None:
        return Response(answer.body, status=answer.status, mimetype="application/json")

    def alone() -> Response:
        with unit_of_work() as session:
            visit = service.book(session, citizen_id=citizen_id, **data)
            return Response(_rendered(visit), status=HTTPStatus.CREATED, mimetype="application/json")

    return once(owner, alone)


@door.get("", auth=BOOKING, query=PageIn, gives=AppointmentOut, many=True)
def list_appointments(query: dict[str, Any]) -> ResponseReturnValue:
    """List my appointments, latest visit first (我的预约)."""
    limit = query["limit"]
    with unit_of_work() as session:
        visits = queries.of_citizen(
            session, citizen_id=current_citizen_id(), before_id=query["cursor"], limit=limit + 1
        )
        tickets = queue.of_appointments(session, appointment_ids=[visit.id for visit in visits])
        return page(
            visits,
            limit=limit,
            dump=lambda visit: _shown(visit, tickets.get(visit.id)),
            key=lambda visit: visit.id,
        )


@door.get("/<int:appointment_id>", auth=BOOKING, gives=AppointmentDetailOut)
def show_appointment(appointment_id: int) -> ResponseReturnValue:
    """Show one of my appointments with its code and calendar file (预约详情)."""
    with unit_of_work() as session:
        visit = queries.visit(session, citizen_id=current_citizen_id(), appointment_id=appointment_id)
        # What runs at the office is no agent's business: who books for another is not told of it.
        there = taken_in.at_windows(session, citizen_id=visit.citizen_id) if on_behalf.agent() is None else {}
        return dict(shown(session, visit), taken_in=there.get(visit.task_code, []))


@door.post("/<int:appointment_id>/cancel", auth=BOOKING, gives=AppointmentOut)
def cancel(appointment_id: int) -> ResponseReturnValue:
    """Give my place back; doing it again changes nothing (取消预约)."""
    with unit_of_work() as session:
        visit = waitlist.cancel(session, citizen_id=current_citizen_id(), appointment_id=appointment_id)
        return shown(session, visit)


@door.post("/<int:appointment_id>/reschedule", auth=BOOKING, takes=RescheduleIn, gives=AppointmentOut)
def reschedule(appointment_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Move my appointment; the old place is kept until the new one is sure (改约)."""
    with unit_of_work() as session:
        visit = waitlist.reschedule(
            session, citizen_id=current_citizen_id(), appointment_id=appointment_id, **data
        )
        return shown(session, visit)


@door.post("/<int:appointment_id>/check-in", auth=BOOKING, takes=CheckInIn, gives=AppointmentOut)
def check_in(appointment_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Say that I have come and get my number; doing it again changes nothing (签到取号)."""
    with unit_of_work() as session:
        visit = queries.visit(session, citizen_id=current_citizen_id(), appointment_id=appointment_id)
        if not hmac.compare_digest(visit.code.encode(), data["code"].encode()):
            raise WrongCode
        return shown(session, queueing.check_in(session, code=visit.code))


@door.get("/calendar/<token>.ics", auth=PUBLIC)
def show_calendar_file(token: str) -> ResponseReturnValue:
    """Give the calendar file of the appointment whose unguessable link this is (日历文件)."""
    with unit_of_work() as session:
        visit = queries.by_id(session, appointment_id=_appointment_of(token))
    host = urlsplit(settings.current().public_url).hostname or "localhost"
    response = Response(calendar_file(calendar_entry(visit), host=host), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="appointment-{visit.id}.ics"'
    return response


def _rendered(visit: Visit) -> bytes:
    return orjson.dumps(_shown(visit))


def shown(session: Session, visit: Visit) -> dict[str, Any]:
    """One appointment with its number in the queue, when it has one."""
    tickets = queue.of_appointments(session, appointment_ids=[visit.id])
    return _shown(visit, tickets.get(visit.id))


def _shown(visit: Visit, ticket_id: int | None = None) -> dict[str, Any]:
    return dict(_APPOINTMENT.dump(visit), ticket_id=ticket_id)


def calendar_entry(visit: Visit) -> Entry:
    """An appointment as it stands in a calendar."""
    return Entry(
        uid=f"appointment-{visit.id}",
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        cancelled=visit.status == AppointmentStatus.CANCELLED,
        summary=visit.task_name,
        description=f"{visit.window_group}窗口。网上已经交过的材料不用再带纸质的。到大厅出示预约码签到。",
        location=f"{visit.centre_name} {visit.address}",
        at=(visit.lat, visit.lng),
    )


def calendar_url(visit: Visit) -> str:
    """A link that a phone's calendar opens without a login: an id and a proof, nothing personal."""
    token = calendar_links.token(_PURPOSE, visit.id)
    return f"{settings.current().public_url}/api/v1/appointments/calendar/{token}.ics"


def _appointment_of(token: str) -> int:
    """The appointment of a calendar link; raises AppointmentNotFound."""
    number = calendar_links.number_of(_PURPOSE, token)
    if number is None:
        raise AppointmentNotFound
    return number
