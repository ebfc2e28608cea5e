"""When a hall is open (开放时间): the city's hours, a centre's own, holidays, make-up days, weekend shift."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app import clock
from app.centres.working_days import WorkCalendar

Opening = tuple[datetime, datetime]

_SATURDAY = 6
_MONDAY = "1"
# No hall is shut longer at a stretch; one that is gives no time instead of a wrong one.
_LOOK_AHEAD_DAYS = 40


def on_shift(day: date, calendar: WorkCalendar) -> bool:
    """Whether only the weekend shift works on this day (周末轮值): a weekend that is no make-up day."""
    return day.isoweekday() >= _SATURDAY and not calendar.is_working_day(day)


def openings(hours: Mapping[str, Sequence[Any]], day: date, calendar: WorkCalendar) -> list[Opening]:
    """The stretches in which a hall with these hours is open on a day, in UTC; none on a holiday.

    A make-up day, which is always a Saturday or Sunday, has the hours of a Monday.
    """
    if calendar.is_holiday(day):
        return []
    made_up = day.isoweekday() >= _SATURDAY and calendar.is_working_day(day)
    stretches = hours.get(_MONDAY if made_up else str(day.isoweekday()), ())
    return [(_moment(day, opens), _moment(day, closes)) for opens, closes in stretches]


def is_open_at(hours: Mapping[str, Sequence[Any]], at: datetime, calendar: WorkCalendar) -> bool:
    """Whether a hall with these hours is open at this moment."""
    return any(opens <= at < closes for opens, closes in openings(hours, clock.local(at).date(), calendar))


def closes_at(hours: Mapping[str, Sequence[Any]], at: datetime, calendar: WorkCalendar) -> datetime | None:
    """When the stretch ends in which a hall is open at this moment; None when it is closed."""
    today = openings(hours, clock.local(at).date(), calendar)
    return next((closes for opens, closes in today if opens <= at < closes), None)


def opens_next(
    hours: Mapping[str, Sequence[Any]],
    after: datetime,
    *,
    calendar: WorkCalendar,
    works: Callable[[date], bool] = lambda _: True,
) -> datetime | None:
    """The next moment after this one at which a hall opens, on a day on which it `works`.

    None when that is further off than any hall is ever shut.
    """
    today = clock.local(after).date()
    for ahead in range(_LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        if works(day):
            later = [opens for opens, _ in openings(hours, day, calendar) if opens > after]
            if later:
                return later[0]
    return None


def _moment(day: date, clock_time: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock_time), clock.SHANGHAI).astimezone(UTC)
