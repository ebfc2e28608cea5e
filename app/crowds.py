"""Taps that arrive together are worked on together (合并处理): one transaction, one commit (ADR 7).

One at a time they would queue for the same rows, for the disk and for this process; each would hold a
connection meanwhile, and everybody else would wait for one. So the first tap of a process leads: it takes
along whoever arrives while the transaction before it runs. A tap alone waits for nobody. Only what goes well
is answered here; whoever cannot be served is left to do it alone and to be told why.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import idempotency
from app.crypto import UnreadableError
from app.db import unit_of_work
from app.errors import DomainError

log = logging.getLogger(__name__)

_MOST = 64
# Longer than any lock is waited for. Who gives up and does it alone meets the key still taken.
_PATIENCE_S = 10.0
# What one tap may come to grief by: that is its own, and not for whoever happens to lead to be told.
_TROUBLE = (
    *(DomainError, SQLAlchemyError, UnreadableError),
    *(ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)


@dataclass(eq=False, kw_only=True)
class Tap:
    """One citizen's wish on its way: whose it is, and the key under which its answer is kept."""

    claim: idempotency.Claim
    citizen_id: int
    answer: idempotency.Answer | None = None
    leads: bool = False
    woken: threading.Event = field(default_factory=threading.Event)


T = TypeVar("T", bound=Tap)


class Crowd(Generic[T]):
    """Those who tap the same at the same time in this process.

    `serve` does what they wish, in a unit of work that holds their keys, and answers those for whom all goes
    well.
    """

    def __init__(self, serve: Callable[[Session, list[T]], Sequence[tuple[T, idempotency.Answer]]]) -> None:
        self._serve = serve
        self._lock = threading.Lock()
        self._waiting: deque[T] = deque()
        self._led = False

    def join(self, tap: T) -> idempotency.Answer | None:
        """Be served with whoever else is there; None: this tap has to go alone. Not within a unit of work."""
        with self._lock:
            self._waiting.append(tap)
            tap.leads = not self._led
            self._led = True
        if not tap.leads and not tap.woken.wait(_PATIENCE_S) and not self._leads_after_all(tap):
            return None
        if tap.leads:
            self._lead(tap)
        return tap.answer

    def _lead(self, tap: T) -> None:
        """Work for the next ones and hand over, whatever happens."""
        batch = self._next_batch(tap)
        try:
            self._work(batch)
        finally:
            self._hand_over(batch)

    def _next_batch(self, leader: T) -> list[T]:
        """The leader and those behind, one tap of each citizen."""
        with self._lock:
            self._waiting.remove(leader)
            batch, left = [leader], deque[T]()
            citizens = {leader.citizen_id}
            while self._waiting:
                tap = self._waiting.popleft()
                if len(batch) < _MOST and tap.citizen_id not in citizens:
                    batch.append(tap)
                    citizens.add(tap.citizen_id)
                else:
                    left.append(tap)
            self._waiting = left
            return batch

    def _hand_over(self, batch: list[T]) -> None:
        """Wake those who were served before whoever leads next: the next batch grows meanwhile."""
        for tap in batch[1:]:
            tap.woken.set()
        with self._lock:
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].leads = True
                self._waiting[0].woken.set()

    def _leads_after_all(self, tap: T) -> bool:
        """Whether a tap that has lost patience was woken at the last moment; else it leaves the queue."""
        with self._lock:
            if not tap.woken.is_set() and tap in self._waiting:
                self._waiting.remove(tap)
            return tap.woken.is_set()

    def _work(self, batch: list[T]) -> None:
        """Answer those of the batch for whom all goes well; the others have no answer afterwards."""
        try:
            with unit_of_work() as session:
                answers = self._answers(session, batch)
        except _TROUBLE as error:
            refused = {"taps": len(batch), "what": batch[0].claim.route, "error": type(error).__name__}
            log.warning("served_apart", extra=refused, exc_info=True)
            return
        for tap, answer in answers:
            tap.answer = answer

    def _answers(self, session: Session, batch: list[T]) -> Sequence[tuple[T, idempotency.Answer]]:
        """Take the keys, do the work and keep the answers."""
        found = idempotency.begin_all(session, [tap.claim for tap in batch])
        ready = [tap for tap, earlier in zip(batch, found, strict=True) if earlier is None]
        answers = self._serve(session, ready) if ready else ()
        if answers:
            idempotency.keep_all(session, [(tap.claim, answer) for tap, answer in answers])
        return answers
