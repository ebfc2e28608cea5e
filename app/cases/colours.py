"""How near the limit of a case is, as a colour with words (黄牌、红牌): R028.

Told in working days even where the limit runs in natural days, since clerks have no others to work in: one
that ends on a Sunday has to be done by Friday. Today is not counted among the days that are left.
"""

from datetime import date
from enum import StrEnum

from app.cases import counting
from app.centres.working_days import WorkCalendar

YELLOW_DAYS, RED_DAYS = 2, 1


class Colour(StrEnum):
    """Green: time enough. Yellow: two working days left. Red: one or none. Then over, or standing still."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    OVERDUE = "overdue"
    STANDING = "standing"


TEXTS = {
    Colour.GREEN: "正常",
    Colour.YELLOW: "黄色预警",
    Colour.RED: "红色预警",
    Colour.OVERDUE: "已超期",
    Colour.STANDING: "时限暂停",
}


def colour(last: date | None, *, today: date, calendar: WorkCalendar) -> Colour:
    """The colour of a limit that ends with `last`; None: no limit runs."""
    if last is None:
        return Colour.STANDING
    if last < today:
        return Colour.OVERDUE
    if last <= counting.horizon(calendar, today=today, left=RED_DAYS):
        return Colour.RED
    return (
        Colour.YELLOW if last <= counting.horizon(calendar, today=today, left=YELLOW_DAYS) else Colour.GREEN
    )


def words(last: date | None, *, today: date, calendar: WorkCalendar) -> str:
    """The colour and how much is left, as a clerk says it: 黄色预警，还有2个工作日."""
    found = colour(last, today=today, calendar=calendar)
    if last is None or found is Colour.STANDING:
        return TEXTS[found]
    if found is Colour.OVERDUE:
        return f"{TEXTS[found]}{(today - last).days}天"
    left = counting.days_left(calendar, last, today=today)
    if last == today:
        return f"{TEXTS[found]}，今天到期"
    return f"{TEXTS[found]}，还有{left}个工作日" if left else f"{TEXTS[found]}，今天是最后一个工作日"
