"""What was found of one's promises, and objecting to it (承诺核查、陈述申辩)."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock
from app.cases import queries as cases
from app.cases.models import Case
from app.db import Session, unit_of_work
from app.promise_checks import queries, service
from app.promise_checks.models import TEXTS, CheckState, PromiseCheck
from app.promise_checks.queries import Line
from web.callers import CITIZEN_OR_COMPANY, acting_for, current_citizen_id
from web.door import Door
from web.times import ShanghaiTime

door = Door("promise_checks", __name__, url_prefix="/api/v1/cases/<case_no>/promise-checks")


class PromiseCheckOut(Schema):
    """One promise that is looked into, with what was found; `may_object` until its day."""

    id = fields.Integer(attribute="check.id")
    material = fields.String(attribute="promise.name")
    state = fields.String(attribute="check.state", metadata={"enum": [state.value for state in CheckState]})
    state_text = fields.Function(
        lambda line: TEXTS[CheckState(line.check.state)], metadata={"type": "string"}
    )
    due_on = fields.Date(attribute="check.due_on")
    evidence = fields.Function(
        lambda line: line.check.evidence if line.check.state != CheckState.MET else None,
        metadata={"type": "string", "nullable": True},
    )
    object_until = fields.Date(attribute="check.object_until", allow_none=True)
    may_object = fields.Function(lambda line: _may_object(line.check), metadata={"type": "boolean"})
    objection = fields.String(attribute="check.objection", allow_none=True)
    settlement = fields.String(attribute="check.settlement", allow_none=True)
    legal_basis = fields.String(attribute="check.legal_basis", allow_none=True)
    settled_at = ShanghaiTime(attribute="check.settled_at", allow_none=True)


class ObjectionIn(Schema):
    """Why the finding is not right, in one's own words."""

    text = fields.String(required=True, validate=validate.Length(1, service.LONGEST))


@door.get("", auth=CITIZEN_OR_COMPANY, gives=PromiseCheckOut, many=True)
def list_promise_checks(case_no: str) -> ResponseReturnValue:
    """List what was found of the promises of one of my cases (承诺核查)."""
    with unit_of_work() as session:
        lines = queries.of_case(session, case_id=_mine(session, case_no).id)
        return {"items": PromiseCheckOut(many=True).dump(lines), "next_cursor": None}


@door.post(
    "/<int:check_id>/objection",
    auth=CITIZEN_OR_COMPANY,
    takes=ObjectionIn,
    gives=PromiseCheckOut,
    idempotent=True,
)
def object_to_finding(case_no: str, check_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Object to a finding (陈述申辩); the record waits until somebody else has looked at it."""
    with unit_of_work() as session:
        case = _mine(session, case_no)
        service.object_to(session, case_id=case.id, check_id=check_id, text=data["text"])
        found: Line = queries.one(session, check_id=check_id)
        return dict(PromiseCheckOut().dump(found))


def _mine(session: Session, case_no: str) -> Case:
    return cases.case_of(
        session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
    )


def _may_object(check: PromiseCheck) -> bool:
    until = check.object_until
    return check.state == CheckState.BROKEN and until is not None and clock.today() <= until
