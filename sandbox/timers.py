"""Time that a test can move, and work that waits for it."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

PARALLEL = 64
"""How many timers may run at once; a hung receiver must not hold up everybody else's callbacks."""


class Clock:
    """The stand-ins' own time: the machine's clock plus an offset that tests move.

    Two times, on purpose. `now()` is business time: expiry, windows, retry ladders, dates in messages.
    `wire()` is what signatures on requests carry: the machine's time, because the program under test
    reads that too; `skew` makes it wrong, as a badly kept server's would be.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._skew = timedelta()
        self._watchers: list[Callable[[], None]] = []

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of the machine's."""
        with self._lock:
            return self._offset

    def now(self) -> datetime:
        """Say the current moment (aware, UTC)."""
        return datetime.now(UTC) + self.offset

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds; due timers fire."""
        with self._lock:
            self._offset += timedelta(seconds=seconds)
        self._tell()

    def set(self, moment: datetime) -> None:
        """Make it this moment (aware) now; time runs on from there."""
        with self._lock:
            self._offset = moment - datetime.now(UTC)
        self._tell()

    def wire(self) -> datetime:
        """Say the moment to write beside a signature (aware, UTC)."""
        with self._lock:
            return datetime.now(UTC) + self._skew

    def set_skew(self, seconds: float) -> None:
        """Let signatures be this many seconds ahead of the truth."""
        with self._lock:
            self._skew = timedelta(seconds=seconds)

    def is_fresh(self, timestamp: float, within: float) -> bool:
        """Whether a signature's timestamp (Unix seconds) is at most `within` seconds off.

        A program whose own clock was moved along with this one signs with business time: while no
        skew is asked for, that is accepted too.
        """
        accepted = [self.wire()] if self._skew else [self.wire(), self.now()]
        return any(abs(each.timestamp() - timestamp) <= within for each in accepted)

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call the watcher whenever the clock has been moved."""
        self._watchers.append(watcher)

    def _tell(self) -> None:
        for watcher in self._watchers:
            watcher()


class Timers:
    """Run functions once the virtual clock has passed their moment.

    Due functions are started in the order of their moments, each in a thread of its own, so that a
    receiver that hangs delays nobody else. A function that raises is reported on stderr and forgotten.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._running = 0
        clock.watch(self._wake)
        threading.Thread(target=self._watch, name="timers", daemon=True).start()

    def after(self, seconds: float, function: Callable[[], object]) -> None:
        """Run the function once, when so many virtual seconds have passed."""
        self.at(self._clock.now() + timedelta(seconds=seconds), function)

    def at(self, moment: datetime, function: Callable[[], object]) -> None:
        """Run the function once, when the virtual clock has passed the moment (aware).

        A ladder that adds its steps to the moment that was due, not to the moment it ran, is walked
        whole by a single large step of the clock.
        """
        with self._changed:
            heapq.heappush(self._waiting, (moment, next(self._numbers), function))
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget what has not been started."""
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()

    def settle(self, within: float = 30.0) -> bool:
        """Wait until nothing is due and nothing runs; false when that takes longer than `within` s."""
        until = time.monotonic() + within
        with self._changed:
            while self._running or self._is_due():
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _is_due(self) -> bool:
        return bool(self._waiting) and self._waiting[0][0] <= self._clock.now()

    def _watch(self) -> None:
        while True:
            with self._changed:
                while self._running >= PARALLEL or not self._is_due():
                    self._changed.wait(self._seconds_to_wait())
                _, _, function = heapq.heappop(self._waiting)
                self._running += 1
            threading.Thread(target=self._run, args=(function,), daemon=True).start()

    def _seconds_to_wait(self) -> float | None:
        if not self._waiting or self._running >= PARALLEL:
            return None
        left = (self._waiting[0][0] - self._clock.now()).total_seconds()
        # threading refuses waits beyond some thirty years; an hour is as good as never here.
        return min(max(left, 0.0), 3600.0)

    def _run(self, function: Callable[[], object]) -> None:
        try:
            function()
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()
