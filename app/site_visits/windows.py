"""The times of a day at which visits begin and end (上门时间段); pure.

Whole stretches and no free times: two trips of one clerk either fall into the same stretch or do not meet,
which a unique index can tell.
"""

from datetime import date, datetime, time

from app import clock

WINDOWS = {
    1: (time(9, 0), time(10, 30)),
    2: (time(10, 30), time(12, 0)),
    3: (time(14, 0), time(15, 30)),
    4: (time(15, 30), time(17, 0)),
}
TEXTS = {part: f"{begins:%H:%M}到{ends:%H:%M}" for part, (begins, ends) in WINDOWS.items()}


def starts_at(day: date, part: int) -> datetime:
    """When a stretch begins, in Asia/Shanghai."""
    return datetime.combine(day, WINDOWS[part][0], clock.SHANGHAI)


def ends_at(day: date, part: int) -> datetime:
    """When it ends."""
    return datetime.combine(day, WINDOWS[part][1], clock.SHANGHAI)


def said(day: date, part: int) -> str:
    """A time as people say it, such as 2026年11月23日（周一）14:00到15:30."""
    return f"{day:%Y年%m月%d日}（周{'一二三四五六日'[day.weekday()]}）{TEXTS[part]}"
