"""Telling the city what goes wrong (投诉建议、办不成事): /complaints."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.complaints import queries, service
from app.complaints.kinds import LONGEST, LONGEST_NAME, SHORTEST, Kind
from app.complaints.models import ComplaintState
from app.complaints.queries import Told
from app.db import unit_of_work
from web.callers import CITIZEN, CITIZEN_OR_COMPANY, acting_for, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("complaints", __name__, url_prefix="/api/v1/complaints")

_STATES = [state.value for state in ComplaintState]
_KINDS = [kind.value for kind in Kind]


class ComplaintIn(Schema):
    """What I want to tell, about one of my cases or about anything."""

    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    case_no = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 40))
    organisation = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=LONGEST_NAME),
        metadata={"description": "the company whose demand it is, for company_demand alone"},
    )
    text = fields.String(
        required=True,
        validate=validate.Length(SHORTEST, LONGEST, error=f"请写明情况，{SHORTEST}到{LONGEST}个字"),
    )


class ComplaintsIn(PageIn):
    """Which of mine to list."""

    state = fields.String(validate=validate.OneOf(_STATES))


class ComplaintAnswerOut(Schema):
    """One answer; `final` false tells how it goes on."""

    text = fields.String()
    at = ShanghaiTime()
    final = fields.Boolean()


class HandlerOut(Schema):
    """A department that answers and until when; `lead` replies to me, the others tell it what they say."""

    dept_name = fields.String(allow_none=True)
    lead = fields.Boolean()
    due_on = fields.Date()
    answered_at = ShanghaiTime(allow_none=True)
    text = fields.String(allow_none=True)


class ComplaintOut(Schema):
    """What I told, when it is answered at the latest, and the answers, oldest first."""

    complaint_no = fields.String()
    kind = fields.String(metadata={"enum": _KINDS})
    kind_text = fields.String()
    case_no = fields.String(allow_none=True)
    task_name = fields.String(allow_none=True)
    organisation = fields.String(allow_none=True)
    text = fields.String()
    state = fields.String(metadata={"enum": _STATES})
    state_text = fields.String()
    due_on = fields.Date()
    created_at = ShanghaiTime()
    answered_at = ShanghaiTime(allow_none=True)
    handlers = fields.List(fields.Nested(HandlerOut))
    answers = fields.List(fields.Nested(ComplaintAnswerOut))


@door.post("", auth=CITIZEN_OR_COMPANY, takes=ComplaintIn, gives=ComplaintOut, status=201, idempotent=True)
def file_complaint(data: dict[str, Any]) -> ResponseReturnValue:
    """Tell what went wrong, what cannot be got done, or what could be better (提交诉求)."""
    citizen_id = current_citizen_id()
    with unit_of_work() as session:
        filed = service.file(
            session,
            citizen_id=citizen_id,
            kind=Kind(data["kind"]),
            text=data["text"],
            case_no=data["case_no"],
            organisation=data["organisation"],
            acting_for=acting_for(),
        )
        told = queries.mine(session, citizen_id=citizen_id, complaint_no=filed.complaint_no)
        return _shown(told), 201


@door.get("", auth=CITIZEN, query=ComplaintsIn, gives=ComplaintOut, many=True)
def list_complaints(query: dict[str, Any]) -> ResponseReturnValue:
    """List what I told, newest first, with the answers (我的诉求)."""
    with unit_of_work() as session:
        found = queries.of_citizen(
            session,
            citizen_id=current_citizen_id(),
            state=query.get("state"),
            before_id=query["cursor"],
            limit=query["limit"] + 1,
        )
        return page(found, limit=query["limit"], dump=_shown, key=lambda told: told.complaint.id)


@door.get("/<complaint_no>", auth=CITIZEN, gives=ComplaintOut)
def show_complaint(complaint_no: str) -> ResponseReturnValue:
    """Show one of mine with its answers (诉求详情)."""
    with unit_of_work() as session:
        return _shown(queries.mine(session, citizen_id=current_citizen_id(), complaint_no=complaint_no))


def _shown(told: Told) -> dict[str, Any]:
    complaint = told.complaint
    whole = {
        "complaint_no": complaint.complaint_no,
        "kind": complaint.kind,
        "kind_text": told.kind_text,
        "case_no": told.case_no,
        "task_name": told.task_name,
        "organisation": complaint.organisation,
        "text": complaint.text,
        "state": complaint.state,
        "state_text": told.state_text,
        "due_on": complaint.due_on,
        "created_at": complaint.created_at,
        "answered_at": complaint.answered_at,
        "handlers": told.handlers,
        "answers": told.answers,
    }
    return dict(ComplaintOut().dump(whole))
