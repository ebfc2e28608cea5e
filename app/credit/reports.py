"""Telling the credit platform of a broken promise and of its end (失信信息报送): the intent, and its outcome.

A report is told under its own number, so that a lost receipt leads to a question and never to a second one.
Nothing leaves while a record is not in force; what was never told needs no end, and what was told has one,
after its receipt. The job that talks with the platform owns every repetition.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app import batches, clock
from app.credit.errors import ReportNotRefused
from app.credit.models import CreditRecord, CreditReport, CreditState, ReportKind, ReportState

# Minutes between two questions about what has no receipt yet.
_LADDER_MIN: Final = (1, 5, 15, 30, 60, 240)
_RECORD = CreditReport.kind == ReportKind.RECORD.value
_WAITS = CreditReport.state == ReportState.WAITING.value


@dataclass(frozen=True, slots=True)
class Claimed:
    """A report whose moment has come.

    `told_before`: the other side may have it already. `may_tell`: its record is in force, or it says how one
    ended; otherwise it is only asked whether it arrived.
    """

    report_id: int
    told_before: bool
    may_tell: bool


def begin(session: Session, *, record_id: int) -> None:
    """Write down that the platform is to be told of a record; once, however often it is said."""
    _insert(session, record_id=record_id, kind=ReportKind.RECORD)


def end(session: Session, *, record_id: int, kind: ReportKind) -> None:
    """Write down how a record ended, if somebody may have been told of it; the caller holds the record."""
    asked = select(CreditReport).where(CreditReport.record_id == record_id, _RECORD).with_for_update()
    first = session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if first is None:
        return
    told = first.state == ReportState.RECEIVED or (first.state == ReportState.WAITING and first.checks > 0)
    if not told:
        first.state, first.refusal = ReportState.DROPPED.value, None
        session.flush()
        return
    _insert(session, record_id=record_id, kind=kind)


def claim(session: Session) -> Claimed | None:
    """The report that waits longest of those whose moment has come; its next one is later."""
    now = clock.now()
    due = (
        select(CreditReport.id, CreditReport.kind, CreditReport.checks, CreditRecord.state)
        .join(CreditRecord, CreditRecord.id == CreditReport.record_id)
        .where(_WAITS, CreditReport.next_check_at <= now, _may_be_taken_up())
        .order_by(CreditReport.next_check_at, CreditReport.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(due).one_or_none()
    if found is None:
        return None
    later = batches.next_check(now, checks=found.checks, ladder_min=_LADDER_MIN)
    session.execute(
        update(CreditReport)
        .where(CreditReport.id == found.id)
        .values(next_check_at=later, checks=CreditReport.checks + 1)
    )
    in_force = found.state == CreditState.READY
    return Claimed(
        found.id, told_before=found.checks > 0, may_tell=in_force or found.kind != ReportKind.RECORD
    )


def reference(report_id: int) -> str:
    """The number under which a report is told, the same each time."""
    return f"YMXY-{report_id:012d}"


def first_of(session: Session, *, record_id: int) -> int:
    """The report that told of a record, which its end names."""
    return session.scalars(select(CreditReport.id).where(CreditReport.record_id == record_id, _RECORD)).one()


def note_received(session: Session, *, report_id: int, receipt_no: str, at: datetime) -> None:
    """Write the receipt down (接收回执); once, however often it is told."""
    session.execute(
        update(CreditReport)
        .where(CreditReport.id == report_id, _WAITS)
        .values(state=ReportState.RECEIVED.value, receipt_no=receipt_no, received_at=at)
    )


def note_refused(session: Session, *, report_id: int, reason: str) -> None:
    """Write down that the platform does not take it, or that we cannot tell it, and why."""
    refused = session.scalar(
        update(CreditReport)
        .where(CreditReport.id == report_id, _WAITS)
        .values(state=ReportState.REFUSED.value, refusal=reason[:64] or "refused")
        .returning(CreditReport.record_id)
    )
    if refused is not None:
        _drop_end(session, report_id=report_id)


def note_never_arrived(session: Session, *, report_id: int) -> None:
    """A record that ended, or is on hold, did not arrive: it is not told again while it is not in force."""
    report = session.get_one(CreditReport, report_id)
    ended = select(CreditRecord.id).where(
        CreditRecord.id == report.record_id,
        CreditRecord.state.not_in((CreditState.READY.value, CreditState.ON_HOLD.value)),
    )
    if session.scalar(ended.with_for_update()) is None:
        return
    session.execute(
        update(CreditReport)
        .where(CreditReport.id == report_id, _WAITS)
        .values(state=ReportState.DROPPED.value)
    )
    _drop_end(session, report_id=report_id)


def again(session: Session, *, report_id: int) -> None:
    """Tell once more what was not taken (重新报送); raises ReportNotRefused."""
    in_force = select(CreditRecord.id).where(CreditRecord.state == CreditState.READY.value)
    waiting = session.scalar(
        update(CreditReport)
        .where(
            CreditReport.id == report_id,
            CreditReport.state == ReportState.REFUSED.value,
            or_(~_RECORD, CreditReport.record_id.in_(in_force)),
        )
        .values(state=ReportState.WAITING.value, refusal=None, next_check_at=clock.now(), checks=1)
        .returning(CreditReport.id)
    )
    if waiting is None:
        raise ReportNotRefused


def _may_be_taken_up() -> ColumnElement[bool]:
    """A record in force, or one that may be on its way; an end once its record was received."""
    first = aliased(CreditReport)
    there = (
        select(first.id)
        .where(
            first.record_id == CreditReport.record_id,
            first.kind == ReportKind.RECORD.value,
            first.state == ReportState.RECEIVED.value,
        )
        .exists()
    )
    in_force = CreditRecord.state == CreditState.READY.value
    return or_(_RECORD & (in_force | (CreditReport.checks > 0)), ~_RECORD & there)


def _drop_end(session: Session, *, report_id: int) -> None:
    """What the other side never had needs no end."""
    of_record = select(CreditReport.record_id).where(CreditReport.id == report_id, _RECORD)
    session.execute(
        update(CreditReport)
        .where(CreditReport.record_id == of_record.scalar_subquery(), ~_RECORD, _WAITS)
        .values(state=ReportState.DROPPED.value)
        .execution_options(synchronize_session=False)
    )


def _insert(session: Session, *, record_id: int, kind: ReportKind) -> None:
    now = clock.now()
    session.execute(
        insert(CreditReport)
        .values(
            record_id=record_id,
            kind=kind.value,
            state=ReportState.WAITING.value,
            created_at=now,
            next_check_at=now,
        )
        .on_conflict_do_nothing()
    )
