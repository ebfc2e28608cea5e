"""Cases that go from hall to hall, at the desk (异地代收代办): both halls see them, home decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases import numbers
from app.cases import queries as case_queries
from app.cases.errors import CaseNotFound
from app.cases.models import Case
from app.centres.models import Centre
from app.desk import duties
from app.desk.errors import NoHallOfYours
from app.desk.work import visible_to
from app.staff.sessions import OnDuty
from app.transfers import service
from app.transfers.models import Transfer, TransferState

PAGE = 30
STATE_TEXTS = {
    TransferState.SENDING: "转出中，等省平台回执",
    TransferState.SENT: "已转出，等对方接收",
    TransferState.RECEIVED: "已接收",
    TransferState.REFUSED: "省平台没有接受",
    TransferState.ENDED: "办件已撤回或办结，不再移交",
}
_SENT_BACK = "省平台退回了这次移交"
# The bus's words for why not.
_REFUSALS = {
    "unknown_centre": "省平台上没有这个大厅编码，请核对后重新转出",
    "refused": "省平台没有说原因，可以重新转出",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One hand-over; `incoming` when it comes to the clerk's hall. Nothing here says whose case it is."""

    id: int
    case_no: str
    task_name: str
    dept_name: str
    from_name: str
    to_name: str
    state: str
    state_text: str
    refusal: str | None
    begun_at: datetime
    sent_at: datetime | None
    received_at: datetime | None
    incoming: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a hall: the oldest of it, and how many there are in all."""

    lines: list[Line]
    total: int


def page(
    session: Session, *, clerk: OnDuty, after: int | None = None, limit: int = PAGE
) -> tuple[list[Line], int | None]:
    """The hand-overs from and to the clerk's hall, the newest first, and where the list goes on."""
    duties.refuse_unless(clerk, duties.READING)
    asked = _rows(clerk).order_by(Transfer.id.desc())
    if after is not None:
        asked = asked.where(Transfer.id < after)
    rows = session.execute(asked.limit(limit + 1)).all()
    lines = [_line(row, clerk) for row in rows[:limit]]
    return lines, lines[-1].id if len(rows) > limit else None


def halls(session: Session, *, clerk: OnDuty) -> Sequence[tuple[str, str]]:
    """The city's halls to choose from, without the clerk's own: code and name."""
    asked = select(Centre.id, Centre.name).where(Centre.id != (clerk.centre_id or "")).order_by(Centre.id)
    return [(row.id, row.name) for row in session.execute(asked)]


def hand_over(session: Session, *, clerk: OnDuty, case_no: str, to_code: str, to_name: str) -> None:
    """Send what was collected for a case to another hall (转出); who decides stays as it is.

    One of the city's halls keeps its own name. Raises NotYourDuty, NoHallOfYours, CaseNotFound and what
    transfers.service.begin raises.
    """
    duties.refuse_unless(clerk, duties.RECEIVING)
    here = session.get(Centre, clerk.centre_id) if clerk.centre_id else None
    if here is None:
        raise NoHallOfYours
    case = _case(session, clerk, case_no)
    written = to_code.strip().upper()
    known = session.get(Centre, written) if written.isprintable() else None  # PostgreSQL refuses NUL
    made = service.begin(
        session,
        case_id=case.id,
        clerk_id=clerk.clerk_id,
        come_from=(here.id, here.name),
        to=(to_code, to_name if known is None else known.name),
    )
    audit.record(
        session,
        actor=clerk.actor,
        action="case_handed_over",
        subject=f"case:{case.case_no}",
        details={"before": made.from_name, "after": made.to_name},
        citizen_id=case.citizen_id,
    )


def waiting(session: Session, *, clerk: OnDuty) -> Waiting:
    """What was sent to the clerk's hall and is not taken in yet (待接收), PAGE of it, the oldest first."""
    duties.refuse_unless(clerk, duties.READING)
    if clerk.centre_id is None:
        return Waiting([], 0)
    coming = (Transfer.to_code == clerk.centre_id, Transfer.state == TransferState.SENT.value)
    rows = session.execute(_rows(clerk).where(*coming).order_by(Transfer.id).limit(PAGE)).all()
    total = session.scalar(select(func.count()).select_from(Transfer).where(*coming))
    return Waiting([_line(row, clerk) for row in rows], total or 0)


def take_in(session: Session, *, clerk: OnDuty, transfer_id: int) -> None:
    """Take a case in at the clerk's own hall (接收); doing it again changes nothing.

    Raises NotYourDuty, NoHallOfYours and what transfers.service.take_in raises.
    """
    duties.refuse_unless(clerk, duties.RECEIVING)
    if clerk.centre_id is None:
        raise NoHallOfYours
    taken = service.take_in(session, transfer_id=transfer_id, hall=clerk.centre_id)
    if taken is None:
        return
    case = session.get_one(Case, taken.case_id)
    audit.record(
        session,
        actor=clerk.actor,
        action="case_taken_in",
        subject=f"case:{case.case_no}",
        details={"before": taken.from_name, "after": taken.to_name},
        citizen_id=case.citizen_id,
    )


def _case(session: Session, clerk: OnDuty, typed: str) -> Case:
    number = numbers.case_no(typed)
    if number is None:
        raise CaseNotFound
    return case_queries.for_clerk(session, officer=duties.officer(clerk), case_no=number)


def _rows(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    return (
        select(Transfer, Case.case_no, Case.task_name, Case.dept_name)
        .join(Case, Case.id == Transfer.case_id)
        .where(_seen_by(clerk))
    )


def _seen_by(clerk: OnDuty) -> ColumnElement[bool]:
    """Whoever sits in one of both halls, of whatever department; without a hall, the own department's."""
    if clerk.centre_id is not None:
        return or_(Transfer.from_code == clerk.centre_id, Transfer.to_code == clerk.centre_id)
    return true() if clerk.department is None else visible_to(clerk)


def _line(row: Row[*tuple[Any, ...]], clerk: OnDuty) -> Line:
    transfer = row.Transfer
    return Line(
        id=transfer.id,
        case_no=row.case_no,
        task_name=row.task_name,
        dept_name=row.dept_name,
        from_name=transfer.from_name,
        to_name=transfer.to_name,
        state=transfer.state,
        state_text=_state_text(transfer),
        refusal=transfer.refusal and _refusal_text(transfer.refusal),
        begun_at=transfer.begun_at,
        sent_at=transfer.sent_at,
        received_at=transfer.received_at,
        incoming=clerk.centre_id is not None and transfer.to_code == clerk.centre_id,
    )


def _state_text(transfer: Transfer) -> str:
    if transfer.state == TransferState.REFUSED and transfer.sent_at is not None:
        return _SENT_BACK
    return STATE_TEXTS[TransferState(transfer.state)]


def _refusal_text(reason: str) -> str:
    known = _REFUSALS.get(reason)
    return known or f"省平台给的原因代码是“{reason}”，请核对后重新转出，还不行就把代码告诉省平台"
