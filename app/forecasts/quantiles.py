"""What share of cases were done by when (分位数); pure, on whole working days."""

from collections.abc import Sequence
from math import ceil

# Fewer cases say too little to promise anything by.
FEWEST, MOST = 20, 100
HALF, NINE_TENTHS = 50, 90
# From this share on a case is marked: more than half of those like it came too late.
_TOO_LIKELY = 50


def quantile(days: Sequence[int], percent: int) -> int:
    """The fewest days by which at least so many percent were done; `days` in ascending order, not empty.

    The nearest rank: always the days of a real case, never a number between two.
    """
    return days[max(ceil(len(days) * percent / 100), 1) - 1]


def late_percent(days: Sequence[int], *, elapsed: int, limit: int) -> int:
    """Of the cases that took at least so long, how many percent were over a limit.

    A case that takes longer than every one before it has nothing to hope by: 100.
    """
    still_running = [each for each in days if each >= elapsed]
    if not still_running:
        return 100
    return 100 * sum(each > limit for each in still_running) // len(still_running)


def too_likely(percent: int) -> bool:
    """Whether a case is marked by the share of those like it that were late (预计超期)."""
    return percent > _TOO_LIKELY
