"""What a clerk's day looks like (今日): numbers, what is due, how full the hall is, how the last days went.

Everything is limited as the work list is: cases by the clerk's department, visits by the clerk's hall.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, cast, exists, false, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from app import clock
from app.appointments.models import Appointment, AppointmentStatus, Slot
from app.cases.models import Case
from app.cases.states import State
from app.centres.models import Centre
from app.channels import TEXTS, Channel
from app.desk import duties, work
from app.desk.work import Line, View, visible_to
from app.fees.models import Bill, BillState
from app.staff.models import Role
from app.staff.sessions import OnDuty

DAYS_SHOWN = 7
CHANNEL_DAYS = timedelta(days=30)
# The mix is told as well by the newest of them, and each costs a look at a login.
CHANNEL_CASES = 2000
MOST_URGENT = 10


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counted to one beyond work.COUNTED_TO. `to_decide` is None for who does not decide."""

    waiting: int
    yellow: int
    red: int
    due_today: int
    overdue: int
    closed_today: int
    to_decide: int | None
    expected: int
    came: int


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One half hour of a hall: how many places are booked, and how many of those came."""

    starts_at: datetime
    booked: int
    came: int


@dataclass(frozen=True, slots=True)
class Day:
    """Cases that were accepted and that were closed on one day."""

    day: date
    accepted: int
    closed: int


def numbers(session: Session, *, clerk: OnDuty) -> Numbers:
    """How much waits, how urgent it is, how much is done (待受理、黄红预警、今日到期、已超期)."""
    counts = work.counts(session, clerk=clerk)
    closed = select(Case.id).where(Case.closed_at >= _midnight(clock.today()), visible_to(clerk))
    decides = bool(clerk.roles & duties.DECIDING)
    ready = (
        select(Case.id).where(Case.state == State.ACCEPTED.value, ~_owes(), visible_to(clerk))
        if decides
        else select(Case.id).where(false())
    )
    visits = (
        select(func.coalesce(func.sum(Slot.booked), 0))
        .where(Slot.centre_id.in_(_halls(clerk)), Slot.day == clock.today())
        .scalar_subquery()
    )
    asked = select(work.counted_to(closed), work.counted_to(ready), visits, _came(clerk).scalar_subquery())
    closed_today, to_decide, expected, came = session.execute(asked).one()
    return Numbers(
        waiting=counts[View.SUBMITTED],
        yellow=counts[View.YELLOW],
        red=counts[View.RED],
        due_today=counts[View.DUE_TODAY],
        overdue=counts[View.OVERDUE],
        closed_today=closed_today,
        to_decide=to_decide if decides else None,
        expected=int(expected),
        came=came,
    )


def urgent(session: Session, *, clerk: OnDuty) -> list[Line]:
    """The ten cases whose limits end first (最急的办件), then for who accepts those that wait longest."""
    lines, _ = work.page(session, clerk=clerk, view=View.ACCEPTED, limit=MOST_URGENT)
    room = MOST_URGENT - len(lines)
    if room and Role.FRONT_DESK in clerk.roles:
        lines += work.page(session, clerk=clerk, view=View.SUBMITTED, limit=room)[0]
    return lines


def load(session: Session, *, clerk: OnDuty) -> list[HalfHour]:
    """Today's half hours of the clerk's hall, or of all halls for a clerk without one (分时人流)."""
    came = (
        select(func.count())
        .where(Appointment.slot_id == Slot.id, Appointment.status == AppointmentStatus.CHECKED_IN.value)
        .correlate(Slot)
        .scalar_subquery()
    )
    slots = (
        select(Slot.starts_at, Slot.booked, came.label("came"))
        .where(Slot.centre_id.in_(_halls(clerk)), Slot.day == clock.today())
        .subquery()
    )
    sums = [func.sum(column) for column in (slots.c.booked, slots.c.came)]
    asked = select(slots.c.starts_at, *sums).group_by(slots.c.starts_at).order_by(slots.c.starts_at)
    return [HalfHour(row[0], int(row[1]), int(row[2])) for row in session.execute(asked)]


def channels(session: Session, *, clerk: OnDuty) -> dict[str, int]:
    """From where the newest cases of the last thirty days were handed in, by name (办理渠道).

    What was handed in before channels were written down, or by nobody's hand, counts as the window's.
    """
    newest = (
        select(func.coalesce(Case.channel, Channel.HALL.value).label("channel"))
        .where(Case.submitted_at >= clock.now() - CHANNEL_DAYS, visible_to(clerk))
        .order_by(Case.submitted_at.desc())
        .limit(CHANNEL_CASES)
        .subquery()
    )
    asked = select(newest.c.channel, func.count()).group_by(newest.c.channel)
    found = {row[0]: row[1] for row in session.execute(asked)}
    return {name: found[channel.value] for channel, name in TEXTS.items() if channel.value in found}


def last_days(session: Session, *, clerk: OnDuty) -> list[Day]:
    """Accepted and closed on each of the last seven days, today the last (近7日受理与办结)."""
    first = clock.today() - timedelta(days=DAYS_SHOWN - 1)
    asked = union_all(
        _per_day("accepted", Case.accepted_at, first, visible=visible_to(clerk)),
        _per_day("closed", Case.closed_at, first, visible=visible_to(clerk)),
    )
    found = {(row.what, row.day): row.many for row in session.execute(asked)}
    days = [first + timedelta(days=number) for number in range(DAYS_SHOWN)]
    return [Day(day, found.get(("accepted", day), 0), found.get(("closed", day), 0)) for day in days]


def _per_day(what: str, moment: Any, first: date, *, visible: ColumnElement[bool]) -> Any:
    day = cast(func.timezone("Asia/Shanghai", moment), Date)
    return (
        select(literal(what).label("what"), day.label("day"), func.count().label("many"))
        .where(moment >= _midnight(first), visible)
        .group_by(day)
    )


def _came(clerk: OnDuty) -> Any:
    return (
        select(func.count())
        .select_from(Slot)
        .join(Appointment, Appointment.slot_id == Slot.id)
        .where(
            Slot.centre_id.in_(_halls(clerk)),
            Slot.day == clock.today(),
            Appointment.status == AppointmentStatus.CHECKED_IN.value,
        )
    )


def _halls(clerk: OnDuty) -> Any:
    """The clerk's hall, or every hall; by name, so that the slots of other days are not read."""
    return select(Centre.id).where(true() if clerk.centre_id is None else Centre.id == clerk.centre_id)


def _owes() -> ColumnElement[bool]:
    return exists().where(Bill.case_id == Case.id, Bill.state == BillState.UNPAID.value)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)
