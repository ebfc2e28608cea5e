"""Looking back at the desk (否定报备、办理回访): every no of a week, and whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.call_backs import service
from app.call_backs.errors import CallBackNotFound
from app.call_backs.models import CallBack, CallBackDay, Result
from app.cases.models import Case
from app.desk import duties
from app.desk.duties import Duty
from app.desk.work import visible_to
from app.people import queries as people
from app.staff.models import Role
from app.staff.sessions import OnDuty
from app.supervision import refusals
from app.supervision.refusals import Refused

SUPERVISING: Duty = frozenset({Role.SUPERVISOR})
PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One case whose applicant is to be called; the number is shown on asking alone."""

    id: int
    case_no: str
    task_name: str
    dept_name: str
    closed_at: datetime
    granted: bool | None


@dataclass(frozen=True, slots=True)
class Lately:
    """What was drawn and what came of it, of all days."""

    closed: int
    drawn: int
    results: dict[str, int]


def refused(session: Session, *, clerk: OnDuty, monday: date) -> Sequence[Refused]:
    """Every no of a week; who looked is written down. Raises NotYourDuty."""
    duties.refuse_unless(clerk, SUPERVISING)
    found = refusals.of_week(session, monday=monday)
    audit.record(
        session,
        actor=clerk.actor,
        action="refusals_viewed",
        subject="refusals:",
        details={"day": f"{monday:%Y-%m-%d}"},
    )
    return found


def page(session: Session, *, clerk: OnDuty, after: int | None = None) -> tuple[list[Line], int | None]:
    """Whom to call, the oldest first, and where the next page begins. Raises NotYourDuty."""
    duties.refuse_unless(clerk, SUPERVISING)
    asked = _theirs(clerk).where(CallBack.result.is_(None))
    if after is not None:
        asked = asked.where(CallBack.id > after)
    rows = session.execute(asked.order_by(CallBack.id).limit(PAGE + 1)).all()
    lines = [_line(row) for row in rows[:PAGE]]
    return lines, lines[-1].id if len(rows) > PAGE else None


def lately(session: Session) -> Lately:
    """How many were drawn of how many, and each result."""
    totals = session.execute(
        select(
            func.coalesce(func.sum(CallBackDay.closed), 0).label("closed"),
            func.coalesce(func.sum(CallBackDay.drawn), 0).label("drawn"),
        )
    ).one()
    counted = select(CallBack.result, func.count()).where(CallBack.result.is_not(None))
    results = {str(result): number for result, number in session.execute(counted.group_by(CallBack.result))}
    return Lately(int(totals.closed), int(totals.drawn), results)


def telephone(session: Session, *, clerk: OnDuty, call_back_id: int) -> str:
    """The number to call, which is written down (回访电话); "" without one. Raises CallBackNotFound."""
    row = _one(session, clerk, call_back_id)
    _note(session, clerk, "call_back_telephone_viewed", row=row)
    return people.phone(session, citizen_id=row.citizen_id) or ""


def note(session: Session, *, clerk: OnDuty, call_back_id: int, result: Result, said: str) -> None:
    """Write down what came of a call; raises NotYourDuty, CallBackNotFound and what the service raises."""
    row = _one(session, clerk, call_back_id)
    service.note(session, call_back_id=call_back_id, officer=duties.officer(clerk), result=result, said=said)
    _note(session, clerk, "call_back_noted", row=row, result=result.value)


def _one(session: Session, clerk: OnDuty, call_back_id: int) -> Row[*tuple[Any, ...]]:
    duties.refuse_unless(clerk, SUPERVISING)
    found = session.execute(_theirs(clerk).where(CallBack.id == call_back_id)).one_or_none()
    if found is None:
        raise CallBackNotFound
    return found


def _theirs(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    columns = (Case.case_no, Case.citizen_id, Case.task_name, Case.dept_name, Case.closed_at, Case.granted)
    return select(CallBack, *columns).join(Case, Case.id == CallBack.case_id).where(visible_to(clerk))


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    call_back: CallBack = row.CallBack
    return Line(call_back.id, row.case_no, row.task_name, row.dept_name, row.closed_at, row.granted)


def _note(
    session: Session, clerk: OnDuty, action: str, *, row: Row[*tuple[Any, ...]], **details: str
) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{row.case_no}",
        citizen_id=row.citizen_id,
        details=details,
    )
