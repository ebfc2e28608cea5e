"""Time at the platforms' edge: an injected clock, and the one zone both platforms write."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Clock = Callable[[], datetime]

# Fixed, not a zone name: China keeps no summer time, and a slim container has no zone database.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def as_utc(moment: datetime) -> datetime:
    """Turn an aware moment into UTC. Raises ValueError for one without a zone or beyond the calendar."""
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a moment beyond the calendar") from None


def utc_now() -> datetime:
    """Tell the time (aware, UTC)."""
    return datetime.now(UTC)
