"""The work list (待办件): the department's cases, the most urgent first, continued by a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from app import clock
from app.cases import colours, counting, forms, project_codes, revoked
from app.cases.colours import Colour
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.states import UNDER_WAY, State
from app.catalogue.models import ServiceItem
from app.centres import working_days
from app.centres.working_days import WorkCalendar
from app.desk import in_order
from app.desk.in_order import Mark
from app.fees import queries as fees
from app.fees.models import BillState
from app.people.models import Citizen
from app.people.queries import masked_name
from app.staff.sessions import OnDuty

# Beyond this a number on a tile says no more, and counting further costs.
COUNTED_TO = 999


class View(StrEnum):
    """The parts of the work list."""

    SUBMITTED = "submitted"
    CORRECTION = "correction"
    ACCEPTED = "accepted"
    YELLOW = "yellow"
    RED = "red"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    OWED = "owed"
    DECIDED = "decided"
    CLOSED = "closed"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


COUNTED = (
    *(View.SUBMITTED, View.ACCEPTED, View.YELLOW, View.RED, View.DUE_TODAY, View.OVERDUE),
    *(View.OWED, View.DECIDED),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed by: a part of an item's name or its whole code; the index of a phone number.

    `project` is the code of an investment project, however its dashes are typed.
    """

    item: str = ""
    applicant: bytes | None = None
    project: str = ""


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list, where others may look over the shoulder: the applicant is masked.

    `due_in` in days: 0 is today, negative is over; None when no limit runs. So is `tell_in`, until when a
    correction may be asked for. `colour` and `limit_words` say the limit of a case in work. `owed_fen` waits
    to be paid.
    """

    id: int
    case_no: str
    task_name: str
    applicant: str
    state: str
    state_text: str
    submitted_at: datetime
    promised_due_on: date | None
    due_in: int | None
    tell_in: int | None
    colour: Colour | None
    limit_words: str
    owed_fen: int
    granted: bool | None
    # Somebody else handed it in for the applicant (代办).
    by_agent: bool
    revoked: bool


def page(
    session: Session,
    *,
    clerk: OnDuty,
    view: View,
    wanted: Wanted = EVERYTHING,
    after: Mark | None = None,
    limit: int = 20,
) -> tuple[list[Line], Mark | None]:
    """Up to `limit` lines of a view, and where the next page begins, if there is one."""
    key = _KEYS.get(view)
    asked = _columns().where(*_conditions(session, view), *_narrowed(wanted))
    if after is not None:
        asked = asked.where(Case.id < after.id if key is None else in_order.beyond(key, after))
    rows = session.execute(in_order.first(asked, clerk, key, limit=limit + 1)).all()
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        last = shown[-1]
        following = Mark(None if key is None else getattr(last, key.key), last.id)
    return _lines(session, shown), following


def counts(session: Session, *, clerk: OnDuty, wanted: Wanted = EVERYTHING) -> dict[View, int]:
    """How many cases wait in each view of open work, counted to one beyond COUNTED_TO; one statement."""
    narrowed, most = _narrowed(wanted), COUNTED_TO + 1
    # In the order of their lists, so that the index of each gives the first thousand without their rows.
    counted = [
        counted_to(
            in_order.first(
                select(Case.id, _KEYS[view]).where(*_conditions(session, view), *narrowed),
                *(clerk, _KEYS[view]),
                limit=most,
            )
        )
        for view in COUNTED
    ]
    return dict(zip(COUNTED, session.execute(select(*counted)).one(), strict=True))


def counted_to(asked: Select[*tuple[Any, ...]]) -> ScalarSelect[int]:
    """How many rows there are, counted to one beyond COUNTED_TO."""
    return select(func.count()).select_from(asked.limit(COUNTED_TO + 1).subquery()).scalar_subquery()


def of_citizen(session: Session, *, clerk: OnDuty, citizen_id: int) -> list[Line]:
    """A citizen's open cases that this clerk may see, newest first."""
    running = Case.state.in_((*UNDER_WAY, State.DECIDED))
    asked = _columns().where(Case.citizen_id == citizen_id, running, visible_to(clerk))
    return _lines(session, session.execute(asked.order_by(Case.id.desc()).limit(COUNTED_TO)).all())


