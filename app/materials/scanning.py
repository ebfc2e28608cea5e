"""Looking for viruses (病毒检查): the port, and what an answer means for a photo.

The upload itself is looked through before any decoder sees it; what a scanner could not tell then is asked
again about the photo that was made of it, which is all that anybody will ever be given.
"""

import threading
from collections.abc import Callable
from enum import StrEnum

# Whether bytes are clean; None: it could not be told, such as when the scanner is away. Never raises.
Scanner = Callable[[bytes], bool | None]


class Scan(StrEnum):
    """How it stands with a photo; while it is `unknown` no clerk gets it, `infected` ones nobody."""

    OFF = "off"
    CLEAN = "clean"
    UNKNOWN = "unknown"
    INFECTED = "infected"


# A scanner that takes connections and says nothing may keep so many requests waiting, and no more.
_PLACES = threading.BoundedSemaphore(4)

_scanner: Scanner | None = None


def wire(scanner: Scanner | None) -> None:
    """Set the scanner of this process; None: this city has none."""
    global _scanner  # noqa: PLW0603 - one scanner for the whole process
    _scanner = scanner


def look_through(content: bytes) -> Scan:
    """Ask the scanner about bytes; never call it inside a unit of work."""
    if _scanner is None:
        return Scan.OFF
    if not _PLACES.acquire(blocking=False):
        return Scan.UNKNOWN
    try:
        clean = _scanner(content)
    finally:
        _PLACES.release()
    if clean is None:
        return Scan.UNKNOWN
    return Scan.CLEAN if clean else Scan.INFECTED
