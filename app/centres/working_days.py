"""Working days (工作日): holidays, make-up days, due dates and their pauses.

Weekends are off and other days are worked, except where the State Council's yearly notice says otherwise.
A year without a notice is provisional: weekends and the statutory days that are known are off.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.centres.models import CalendarDay, CalendarYear, DayKind

Unit = Literal["WORKDAY", "DAY"]
Pause = tuple[date, date]

_DAY = timedelta(days=1)
_SATURDAY = 6
_CACHED = "app.centres.calendar"
_DAYS = select(CalendarDay.day, CalendarDay.kind, CalendarDay.name)
_YEARS = select(CalendarYear.year, CalendarYear.published)
# 全国年节及纪念日放假办法 (2024): the statutory days of the solar calendar, known for every year.
_SOLAR = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class Due:
    """A due date; `provisional` when it rests on a year whose holidays are not published yet."""

    on: date
    provisional: bool


@dataclass(frozen=True)
class WorkCalendar:
    """The days on which the city works."""

    off: dict[date, str]
    make_up: frozenset[date]
    known: frozenset[int]
    published: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Whether clerks work on this day."""
        if day in self.make_up:
            return True
        return day.isoweekday() < _SATURDAY and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        """Whether the day is off by name, weekends aside (放假)."""
        return day in self.off or (day.year not in self.known and (day.month, day.day) in _SOLAR)

    def working_days_from(self, day: date) -> Iterator[date]:
        """The working days from this day on, this day included."""
        while True:
            if self.is_working_day(day):
                yield day
            day += _DAY

    def due(self, start: date, days: int, *, unit: Unit, pauses: Sequence[Pause] = ()) -> Due:
        """The end of the n-th day after the start day, not counting days inside a pause.

        `days` is at least 0 (the start day itself); `pauses` are pairs of first and last day, both inside.
        In working days only working days count, inside pauses too, so a pause over a holiday adds nothing.
        Raises ValueError for a negative number or a pause that ends before it begins.
        """
        if days < 0 or any(last < first for first, last in pauses):
            raise ValueError("days must not be negative, and a pause must not end before it begins")
        day = start
        while days:
            day += _DAY
            counts = unit == "DAY" or self.is_working_day(day)
            if counts and not any(first <= day <= last for first, last in pauses):
                days -= 1
        years = range(start.year, day.year + 1)
        return Due(day, unit == "WORKDAY" and not self.published.issuperset(years))


def calendar(session: Session) -> WorkCalendar:
    """The city's calendar; read once per unit of work."""
    found: WorkCalendar | None = session.info.get(_CACHED)
    if found is None:
        found = session.info[_CACHED] = _read(session)
    return found


def forget(session: Session) -> None:
    """Have the calendar read again in this unit of work, after it has been changed."""
    session.info.pop(_CACHED, None)


def is_open(session: Session, *, day: date) -> bool:
    """Whether the city's offices work on this day (2026-10-08 yes, 2026-10-01 no)."""
    return calendar(session).is_working_day(day)


def due_date(session: Session, *, start: date, days: int, unit: Unit, pauses: Sequence[Pause] = ()) -> date:
    """The last day of a time limit (期限届满日): see `WorkCalendar.due`."""
    return calendar(session).due(start, days, unit=unit, pauses=pauses).on


def _read(session: Session) -> WorkCalendar:
    off: dict[date, str] = {}
    make_up: set[date] = set()
    for day, kind, name in session.execute(_DAYS):
        if kind == DayKind.MAKE_UP:
            make_up.add(day)
        else:
            off[day] = name
    years = session.execute(_YEARS).all()
    return WorkCalendar(
        off,
        frozenset(make_up),
        known=frozenset(year for year, _ in years),
        published=frozenset(year for year, published in years if published),
    )
