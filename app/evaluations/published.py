"""The public numbers (公开指标), counted once a minute: anybody may ask, and counting reads every ticket."""

import threading
import time

from sqlalchemy.orm import Session

from app.evaluations import queries
from app.evaluations.queries import Summary

KEPT_S = 60.0


class Published:
    """What was counted last, for one process. One thread counts; others take what is known meanwhile."""

    def __init__(self) -> None:
        self._counting = threading.Lock()
        self._known: Summary | None = None
        self._count_at = 0.0

    def summary(self, session: Session) -> Summary:
        """The numbers, at most a minute old."""
        known = self._known
        if known is not None and (time.monotonic() < self._count_at or self._counting.locked()):
            return known
        with self._counting:
            if self._known is None or time.monotonic() >= self._count_at:
                self._known = queries.summary(session)
                self._count_at = time.monotonic() + KEPT_S
            return self._known

    def forget(self) -> None:
        """Count anew when next asked."""
        with self._counting:
            self._known = None


numbers = Published()
