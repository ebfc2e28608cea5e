"""Real threads for tests of races (竞争)."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.errors import DomainError

T = TypeVar("T")


def together(*calls: Callable[[], T]) -> list[T | DomainError]:
    """Run calls in threads of their own; what each returned, or the refusal it met."""

    def run(call: Callable[[], T]) -> T | DomainError:
        try:
            return call()
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


class Meeting:
    """A point at which threads wait for each other, though not for ever: a lock may keep one away."""

    def __init__(self, parties: int = 2, *, seconds: float = 0.5) -> None:
        self._barrier = threading.Barrier(parties)
        self._seconds = seconds

    def wait(self) -> None:
        """Meet, or go on alone."""
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(self._seconds)


def refusals(results: Sequence[object], kind: type[DomainError]) -> int:
    """How many of the results are refusals of a kind."""
    return sum(isinstance(result, kind) for result in results)