def visible_to(clerk: OnDuty) -> ColumnElement[bool]:
    """The cases of the clerk's department; a test keeps it the same as the rule for a single case."""
    if clerk.department is None:
        return true()
    return or_(Case.dept_code == clerk.department, Case.dept_name == clerk.department)


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if wanted.item:
        named = ServiceItem.name.contains(wanted.item, autoescape=True)
        items = select(ServiceItem.task_code).where(or_(named, ServiceItem.task_code == wanted.item.upper()))
        narrowed.append(Case.task_code.in_(items))
    if wanted.project:
        narrowed.append(Case.project_code == project_codes.written(wanted.project))
    if wanted.applicant is not None:
        people = select(Citizen.id).where(Citizen.phone_index == wanted.applicant)
        narrowed.append(Case.citizen_id.in_(people))
    return narrowed


_KEYS: dict[View, Any] = {
    View.SUBMITTED: Case.notice_due_on,
    View.CORRECTION: Case.correct_by,
    View.ACCEPTED: Case.promised_due_on,
    View.YELLOW: Case.promised_due_on,
    View.RED: Case.promised_due_on,
    View.DUE_TODAY: Case.promised_due_on,
    View.OVERDUE: Case.promised_due_on,
    View.OWED: Case.promised_due_on,
    View.DECIDED: Case.decided_at,
}


def _conditions(session: Session, view: View) -> list[ColumnElement[bool]]:
    running = _is(State.ACCEPTED)
    if view in {View.YELLOW, View.RED}:
        return [running, Case.promised_due_on.between(*_near(session, view))]
    if view is View.DUE_TODAY:
        return [running, Case.promised_due_on == clock.today()]
    if view is View.OVERDUE:
        return [running, Case.promised_due_on < clock.today()]
    if view is View.OWED:
        return [running, Case.id.in_(_to_look_at())]
    if view is View.WITHDRAWN:
        return [_is(State.WITHDRAWN), Case.submitted_at.is_not(None)]
    return [_is(State(view.value))]


def _is(state: State) -> ColumnElement[bool]:
    """In a state, written into the statement itself: the indexes of the lists are of one state each."""
    return Case.state == literal(state.value, literal_execute=True)


def _to_look_at() -> Select[int]:
    """The cases of which something was brought that nobody has looked at, or did not come (容缺)."""
    there, late = OwedMaterial.delivered_at.is_not(None), OwedMaterial.due_on < clock.today()
    return select(OwedMaterial.case_id).where(OwedMaterial.confirmed_at.is_(None), or_(there, late))


def _near(session: Session, view: View) -> tuple[date, date]:
    """Between which days a limit ends that has the colour of a view."""
    calendar, today = working_days.calendar(session), clock.today()
    red = counting.horizon(calendar, today=today, left=colours.RED_DAYS)
    if view is View.RED:
        return today, red
    return red + timedelta(days=1), counting.horizon(calendar, today=today, left=colours.YELLOW_DAYS)


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        Case.id,
        Case.case_no,
        Case.task_name,
        Case.sealed_form,
        Case.state,
        Case.submitted_at,
        Case.notice_due_on,
        Case.correct_by,
        Case.promised_due_on,
        Case.decided_at,
        Case.granted,
        Case.delegation_id,
        Case.grant_revoked_at,
    )


def _lines(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Line]:
    owed: dict[int | None, int] = {}
    for bill in fees.of_cases(session, case_ids=[row.id for row in rows]):
        if bill.state == BillState.UNPAID:
            owed[bill.case_id] = owed.get(bill.case_id, 0) + bill.amount_fen
    calendar = working_days.calendar(session)
    return [_line(row, calendar, owed_fen=owed.get(row.id, 0)) for row in rows]


def _line(row: Row[*tuple[Any, ...]], calendar: WorkCalendar, *, owed_fen: int) -> Line:
    values = forms.opened(row.sealed_form).values
    last, today, in_work = row.promised_due_on, clock.today(), row.state == State.ACCEPTED
    return Line(
        id=row.id,
        case_no=row.case_no,
        task_name=row.task_name,
        applicant=values.get("organisation_name") or masked_name(values.get("applicant_name")) or "",
        state=row.state,
        state_text=revoked.state_text(row.state, revoked_at=row.grant_revoked_at),
        submitted_at=row.submitted_at,
        promised_due_on=row.promised_due_on,
        tell_in=(row.notice_due_on - today).days if row.state == State.SUBMITTED else None,
        due_in=(last - today).days if in_work and last is not None else None,
        colour=colours.colour(last, today=today, calendar=calendar) if in_work else None,
        limit_words=colours.words(last, today=today, calendar=calendar) if in_work else "",
        owed_fen=owed_fen,
        granted=row.granted,
        by_agent=row.delegation_id is not None,
        revoked=row.grant_revoked_at is not None,
    )
