"""How times, days and money are written for a clerk (显示格式)."""

from collections.abc import Callable
from datetime import date, datetime

from app import clock


def moment(value: datetime) -> str:
    """A moment to the minute in Asia/Shanghai; the year only when it is another one."""
    local = clock.local(value)
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d %H:%M}"


def second(value: datetime) -> str:
    """A moment to the second in Asia/Shanghai, with its year."""
    return f"{clock.local(value):%Y-%m-%d %H:%M:%S}"


def hour(value: datetime) -> str:
    """The time of day in Asia/Shanghai."""
    return f"{clock.local(value):%H:%M}"


def day(value: date) -> str:
    """A whole date."""
    return f"{value:%Y-%m-%d}"


def weekday(value: date) -> str:
    """A date as it is said: 11月16日 星期一."""
    return f"{value.month}月{value.day}日 星期{'一二三四五六日'[value.weekday()]}"


def left(days: int) -> str:
    """How far a limit is: 还有3天, 今天到期, 超1天."""
    if days == 0:
        return "今天到期"
    return f"还有{days}天" if days > 0 else f"超{-days}天"


def days_until(value: date) -> int:
    """Days from today, negative when it is past."""
    return (value - clock.today()).days


def today() -> date:
    """The date on the wall."""
    return clock.today()


def yuan(amount_fen: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


FILTERS: dict[str, Callable[..., str | int | date]] = {
    "moment": moment,
    "second": second,
    "hour": hour,
    "day": day,
    "weekday": weekday,
    "left": left,
    "days_until": days_until,
    "today": today,
    "yuan": yuan,
}
