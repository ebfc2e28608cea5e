"""How long an archive is kept (保管期限): for ever, 30 or 10 years, by item.

《政务服务事项电子文件归档规范》DA/T 85-2019 and 国家档案局令第8号: 永久、30年、10年.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final


class Retention(StrEnum):
    """For how long."""

    PERMANENT = "permanent"
    YEARS_30 = "30"
    YEARS_10 = "10"


TEXTS: Final[Mapping[Retention, str]] = {
    Retention.PERMANENT: "永久",
    Retention.YEARS_30: "30年",
    Retention.YEARS_10: "10年",
}
# Where a guide says nothing: long enough for whatever may still be asked.
_USUAL: Final = Retention.YEARS_30


def of_item(body: Mapping[str, Any]) -> Retention:
    """What the guide says, else 30 years."""
    return Retention(str(body.get("retention") or _USUAL))


def until(retention: Retention, *, closed_on: date) -> date | None:
    """The last day: the time is counted from 1 January of the year after the case was closed."""
    if retention is Retention.PERMANENT:
        return None
    return date(closed_on.year + int(retention.value), 12, 31)
