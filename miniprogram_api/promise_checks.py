"""What was found of one's promises, objecting to it, and mending it (承诺核查、陈述申辩、信用修复)."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock
from app.cases import queries as cases
from app.cases.models import Case
from app.credit import records
from app.credit.models import STATE_TEXTS as RECORD_TEXTS
from app.credit.models import CreditState
from app.db import Session, unit_of_work
from app.organisations import queries as organisations
from app.promise_checks import pleas, service, standing
from app.promise_checks.models import TEXTS, CheckState, PromiseCheck
from app.promise_checks.plea_models import KIND_TEXTS, PleaKind, PleaState
from app.promise_checks.plea_models import STATE_TEXTS as PLEA_TEXTS
from app.promise_checks.pleas import Wanted
from web.callers import CITIZEN_OR_COMPANY, acting_for, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("promise_checks", __name__, url_prefix="/api/v1/cases/<case_no>/promise-checks")
mine_door = Door("broken_promises", __name__, url_prefix="/api/v1/me/broken-promises")

_DAY = {"type": "string", "format": "date"}


class PleaOut(Schema):
    """What I asked about a record, and what became of it."""

    kind = fields.String(metadata={"enum": [kind.value for kind in PleaKind]})
    kind_text = fields.Function(lambda plea: KIND_TEXTS[PleaKind(plea.kind)], metadata={"type": "string"})
    said = fields.String()
    asked_at = ShanghaiTime()
    state = fields.String(metadata={"enum": [state.value for state in PleaState]})
    state_text = fields.Function(lambda plea: PLEA_TEXTS[PleaState(plea.state)], metadata={"type": "string"})
    reason = fields.String(allow_none=True)


class CreditRecordOut(Schema):
    """That a broken promise is on record (失信记录); `until`: the day from which it counts no more."""

    state = fields.String(metadata={"enum": [state.value for state in CreditState]})
    state_text = fields.Function(
        lambda record: RECORD_TEXTS[CreditState(record.state)], metadata={"type": "string"}
    )
    recorded_at = ShanghaiTime()
    until = fields.Function(lambda record: records.last_day(record).isoformat(), metadata=_DAY)


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
    record = fields.Nested(CreditRecordOut, allow_none=True)
    may_ask = fields.List(
        fields.String(attribute="value", metadata={"enum": [kind.value for kind in PleaKind]}),
        metadata={"description": "what may be asked about the record now"},
    )
    pleas = fields.List(fields.Nested(PleaOut))


class BrokenPromiseOut(PromiseCheckOut):
    """A promise of mine that was found broken, with its case."""

    case_no = fields.String(attribute="case.case_no")
    task_name = fields.String(attribute="case.task_name")


class ObjectionIn(Schema):
    """Why the finding is not right, in one's own words."""

    text = fields.String(required=True, validate=validate.Length(1, service.LONGEST))


class PleaIn(Schema):
    """What I ask: that the record is wrong, or that it ends because I made it good; in my own words."""

    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in PleaKind]))
    text = fields.String(required=True, validate=validate.Length(1, pleas.LONGEST))


@door.get("", auth=CITIZEN_OR_COMPANY, gives=PromiseCheckOut, many=True)
def list_promise_checks(case_no: str) -> ResponseReturnValue:
    """List what was found of the promises of one of my cases (承诺核查)."""
    with unit_of_work() as session:
        found = standing.of_case(session, case_id=_mine(session, case_no).id)
        return {"items": PromiseCheckOut(many=True).dump(found), "next_cursor": None}


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
        return dict(PromiseCheckOut().dump(standing.of_check(session, check_id=check_id)))


@door.post(
    "/<int:check_id>/pleas",
    auth=CITIZEN_OR_COMPANY,
    takes=PleaIn,
    gives=PromiseCheckOut,
    idempotent=True,
)
def ask_about_record(case_no: str, check_id: int, data: dict[str, Any]) -> ResponseReturnValue:
    """Say that a record is wrong, or ask that it ends because all is mended (异议、信用修复)."""
    with unit_of_work() as session:
        case = _mine(session, case_no)
        pleas.ask(
            session,
            case_id=case.id,
            check_id=check_id,
            citizen_id=current_citizen_id(),
            wanted=Wanted(PleaKind(data["kind"]), data["text"]),
        )
        return dict(PromiseCheckOut().dump(standing.of_check(session, check_id=check_id)))


@mine_door.get("", auth=CITIZEN_OR_COMPANY, query=PageIn, gives=BrokenPromiseOut, many=True)
def list_broken_promises(query: dict[str, Any]) -> ResponseReturnValue:
    """List the promises of mine that were found broken, newest first (我的失信记录)."""
    with unit_of_work() as session:
        mine = organisations.owned(
            session, Case, citizen_id=current_citizen_id(), organisation_id=acting_for()
        )
        found = standing.broken(session, of=mine, before=query["cursor"], limit=query["limit"] + 1)
        return page(found, limit=query["limit"], dump=BrokenPromiseOut().dump, key=lambda one: one.check.id)


def _mine(session: Session, case_no: str) -> Case:
    return cases.case_of(
        session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
    )


def _may_object(check: PromiseCheck) -> bool:
    until = check.object_until
    return check.state == CheckState.BROKEN and until is not None and clock.today() <= until
