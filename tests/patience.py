"""Waiting for what comes in its own time (等待): a slow machine is no fault of the code."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

PATIENCE_S = 120.0


def until(look: Callable[[], Seen], *, every: float = 0.02) -> Seen:
    """What there is to see as soon as there is something; after PATIENCE_S whatever there is then."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(every)
    return look()
