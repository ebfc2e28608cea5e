"""Walking a ladder of callbacks (回调阶梯), rung by rung."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from .conftest import Door, StandIn

SHORTLY = timedelta(seconds=5)


def walked(
    stand_in: StandIn, door: Door, begin: Callable[[], object], *, ladder: Sequence[int]
) -> list[tuple[int, int]]:
    """How many knocks there were shortly before each rung, and when its time had come; seconds between rungs.

    Every moment is set, none is added to the one before: the stand-in's clock goes on meanwhile as well.
    """
    before = _settled(stand_in)
    begin()
    after, found = _settled(stand_in), list[tuple[int, int]]()
    for seconds in accumulate(ladder):
        due = timedelta(seconds=seconds)
        found.append((_at(stand_in, door, before + due - SHORTLY), _at(stand_in, door, after + due)))
    return found


def _at(stand_in: StandIn, door: Door, moment: datetime) -> int:
    stand_in.sim("/clock", set=moment.isoformat())
    return len(door.all())


def _settled(stand_in: StandIn) -> datetime:
    """The stand-in's moment, once everything that was due has been done."""
    return datetime.fromisoformat(stand_in.sim("/clock", advance_s=0)["now"])
