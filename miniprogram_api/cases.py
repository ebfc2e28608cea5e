"""My applications (我的办件): /cases."""

from typing import Any

import orjson
from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import INCLUDE, Schema, fields, validate

from app import channels, on_behalf
from app.assistance import queries as assistance
from app.bundles import parts as bundle_parts
from app.cases import correcting, explained, opinions, overview, queries, service
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.cases.states import Party, State
from app.cases.together import Tap, crowd_of
from app.checklists import queries as checklists
from app.db import Session, unit_of_work
from app.delegations import acting as delegations
from app.delegations import queries as delegation_queries
from app.double_notice import queries as double_notice
from app.evaluations import queries as evaluations
from app.forecasts import queries as forecasts
from app.supervision import tickets as supervision
from miniprogram_api import (
    agent_shapes,
    case_shapes,
    clock_shapes,
    forecast_shapes,
    opinion_shapes,
    visit_shapes,
)
from miniprogram_api.case_shapes import CaseListedOut, CaseOut, WholeOut
from miniprogram_api.clock_shapes import ClockOut
from miniprogram_api.forecast_shapes import CaseForecastOut
from miniprogram_api.opinion_shapes import OpinionsOut
from miniprogram_api.timeline_shapes import TimelineLineOut
from miniprogram_api.visit_shapes import VisitsOut
from web.callers import APPLYING, CITIZEN_OR_COMPANY, TRACKING, acting_for, current_citizen_id, tap_owner
from web.door import Door, claim_of_tap, once
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("cases", __name__, url_prefix="/api/v1/cases")

_OWNER = frozenset({Party.CITIZEN})
_MOST_ANSWERS = 40


class StartIn(Schema):
    """What to apply for; the answers to the guide's situation questions, or the checklist that holds them.

    The application then asks for exactly what follows from them.
    """

    task_code = fields.String(required=True, validate=validate.Regexp(r"[0-9A-Za-z]{1,64}\Z"))
    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)),
        values=fields.String(validate=validate.Length(max=200)),
        validate=validate.Length(max=_MOST_ANSWERS),
    )
    checklist_no = fields.String(validate=validate.Regexp(r"[0-9A-Z]{20}\Z"))


class RatedOut(Schema):
    """Whether the case may be rated now, and the level it was given (1 is the best)."""

    may_rate = fields.Boolean()
    level = fields.Integer(allow_none=True)


class HelpedOut(Schema):
    """A clerk who sat beside me while I prepared the case, and since when (帮办)."""

    clerk = fields.String()
    hall = fields.String()
    at = ShanghaiTime()


class LicenceOut(Schema):
    """A licence that comes after a granted registration; `taken_up` once it is asked for or dealt with."""

    task_code = fields.String()
    name = fields.String(attribute="task_name")
    dept_name = fields.String()
    taken_up = fields.Function(lambda lead: lead.taken_up_at is not None, metadata={"type": "boolean"})


class CaseWithRatingOut(CaseOut):
    """A case with its clock, how it was rated, its bundle, and the licences that come after it (双告知)."""

    clock = fields.Nested(ClockOut, allow_none=True, metadata={"description": "once it was accepted"})
    opinions = fields.Nested(OpinionsOut, allow_none=True, metadata={"description": "once others are asked"})
    visits = fields.Nested(VisitsOut)
    forecast = fields.Nested(
        CaseForecastOut, allow_none=True, metadata={"description": "as it was when it was accepted"}
    )
    rating = fields.Nested(RatedOut)
    bundle = fields.Nested(WholeOut, allow_none=True)
    helped_by = fields.List(fields.Nested(HelpedOut))
    handed_in_by = fields.String(
        allow_none=True, metadata={"description": "the agent who handed it in for me, masked; null: I did"}
    )
    licences = fields.List(fields.Nested(LicenceOut))


class CasesIn(PageIn):
    """Which cases to list."""

    state = fields.String(validate=validate.OneOf([state.value for state in State]))


class FormIn(Schema):
    """Fields of the form, each a text; null clears a field. Which fields there are is told by the case."""

    class Meta:
        """The guide names the fields, so any key is let in and judged by the service."""

        unknown = INCLUDE


class CorrectedIn(Schema):
    """Whether what was not changed is right as it is: asked after the refusal `correction_unchanged`."""

    as_it_is = fields.Boolean(load_default=False)


@door.post("", auth=APPLYING, takes=StartIn, gives=CaseOut, status=201, idempotent=True)
def start_case(data: dict[str, Any]) -> ResponseReturnValue:
    """Start an application, or go on with the live draft of the same matter (申请)."""
    with unit_of_work() as session:
        answers, task_code = data.get("answers"), data["task_code"]
        if "checklist_no" in data:
            answers = checklists.answers_of(session, checklist_no=data["checklist_no"], task_code=task_code)
        case, new = service.start(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            task_code=task_code,
            answers=answers,
        )
        return _whole(session, case), 201 if new else 200


