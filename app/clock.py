"""The one clock (时钟): aware UTC inside, Asia/Shanghai at the edges; tests may move it."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _source()


def today() -> date:
    """The date a clerk reads on the wall: Asia/Shanghai."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on a clock in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)


@contextlib.contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """The clock stands still at an aware moment (for tests and replays)."""
    with _from(lambda: moment.astimezone(UTC)):
        yield


@contextlib.contextmanager
def shifted_by(distance: timedelta) -> Iterator[None]:
    """The clock runs, but earlier or later by a distance (for tests and replays)."""
    with _from(lambda: _system() + distance):
        yield


@contextlib.contextmanager
def _from(source: Callable[[], datetime]) -> Iterator[None]:
    global _source  # noqa: PLW0603 - one clock for the whole process, all its threads included
    before = _source
    _source = source
    try:
        yield
    finally:
        _source = before
