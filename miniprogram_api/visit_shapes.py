"""How visits are shown to whoever is visited (上门与踏勘的接口形状)."""

from typing import Any

from marshmallow import Schema, fields

from app import settings
from app.cases.models import Case
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.catalogue import visit_points as rules
from app.db import Session
from app.site_visits import queries, windows
from app.site_visits.models import (
    KIND_TEXTS,
    OPEN,
    STATE_TEXTS,
    SiteVisit,
    VisitKind,
    VisitPoint,
    VisitStaff,
    VisitState,
)
from app.site_visits.planning import HOME_STATES
from miniprogram_api import calendar_links
from web.times import ShanghaiTime

PURPOSE = "site_visits.calendar"
_WHOLE = {"type": "boolean"}


class ComingOut(Schema):
    """Somebody who comes: `staff_no` stands on their service card; `signed`: they were there and signed."""

    name = fields.String()
    staff_no = fields.String()
    dept_name = fields.String()
    signed = fields.Function(lambda one: one.signed_at is not None, metadata=_WHOLE)


class LookedAtOut(Schema):
    """One point that is looked at; `met` is null until it was, `note` says what was found."""

    dept_name = fields.String()
    text = fields.String()
    law = fields.String()
    met = fields.Boolean(allow_none=True)
    note = fields.String(allow_none=True)


class VisitOut(Schema):
    """One visit: when, who comes, what to have ready; what was found once it is `done`."""

    id = fields.Integer()
    number = fields.String()
    kind = fields.String(metadata={"enum": [kind.value for kind in VisitKind]})
    kind_text = fields.String()
    state = fields.String(metadata={"enum": [state.value for state in VisitState]})
    state_text = fields.String()
    address = fields.String()
    wish = fields.String(allow_none=True)
    prepare = fields.String()
    starts_at = ShanghaiTime(allow_none=True)
    ends_at = ShanghaiTime(allow_none=True)
    when = fields.String(metadata={"description": "the time as people say it; empty before one is set"})
    moved_from = fields.String(
        metadata={
            "description": "when it was to be before it was moved, as people say it; empty where it was not"
        }
    )
    change_until = ShanghaiTime(allow_none=True)
    may_cancel = fields.Boolean()
    may_ask_other_time = fields.Boolean()
    other_time = fields.String(
        allow_none=True, metadata={"description": "what was asked for and not answered yet"}
    )
    cancelled_why = fields.String(allow_none=True)
    applicant = fields.String(allow_none=True, metadata={"enum": ["present", "absent", None]})
    closed_at = ShanghaiTime(allow_none=True)
    calendar_url = fields.String(allow_none=True)
    staff = fields.List(fields.Nested(ComingOut))
    points = fields.List(fields.Nested(LookedAtOut))


class VisitsOut(Schema):
    """The visits of one case, newest first; `offered`: for whom the guide offers to come, or empty."""

    offered = fields.String()
    may_ask = fields.Boolean()
    visits = fields.List(fields.Nested(VisitOut))


def visits(session: Session, case: Case) -> dict[str, Any]:
    """The visits of a case and whether one may be asked for."""
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    found = queries.of_case(session, case_id=case.id)
    ids = [visit.id for visit in found]
    team = queries.team(session, visit_ids=ids) if ids else {}
    points = queries.points(session, visit_ids=ids) if ids else {}
    offered = rules.home_visit(guide.body)
    none_open = not any(visit.state in OPEN for visit in found)
    return dict(
        VisitsOut().dump(
            {
                "offered": offered,
                "may_ask": bool(offered) and none_open and State(case.state) in HOME_STATES,
                "visits": [_visit(one, team[one.id], points[one.id]) for one in reversed(found)],
            }
        )
    )


def calendar_url(visit_id: int) -> str:
    """A link that a phone's calendar opens without a login."""
    token = calendar_links.token(PURPOSE, visit_id)
    return f"{settings.current().public_url}/api/v1/site-visits/calendar/{token}.ics"


def _visit(visit: SiteVisit, team: list[VisitStaff], points: list[VisitPoint]) -> dict[str, Any]:
    timed = visit.day is not None and visit.part is not None
    planned = visit.state == VisitState.PLANNED
    names = (
        *("id", "number", "kind", "state", "address", "wish", "prepare"),
        *("cancelled_why", "applicant", "closed_at"),
    )
    return {
        **{name: getattr(visit, name) for name in names},
        "other_time": visit.wants_other_time,
        "kind_text": KIND_TEXTS[VisitKind(visit.kind)],
        "state_text": STATE_TEXTS[VisitState(visit.state)],
        "starts_at": windows.starts_at(visit.day, visit.part) if visit.day and visit.part else None,
        "ends_at": windows.ends_at(visit.day, visit.part) if visit.day and visit.part else None,
        "when": queries.said(visit),
        "moved_from": queries.moved_from(visit) if planned else "",
        "change_until": queries.change_until(visit),
        "may_cancel": visit.kind == VisitKind.HOME and queries.may_change(visit),
        "may_ask_other_time": planned and queries.may_change(visit) and visit.other_time is None,
        "calendar_url": calendar_url(visit.id) if timed and planned else None,
        "staff": team,
        # What was found is told when the record is closed, not while it is written.
        "points": [_point(one, told=visit.state == VisitState.DONE) for one in points],
    }


def _point(point: VisitPoint, *, told: bool) -> dict[str, Any]:
    found = {"met": point.met, "note": point.note} if told else {"met": None, "note": None}
    return {"dept_name": point.dept_name, "text": point.text, "law": point.law, **found}
