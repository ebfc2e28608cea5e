"""What supervisors are told, at the desk (审管联动): what waits, is unknown, was refused or received."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session

from app import batches
from app.audit import service as audit
from app.cases.models import Case
from app.db import LARGEST_ID
from app.desk import duties
from app.desk.duties import Duty
from app.desk.work import visible_to
from app.oversight import findings, queries, sending
from app.oversight.errors import FindingNotFound, OversightEventNotFound
from app.oversight.models import TEXTS, Kind, OversightEvent, OversightFinding, Result, State
from app.oversight.queries import Finding
from app.staff.models import Role
from app.staff.sessions import OnDuty

PAGE: Final = 30
# What was decided is for those who decide, and those who answer for them.
SEEING: Duty = frozenset({Role.APPROVER, Role.HEAD, Role.SUPERVISOR})


class View(StrEnum):
    """The parts of the page; what was told and has no receipt may be there or not."""

    WAITING = "waiting"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    RECEIVED = "received"


VIEWS: Final = {
    View.WAITING: "待推送",
    View.UNKNOWN: "还没有回执",
    View.REFUSED: "没有接收",
    View.RECEIVED: "已接收",
}
_TOLD: Final = OversightEvent.checks > 0
_WHICH: Final[dict[View, ColumnElement[bool]]] = {
    View.WAITING: and_(OversightEvent.state == State.WAITING.value, ~_TOLD),
    View.UNKNOWN: and_(OversightEvent.state == State.WAITING.value, _TOLD),
    View.REFUSED: OversightEvent.state == State.REFUSED.value,
    View.RECEIVED: OversightEvent.state == State.RECEIVED.value,
}
_UNANSWERED: Final = and_(
    OversightFinding.result != Result.FINE.value, OversightFinding.answered_at.is_(None)
)
# Words of the platform, and of ours, for why not.
_REFUSALS: Final = {
    "unknown_department": "监管平台里没有这个监管部门，请在指南里改正监管部门的编码，发布后重新推送",
    "bad_event": "监管平台读不出这条信息，请联系监管平台核对，再重新推送",
    "event_no_taken": "监管平台里这个编号已经有另一条信息，请联系监管平台核对",
    "another_digest": "监管平台收到的和我们推送的不一致，请联系监管平台核对",
    batches.RECEIPT_REUSED: "监管平台给的回执编号是另一条信息的，请联系监管平台更正，再重新推送",
    "out_of_order": "监管平台说前一条还没有收到，请联系监管平台核对",
    "invalid_reference": "推送编号里有监管平台不认的字符，请联系系统管理员",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a list; `held_up`: something in front of it was not received, `note` says why not."""

    id: int
    event_no: str
    kind: Kind
    kind_text: str
    case_no: str
    task_name: str
    supervisor: str
    happened_at: datetime
    tries: int
    held_up: bool
    receipt_no: str | None
    received_at: datetime | None
    note: str


def counts(session: Session, *, clerk: OnDuty) -> dict[View, int]:
    """How many events there are of each part but the last, which only grows."""
    duties.refuse_unless(clerk, SEEING)
    numbers = [func.count().filter(_WHICH[view]).label(view.value) for view in VIEWS]
    open_ones = OversightEvent.state != State.RECEIVED.value
    asked = select(*numbers).join(Case, Case.id == OversightEvent.case_id).where(visible_to(clerk), open_ones)
    found = session.execute(asked).one()
    return {view: number for view, number in zip(VIEWS, found, strict=True) if view is not View.RECEIVED}


@dataclass(frozen=True, slots=True)
class ToDo:
    """How much waits for a person: wishes to revoke and what was not taken, and what is irregular."""

    pressing: int
    irregular: int


def to_do(session: Session, *, clerk: OnDuty) -> ToDo:
    """How much waits for a person; nothing for whom it is no duty."""
    if not clerk.roles & SEEING:
        return ToDo(0, 0)
    irregular = OversightFinding.result == Result.IRREGULAR.value
    waiting = (
        _findings(clerk).where(_UNANSWERED, ~irregular),
        _rows(clerk).where(_WHICH[View.REFUSED]),
        _findings(clerk).where(_UNANSWERED, irregular),
    )
    counted = [select(func.count()).select_from(each.subquery()).scalar_subquery() for each in waiting]
    wishes, refused, wrong = session.execute(select(*counted)).one()
    return ToDo(wishes + refused, wrong)


