"""Until when the office must say what is missing (告知期限), and what follows from its silence (视为受理).

《行政许可法》第三十二条: what is missing is told at once or within five days, all of it in one notice; who
says nothing has accepted the application from the day it was received. How many days there are is
published in the guide (`app.catalogue.telling_days`). What an applicant was asked for and hands in is
received on that day, so the days run anew from it: the law lets the office look at what it asked
for, and lets it ask nothing more.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from app import clock
from app.cases.models import Case
from app.centres import working_days


def due_on(session: Session, *, received: datetime, days: int) -> date:
    """The last day on which a correction may be asked for, in Asia/Shanghai; `days` are working days."""
    start = clock.local(received).date()
    return working_days.due_date(session, start=start, days=days, unit="WORKDAY")


def is_over(case: Case) -> bool:
    """Whether the office was silent for too long about a case that was handed in."""
    return deemed_at(case, today=clock.today()) is not None


def deemed_at(case: Case, *, today: date) -> datetime | None:
    """The moment at which silence accepted a case: the end of its last day; None while that is to come."""
    last_day = case.notice_due_on
    if last_day is None or today <= last_day:
        return None
    return datetime.combine(last_day + timedelta(days=1), time(), clock.SHANGHAI)


def days_left(session: Session, case: Case) -> int | None:
    """Working days that the office has left to say what is missing, today not counted; None: no day runs."""
    if case.notice_due_on is None:
        return None
    calendar, today = working_days.calendar(session), clock.today()
    ahead = range(1, (case.notice_due_on - today).days + 1)
    return sum(calendar.is_working_day(today + timedelta(days=day)) for day in ahead)


def sentence(case: Case) -> str:
    """That and from when a case counts as accepted, for whoever follows it."""
    return (
        f"部门到{case.notice_due_on:%Y年%m月%d日}没有告知需要补正，申请依法自收到之日"
        f"（{clock.local(case.received_at):%Y年%m月%d日}）起视为受理"
        if case.received_at is not None
        else ""
    )
