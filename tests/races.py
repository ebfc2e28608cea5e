"""Real threads for tests of races (竞争)."""

import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import psycopg

from app import db
from app.errors import DomainError
from tests.patience import PATIENCE_S

T = TypeVar("T")

# Looks at who waits, and how often the same must be seen: some locks are held for a moment only.
_EVERY_S, _LOOKS = 0.02, 3
# Longer than whatever a test does between two meetings: a control must not need threads of equal speed.
_UNEVEN_S = 0.4
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND wait_event_type = 'Lock'
"""


@dataclass
class _Calls:
    """The calls of `together` that run now; `busy` are those that have not ended and are at no meeting."""

    change: threading.Condition = field(default_factory=threading.Condition)
    busy: int = 0


_calls = _Calls()


def together(*calls: Callable[[], T]) -> list[T | DomainError]:
    """Run calls in threads of their own; what each returned, or the refusal it met."""

    def run(call: Callable[[], T]) -> T | DomainError:
        try:
            return call()
        except DomainError as refusal:
            return refusal
        finally:
            with _calls.change:
                _calls.busy -= 1

    with _calls.change:
        _calls.busy += len(calls)
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


class Meeting:
    """A point at which threads wait for each other, each time they come, unless the others cannot come.

    A lock keeps them away, which the database's server says, or they have ended, or they wait at another
    meeting: nobody guesses how long to wait for them.
    """

    def __init__(self, parties: int = 2) -> None:
        self._parties = self._missing = parties
        self._met = 0  # how often

    def wait(self) -> None:
        """Meet, or go on alone; with YIMA_UNEVEN set, some time later."""
        self._meet()
        if "YIMA_UNEVEN" in os.environ:
            time.sleep(random.choice((0, _UNEVEN_S)))

    def _meet(self) -> None:
        with _calls.change:
            if self._missing == 1:
                self._met, self._missing = self._met + 1, self._parties
                _calls.busy += self._parties - 1  # at once, and not when each of them wakes up
                _calls.change.notify_all()
                return
            self._missing -= 1
            _calls.busy -= 1
            met, deadline = self._met, time.monotonic() + PATIENCE_S
            while self._met == met:
                if self._nobody_comes(met) or time.monotonic() > deadline:
                    self._missing += 1
                    _calls.busy += 1
                    return

    def _nobody_comes(self, met: int) -> bool:
        """Whether whoever could still come waits for a lock, and still does a moment later."""
        for _ in range(_LOOKS):
            _calls.change.wait(_EVERY_S)
            if self._met != met or waiting_for_a_lock() < min(self._missing, _calls.busy):
                return False
        return True


class Overtaking:
    """Somebody who has looked and not acted yet, and another who acts meanwhile, if nothing keeps them.

    Which of them is first shows where the first goes on. What their threads write down after a commit shows
    nothing: from then on both are free, and either may be quicker.
    """

    def __init__(self) -> None:
        self._looked, self._acted = Meeting(), Meeting()
        self._other_is_done = False
        self._overtaken: bool | None = None

    def dawdle(self) -> None:
        """What the first one does between looking and acting, where it comes there first."""
        if self._overtaken is None:
            self._looked.wait()
            self._acted.wait()
            self._overtaken = self._other_is_done

    def happens(self, first: Callable[[], object], other: Callable[[], object]) -> bool:
        """Run both, each in a thread; whether the other one was done before the first went on.

        Raises the refusal if one of them meets any.
        """

        def act() -> None:
            self._looked.wait()
            other()
            self._other_is_done = True
            self._acted.wait()

        for result in together(first, act):
            if isinstance(result, DomainError):
                raise result
        assert self._overtaken is not None, "the first one never dawdled"
        return self._overtaken


def waiting_for_a_lock() -> int:
    """How many connections to the database of the tests wait for one another."""
    address = db.engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        row = connection.execute(_WAITING).fetchone()
    return 0 if row is None else int(row[0])


def refusals(results: Sequence[object], kind: type[DomainError]) -> int:
    """How many of the results are refusals of a kind."""
    return sum(isinstance(result, kind) for result in results)