@door.get("", auth=TRACKING, query=CasesIn, gives=CaseListedOut, many=True)
def list_cases(query: dict[str, Any]) -> ResponseReturnValue:
    """List my applications, newest first (我的办件)."""
    with unit_of_work() as session:
        found = queries.of_citizen(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            state=query.get("state"),
            cursor=query["cursor"],
            limit=query["limit"] + 1,
        )
        wholes = bundle_parts.wholes(session, case_ids=[case.id for case in found])
        return page(
            found,
            limit=query["limit"],
            dump=lambda case: case_shapes.listed(case, bundle=wholes.get(case.id)),
            key=lambda case: case.id,
        )


@door.get("/<case_no>", auth=TRACKING, gives=CaseWithRatingOut)
def show_case(case_no: str) -> ResponseReturnValue:
    """Show one of my applications: where it is, what is due next, what I may do (办件详情)."""
    with unit_of_work() as session:
        case = queries.case_of(
            session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
        )
        delegations.note(session, kind=delegations.VIEWED, reference=f"case:{case.id}", sentence="查看了办件")
        return {**_whole(session, case), **_beside(session, case)}


def _whole(session: Session, case: Case, *, dossier: Dossier | None = None) -> dict[str, Any]:
    """A case as its owner sees it, or an agent as far as that goes."""
    seen = overview.of(session, case, parties=_OWNER, dossier=dossier)
    return agent_shapes.case(case_shapes.whole(seen))


def _beside(session: Session, case: Case) -> dict[str, Any]:
    """What other rooms know of a case."""
    ticket = supervision.of_case(session, case_id=case.id)
    whole = bundle_parts.wholes(session, case_ids=[case.id]).get(case.id)
    return {
        "clock": clock_shapes.clock(explained.of(session, case), ticket=ticket),
        "opinions": opinion_shapes.opinions(opinions.of_case(session, case_id=case.id)),
        "visits": agent_shapes.visits(visit_shapes.visits(session, case)),
        "forecast": forecast_shapes.of_case(
            forecasts.of_case(session, case_id=case.id),
            calibration=forecasts.calibration(session, task_code=case.task_code).sentence,
        ),
        "rating": agent_shapes.rated(RatedOut().dump(evaluations.rated(session, case=case))),
        "bundle": None if whole is None else WholeOut().dump(whole),
        "helped_by": HelpedOut(many=True).dump(assistance.helped(session, reference=f"case:{case.id}")),
        "handed_in_by": delegation_queries.agent_of(session, delegation_id=case.delegation_id),
        "licences": LicenceOut(many=True).dump(double_notice.of_case(session, case_id=case.id)),
    }


@door.patch("/<case_no>/form", auth=APPLYING, takes=FormIn, gives=CaseOut)
def save_form(case_no: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Keep some fields of the form while it is filled in (自动保存)."""
    with unit_of_work() as session:
        case = service.save_form(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            case_no=case_no,
            changes=data,
        )
        return _whole(session, case)


@door.post("/<case_no>/submit", auth=APPLYING, gives=CaseOut, keyed=True)
def submit_case(case_no: str) -> ResponseReturnValue:
    """Hand the application in; what is missing is named all at once (提交申请)."""
    citizen_id, company = current_citizen_id(), acting_for()
    owner = tap_owner()
    claim = claim_of_tap(owner)
    answer, channel = None, channels.current()
    # The crowd is one thread's work, and does not know who of it acts for another.
    if company is None and on_behalf.agent() is None and channel is not None:
        tap = Tap(claim=claim, citizen_id=citizen_id, case_no=case_no, render=_handed_in)
        answer = crowd_of[channel].join(tap)
    if answer is not None:
        return Response(answer.body, status=answer.status, mimetype="application/json")

    def alone() -> Response:
        with unit_of_work() as session:
            dossier = service.handed_in(
                session, citizen_id=citizen_id, organisation_id=company, case_no=case_no
            )
            return Response(_handed_in(dossier), mimetype="application/json")

    return once(owner, alone)


def _handed_in(dossier: Dossier) -> bytes:
    return orjson.dumps(_whole(dossier.session, dossier.case, dossier=dossier))


@door.post("/<case_no>/corrections", auth=APPLYING, takes=CorrectedIn, gives=CaseOut, idempotent=True)
def hand_in_correction(case_no: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Hand in exactly what the correction notice names (补正后提交)."""
    with unit_of_work() as session:
        case = correcting.resubmit(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            case_no=case_no,
            as_it_is=data["as_it_is"],
        )
        return _whole(session, case)


@door.post("/<case_no>/withdraw", auth=CITIZEN_OR_COMPANY, gives=CaseOut, idempotent=True)
def withdraw_case(case_no: str) -> ResponseReturnValue:
    """Take the application back before it is decided (撤回申请)."""
    with unit_of_work() as session:
        case = service.withdraw(
            session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
        )
        return _whole(session, case)


@door.get("/<case_no>/timeline", auth=TRACKING, gives=TimelineLineOut, many=True)
def show_timeline(case_no: str) -> ResponseReturnValue:
    """Show what has happened with the application, oldest first (办理进度)."""
    with unit_of_work() as session:
        case = queries.case_of(
            session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
        )
        lines = queries.timeline(session, case_id=case.id)
        return {"items": TimelineLineOut(many=True).dump(lines), "next_cursor": None}
