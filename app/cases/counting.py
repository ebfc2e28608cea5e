"""Counting a limit with its pauses and its extension (时限的计算); pure, dates and a calendar alone.

行政许可法第四十五条: a special procedure is not counted. A pause takes out the days after the one on which it
began, up to the day on which it ended, that one included; of a limit in working days only working days
(第八十二条), of one in natural days every day. Whoever pauses on the very last day has not used that day up:
the limit moves by the days inside all the same, to the day of the return.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from app.centres.working_days import Due, Pause, Unit, WorkCalendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """How long something may take: days of a unit, and working days by which it was extended (延长)."""

    days: int
    unit: Unit
    more: int = 0


def due(calendar: WorkCalendar, start: date, span: Span, *, pauses: Collection[Pause] = ()) -> Due:
    """The last day of a limit that runs from the day after `start`.

    `pauses` are pairs of the day on which one began and the day on which it ended, in any order. Raises
    ValueError for a pause that ends before it begins.
    """
    if any(ended < began for began, ended in pauses):
        raise ValueError("a pause must not end before it begins")
    out = [(began + _DAY, ended) for began, ended in pauses if ended > began]
    found = calendar.due(start, span.days, unit=span.unit, pauses=out)
    last, unit = found.on, span.unit
    provisional = found.provisional
    if span.more:
        longer = calendar.due(last, span.more, unit="WORKDAY", pauses=out)
        last, unit, provisional = longer.on, "WORKDAY", provisional or longer.provisional
    # In the order of their days, so that a last day that was moved meets the later pauses.
    for began, ended in sorted(pauses):
        if began == last:
            inside = (began + each * _DAY for each in range(1, (ended - began).days + 1))
            last = max((day for day in inside if unit == "DAY" or calendar.is_working_day(day)), default=last)
    provisional = provisional or (unit == "WORKDAY" and last.year not in calendar.published)
    return Due(last, provisional)


def days_left(calendar: WorkCalendar, last: date, *, today: date) -> int:
    """Working days after today up to the last day (剩余工作日); what is past has none."""
    day, left = today, 0
    while day < last:
        day += _DAY
        left += calendar.is_working_day(day)
    return left


def horizon(calendar: WorkCalendar, *, today: date, left: int) -> date:
    """The latest last day of which no more than `left` working days are left."""
    return calendar.due(today, left + 1, unit="WORKDAY").on - _DAY
