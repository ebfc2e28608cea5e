"""Looking back at the desk (否定报备、办理回访): every no of a week, and whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.call_backs import service
from app.call_backs.errors import CallBackNotFound
from app.call_backs.models import RESULT_TEXTS, CallBack, CallBackDay, Result
from app.call_backs.service import Told
from app.cases import forms
from app.cases.models import Case
from app.complaints.models import Complaint
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


class View(StrEnum):
    """Which part of the page."""

    OPEN = "open"
    DONE = "done"


VIEWS = {View.OPEN: "等着回访", View.DONE: "已回访"}


@dataclass(frozen=True, slots=True)
class Line:
    """One case whose applicant is to be called, or was; the number is shown on asking alone.

    `complaint_no` is the ticket that what they said has become.
    """

    call_back: CallBack
    case_no: str
    task_name: str
    dept_name: str
    closed_at: datetime
    granted: bool | None
    complaint_no: str | None

    @property
    def id(self) -> int:
        """The call-back's."""
        return self.call_back.id

    @property
    def result_text(self) -> str:
        """What came of the call."""
        return RESULT_TEXTS[Result(self.call_back.result or "")]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask for, and at which number; "" where there is none."""

    call_back_id: int
    name: str
    phone: str


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


def page(
    session: Session, *, clerk: OnDuty, view: View = View.OPEN, after: int | None = None
) -> tuple[list[Line], int | None]:
    """Whom to call, the oldest first, or who was, the newest first; and where the next page begins.

    Raises NotYourDuty.
    """
    duties.refuse_unless(clerk, SUPERVISING)
    over = view is View.DONE
    asked = _theirs(clerk).where(CallBack.result.is_not(None) if over else CallBack.result.is_(None))
    if after is not None:
        asked = asked.where(CallBack.id < after if over else CallBack.id > after)
    order = CallBack.id.desc() if over else CallBack.id
    rows = session.execute(asked.order_by(order).limit(PAGE + 1)).all()
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


def telephone(session: Session, *, clerk: OnDuty, call_back_id: int) -> Contact:
    """Whom to call, which is written down (回访电话): their proven number, else the one on their form.

    Who has closed their account is not called any more. Raises CallBackNotFound.
    """
    row = _one(session, clerk, call_back_id)
    _note(session, clerk, "call_back_telephone_viewed", row=row)
    return _contact(session, row)


def note(session: Session, *, clerk: OnDuty, call_back_id: int, told: Told) -> CallBack:
    """Write down what came of a call; raises NotYourDuty, CallBackNotFound and what the service raises."""
    row = _one(session, clerk, call_back_id)
    told = replace(told, last=not _contact(session, row).phone)
    noted = service.note(session, call_back_id=call_back_id, officer=duties.officer(clerk), told=told)
    _note(session, clerk, "call_back_noted", row=row, result=told.result.value)
    return noted


def _contact(session: Session, row: Row[*tuple[Any, ...]]) -> Contact:
    call_back_id = row.CallBack.id
    if not people.has_account(session, citizen_id=row.citizen_id):
        return Contact(call_back_id, "", "")
    form = forms.opened(row.sealed_form).values
    phone = people.phone(session, citizen_id=row.citizen_id) or form.get("phone", "")
    return Contact(call_back_id, form.get("applicant_name", ""), phone)


def _one(session: Session, clerk: OnDuty, call_back_id: int) -> Row[*tuple[Any, ...]]:
    duties.refuse_unless(clerk, SUPERVISING)
    asked = _theirs(clerk).add_columns(Case.sealed_form).where(CallBack.id == call_back_id)
    found = session.execute(asked).one_or_none()
    if found is None:
        raise CallBackNotFound
    return found


def _theirs(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    columns = (Case.case_no, Case.citizen_id, Case.task_name, Case.dept_name, Case.closed_at, Case.granted)
    return (
        select(CallBack, *columns, Complaint.complaint_no)
        .join(Case, Case.id == CallBack.case_id)
        .outerjoin(Complaint, Complaint.id == CallBack.complaint_id)
        .where(visible_to(clerk))
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(
        call_back=row.CallBack,
        case_no=row.case_no,
        task_name=row.task_name,
        dept_name=row.dept_name,
        closed_at=row.closed_at,
        granted=row.granted,
        complaint_no=row.complaint_no,
    )


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