def page(
    session: Session, *, clerk: OnDuty, view: View, after: int | None = None, limit: int = PAGE
) -> tuple[list[Line], int | None]:
    """The events of one part, the newest first, and where the list goes on."""
    duties.refuse_unless(clerk, SEEING)
    asked = _rows(clerk).where(_WHICH[view])
    if after is not None:
        asked = asked.where(OversightEvent.id < after)
    rows = session.execute(asked.order_by(OversightEvent.id.desc()).limit(limit + 1)).all()
    lines = [_line(row) for row in rows[:limit]]
    return lines, lines[-1].id if len(rows) > limit else None


def of_case(session: Session, *, clerk: OnDuty, case_id: int) -> list[Line]:
    """What is told of one case, in its order; nothing of another department's."""
    rows = session.execute(
        _rows(clerk).where(OversightEvent.case_id == case_id).order_by(OversightEvent.position)
    )
    return [_line(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding that waits for its department, with the case it is about."""

    finding: Finding
    case_no: str
    task_name: str


def to_answer(session: Session, *, clerk: OnDuty, limit: int = PAGE) -> list[Asked]:
    """What was found and nobody answered yet, the oldest first."""
    duties.refuse_unless(clerk, SEEING)
    asked = session.execute(_findings(clerk).where(_UNANSWERED).limit(limit))
    return [Asked(queries.finding(row), row.case_no, row.task_name) for row in asked]


def found_of(session: Session, *, clerk: OnDuty, case_id: int) -> list[Finding]:
    """What was found of one case's licence, oldest first; nothing of another department's."""
    asked = _findings(clerk).where(OversightEvent.case_id == case_id)
    return [queries.finding(row) for row in session.execute(asked)]


def answer(session: Session, *, clerk: OnDuty, finding_id: int, text: str) -> None:
    """Say what was done about a finding (处理); raises FindingNotFound and as `findings.answer`."""
    duties.refuse_unless(clerk, SEEING)
    found = None
    if finding_id <= LARGEST_ID:
        found = session.execute(_findings(clerk).where(OversightFinding.id == finding_id)).one_or_none()
    if found is None:
        raise FindingNotFound
    findings.answer(session, finding_id=finding_id, officer=duties.officer(clerk), text=text)
    audit.record(
        session,
        actor=clerk.actor,
        action="oversight_answered",
        subject=f"case:{found.case_no}",
        citizen_id=found.citizen_id,
    )


def _findings(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    shown = queries.findings(Case.case_no, Case.task_name, Case.citizen_id)
    return shown.join(Case, Case.id == OversightEvent.case_id).where(visible_to(clerk))


def again(session: Session, *, clerk: OnDuty, event_id: int) -> None:
    """Tell once more what was not taken (重新推送); raises OversightEventNotFound, NothingRefused."""
    duties.refuse_unless(clerk, SEEING)
    found = None
    if event_id <= LARGEST_ID:
        found = session.execute(_rows(clerk).where(OversightEvent.id == event_id)).one_or_none()
    if found is None:
        raise OversightEventNotFound
    sending.again(session, event_id=event_id)
    audit.record(
        session,
        actor=clerk.actor,
        action="oversight_again",
        subject=f"case:{found.case_no}",
        details={"event_no": found.event_no},
        citizen_id=found.citizen_id,
    )


def _rows(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    """Events with what a list says of their cases; what they tell stays sealed."""
    columns = OversightEvent.__table__.columns
    listed = [column for column in columns if column.name != "sealed_content"]
    return (
        select(*listed, Case.case_no, Case.task_name, Case.citizen_id, sending.HELD_UP.label("held_up"))
        .join(Case, Case.id == OversightEvent.case_id)
        .where(visible_to(clerk))
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    kind = Kind(row.kind)
    return Line(
        id=row.id,
        event_no=row.event_no,
        kind=kind,
        kind_text=TEXTS[kind],
        case_no=row.case_no,
        task_name=row.task_name,
        supervisor=row.supervisor_name,
        happened_at=row.happened_at,
        tries=row.checks,
        held_up=row.held_up and row.state == State.WAITING,
        receipt_no=row.receipt_no,
        received_at=row.received_at,
        note="" if row.refusal is None else _refusal(row.refusal),
    )


def _refusal(reason: str) -> str:
    return _REFUSALS.get(reason, f"监管平台没有接收，给的原因代码是“{reason}”，核对后可以重新推送")
