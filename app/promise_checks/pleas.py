"""Objecting to a record in force, or asking that it ends because all was made good (异议、信用修复).

国办发〔2020〕49号 asks for both ways: what is wrong is withdrawn, and what was made good ends early. An
objection holds the record; the department decides, an objection by another than who settled it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app import clock
from app.cases import timeline
from app.cases.models import Case
from app.cases.officers import Officer
from app.credit import records
from app.credit.models import CreditState
from app.db import LARGEST_ID
from app.events import publish
from app.plain_text import readable
from app.promise_checks import queries
from app.promise_checks.errors import CheckNotFound
from app.promise_checks.events import PleaDecided
from app.promise_checks.models import PromiseCheck
from app.promise_checks.plea_errors import (
    ObjectedBefore,
    PleaDecidedBefore,
    PleaDecidedBySettler,
    PleaNotFound,
    PleaOpen,
    PleaUnfounded,
    PleaUnsaid,
)
from app.promise_checks.plea_models import KIND_TEXTS, Plea, PleaKind, PleaState
from app.promise_checks.queries import Line

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, in the asker's own words."""

    kind: PleaKind
    said: str


def ask(session: Session, *, case_id: int, check_id: int, citizen_id: int, wanted: Wanted) -> Plea:
    """Ask for a record to be lifted or repaired; an objection holds it (暂缓报送).

    Raises PleaUnsaid, CheckNotFound for another case's, PleaOpen, ObjectedBefore, RecordNotInForce.
    """
    said = readable(wanted.said)
    if not 0 < len(said) <= LONGEST:
        raise PleaUnsaid
    line = queries.one(session, check_id=check_id, hold=True)
    if line.check.case_id != case_id:
        raise CheckNotFound
    before = of_check(session, check_id=check_id)
    if any(one.state == PleaState.OPEN for one in before):
        raise PleaOpen
    if wanted.kind is PleaKind.OBJECTION and any(one.kind == PleaKind.OBJECTION for one in before):
        raise ObjectedBefore
    undertaking_id = line.promise.undertaking_id
    records.hold_in_force(session, undertaking_id=undertaking_id)
    if wanted.kind is PleaKind.OBJECTION:
        records.hold(session, undertaking_id=undertaking_id)
    plea = Plea(
        check_id=check_id, citizen_id=citizen_id, kind=wanted.kind.value, said=said, asked_at=clock.now()
    )
    session.add(plea)
    timeline.note(
        session,
        case_id=case_id,
        kind="credit_plea_asked",
        actor=timeline.CITIZEN,
        sentence=_ASKED[wanted.kind].format(line.promise.name),
    )
    session.flush()
    return plea


_ASKED = {
    PleaKind.OBJECTION: "对“{}”的失信记录提出异议，处理以前暂缓报送",
    PleaKind.REPAIR: "申请修复“{}”的失信记录",
}


def decide(session: Session, *, plea_id: int, officer: Officer, granted: bool, reason: str) -> Line:
    """Say yes or no to a plea, with the reason (处理); of two at once, one does.

    Yes ends the record at once, and whoever was told of it is told that. Raises PleaUnfounded, PleaNotFound,
    PleaDecidedBefore, PleaDecidedBySettler.
    """
    said = readable(reason)
    if not 0 < len(said) <= LONGEST:
        raise PleaUnfounded
    line = queries.one(session, check_id=one(session, plea_id=plea_id).check_id, hold=True)
    plea = one(session, plea_id=plea_id)
    kind = PleaKind(plea.kind)
    if plea.state != PleaState.OPEN:
        raise PleaDecidedBefore
    if kind is PleaKind.OBJECTION and line.check.settled_by == officer.clerk_id:
        raise PleaDecidedBySettler
    plea.state = (PleaState.GRANTED if granted else PleaState.REFUSED).value
    plea.decided_at, plea.reason = clock.now(), said
    plea.decided_by, plea.decided_by_name = officer.clerk_id, officer.name
    undertaking_id = line.promise.undertaking_id
    if granted:
        records.end(session, undertaking_id=undertaking_id, to=_ENDS[kind])
    elif kind is PleaKind.OBJECTION:
        records.resume(session, undertaking_id=undertaking_id)
    outcome = "同意，记录已结束" if granted else "没有同意"
    timeline.note(
        session,
        case_id=line.case.id,
        kind="credit_plea_decided",
        actor=timeline.clerk(officer),
        sentence=f"“{line.promise.name}”的{KIND_TEXTS[kind]}：{outcome}",
    )
    publish(session, PleaDecided(plea.id))
    session.flush()
    return line


_ENDS = {PleaKind.OBJECTION: CreditState.LIFTED, PleaKind.REPAIR: CreditState.REPAIRED}


def of_check(session: Session, *, check_id: int) -> list[Plea]:
    """What was asked about the record of a check, oldest first."""
    return list(session.scalars(select(Plea).where(Plea.check_id == check_id).order_by(Plea.id)))


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[Plea]]:
    """The same of several cases, by check: one statement for all."""
    found: dict[int, list[Plea]] = {}
    asked = select(Plea).join(PromiseCheck, PromiseCheck.id == Plea.check_id)
    for each in session.scalars(asked.where(PromiseCheck.case_id.in_(case_ids)).order_by(Plea.id)):
        found.setdefault(each.check_id, []).append(each)
    return found


def open_ones(session: Session, *, of: ColumnElement[bool], limit: int = 50) -> list[tuple[Plea, Line]]:
    """What waits for a decision among some cases, the longest waiting first."""
    asked = (
        select(Plea)
        .join(PromiseCheck, PromiseCheck.id == Plea.check_id)
        .join(Case, Case.id == PromiseCheck.case_id)
        .where(Plea.state == PleaState.OPEN.value, of)
        .order_by(Plea.id)
        .limit(limit)
    )
    found = session.scalars(asked).all()
    lines = queries.of_checks(session, check_ids=[each.check_id for each in found])
    return [(each, lines[each.check_id]) for each in found]


def one(session: Session, *, plea_id: int) -> Plea:
    """One plea, as it is stored now; raises PleaNotFound."""
    if plea_id > LARGEST_ID:
        raise PleaNotFound
    found = session.scalar(select(Plea).where(Plea.id == plea_id).execution_options(populate_existing=True))
    if found is None:
        raise PleaNotFound
    return found
