"""Visits to me or to my place (上门服务、现场踏勘): /cases/{case_no}/visits."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import settings
from app.cases import queries as cases
from app.cases.models import Case
from app.db import Session, unit_of_work
from app.site_visits import asking, queries, windows
from app.site_visits.errors import VisitNotFound
from app.site_visits.models import KIND_TEXTS, SiteVisit, VisitKind, VisitState
from miniprogram_api import calendar_links, visit_shapes
from miniprogram_api.calendar_file import Entry, calendar_file
from miniprogram_api.visit_shapes import VisitsOut
from web.callers import CITIZEN_OR_COMPANY, PUBLIC, acting_for, current_citizen_id
from web.door import Door

door = Door("site_visits", __name__, url_prefix="/api/v1/cases/<case_no>/visits")
calendar_door = Door("site_visit_calendar", __name__, url_prefix="/api/v1/site-visits/calendar")


class VisitIn(Schema):
    """Where to come, and when it would suit."""

    address = fields.String(required=True, validate=validate.Length(max=400))
    wish = fields.String(load_default="", validate=validate.Length(max=400))


class OtherTimeIn(Schema):
    """When it would suit better."""

    wish = fields.String(required=True, validate=validate.Length(1, 400))


@door.get("", auth=CITIZEN_OR_COMPANY, gives=VisitsOut)
def list_visits(case_no: str) -> ResponseReturnValue:
    """Show who comes to me and when, and what was found (上门与踏勘)."""
    with unit_of_work() as session:
        return visit_shapes.visits(session, _case(session, case_no))


@door.post("", auth=CITIZEN_OR_COMPANY, takes=VisitIn, gives=VisitsOut, status=201, idempotent=True)
def ask_for_visit(case_no: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Ask that somebody comes to me, where the guide offers it (申请上门服务)."""
    with unit_of_work() as session:
        asking.ask(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            case_no=case_no,
            **data,
        )
        return visit_shapes.visits(session, _case(session, case_no)), 201


@door.post("/<int:visit_id>/other-time", auth=CITIZEN_OR_COMPANY, takes=OtherTimeIn, gives=VisitsOut)
def ask_other_time(case_no: str, visit_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Ask for another time, once, up to the evening before (申请改时间)."""
    return _changed(case_no, visit_id, lambda session, own: asking.ask_other_time(session, **own, **data))


@door.post("/<int:visit_id>/cancel", auth=CITIZEN_OR_COMPANY, gives=VisitsOut)
def cancel_visit(case_no: str, visit_id: int) -> ResponseReturnValue:
    """Call a visit off, up to the evening before; doing it again changes nothing (取消上门)."""
    return _changed(case_no, visit_id, lambda session, own: asking.cancel(session, **own))


@calendar_door.get("/<token>.ics", auth=PUBLIC)
def show_visit_calendar(token: str) -> ResponseReturnValue:
    """Give the calendar file of the visit whose unguessable link this is (日历文件)."""
    number = calendar_links.number_of(visit_shapes.PURPOSE, token)
    with unit_of_work() as session:
        visit = None if number is None else session.get(SiteVisit, number)
        if visit is None or visit.day is None or visit.part is None:
            raise VisitNotFound
        entry = _entry(visit, session.get_one(Case, visit.case_id).task_name)
    host = urlsplit(settings.current().public_url).hostname or "localhost"
    response = Response(calendar_file(entry, host=host), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="visit-{visit.id}.ics"'
    return response


def _changed(
    case_no: str, visit_id: int, act: Callable[[Session, dict[str, Any]], SiteVisit]
) -> ResponseReturnValue:
    with unit_of_work() as session:
        case = _case(session, case_no)
        if visit_id not in {visit.id for visit in queries.of_case(session, case_id=case.id)}:
            raise VisitNotFound
        act(
            session,
            {
                "citizen_id": current_citizen_id(),
                "organisation_id": acting_for(),
                "visit_id": visit_id,
            },
        )
        return visit_shapes.visits(session, case)


def _case(session: Session, case_no: str) -> Case:
    return cases.case_of(
        session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
    )


def _entry(visit: SiteVisit, task_name: str) -> Entry:
    """Nothing of where somebody lives: whoever has the link can open the file."""
    what = KIND_TEXTS[VisitKind(visit.kind)]
    if visit.day is None or visit.part is None:
        raise VisitNotFound
    return Entry(
        uid=f"visit-{visit.id}",
        starts_at=windows.starts_at(visit.day, visit.part),
        ends_at=windows.ends_at(visit.day, visit.part),
        cancelled=visit.state == VisitState.CANCELLED,
        summary=f"{what}：{task_name}",
        description=f"记录编号{visit.number}。请先核对工作人员的姓名和工号，再请他们进门。",
    )
