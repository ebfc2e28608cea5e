"""Time at the platforms' edge: an injected clock, and the one zone both platforms write."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Clock = Callable[[], datetime]

# Fixed, not a zone name: China keeps no summer time, and a slim container has no zone database.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def utc_now() -> datetime:
    """Tell the time (aware, UTC)."""
    return datetime.now(UTC)
