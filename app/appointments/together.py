"""Bookings that arrive together are made together (合并占号): one transaction, one commit, one lock.

When a hot slot opens, hundreds tap within a second. One at a time they would queue for the slot's row and for
the disk; each would hold a connection meanwhile, and everybody else would wait for one. So the first tap of
a process leads: it takes along whoever arrives while the transaction before it runs. A tap alone waits for
nobody. Only what goes well is answered here; whoever cannot be served is left to do it alone and to be told
why.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import idempotency
from app.appointments import places, right_hall
from app.appointments.bookable import bookable
from app.appointments.models import Visit
from app.db import unit_of_work
from app.errors import DomainError
from app.people import queries as people

log = logging.getLogger(__name__)

_MOST = 64
_CREATED = 201
# Longer than any lock is waited for. Who gives up and does it alone meets the key still taken.
_PATIENCE_S = 10.0


@dataclass(eq=False)
class Tap:
    """One citizen's booking on its way: whose key it is, what is wished, and how the answer is written."""

    claim: idempotency.Claim
    citizen_id: int
    centre_id: str
    slot_id: int
    task_code: str
    visitor: str | None
    note: str | None
    render: Callable[[Visit], bytes]
    answer: idempotency.Answer | None = None
    leads: bool = False
    woken: threading.Event = field(default_factory=threading.Event)


class Crowd:
    """Those who tap at the same time in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Tap] = deque()
        self._led = False

    def book(self, tap: Tap) -> idempotency.Answer | None:
        """Book with whoever else is there; None when this tap has to go alone. Not within a unit of work."""
        with self._lock:
            self._waiting.append(tap)
            tap.leads = not self._led
            self._led = True
        if not tap.leads and not tap.woken.wait(_PATIENCE_S) and not self._leads_after_all(tap):
            return None
        if tap.leads:
            self._lead(tap)
        return tap.answer

    def _lead(self, tap: Tap) -> None:
        """Book for the next ones and hand over, whatever happens."""
        batch = self._next_batch(tap)
        try:
            _book(batch)
        finally:
            self._hand_over(batch)

    def _next_batch(self, leader: Tap) -> list[Tap]:
        """The leader and those behind, one tap of each citizen."""
        with self._lock:
            self._waiting.remove(leader)
            batch, left = [leader], deque[Tap]()
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

    def _hand_over(self, batch: list[Tap]) -> None:
        with self._lock:
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].leads = True
                self._waiting[0].woken.set()
        for tap in batch[1:]:
            tap.woken.set()

    def _leads_after_all(self, tap: Tap) -> bool:
        """Whether a tap that has lost patience was woken at the last moment; else it leaves the queue."""
        with self._lock:
            if not tap.woken.is_set() and tap in self._waiting:
                self._waiting.remove(tap)
            return tap.woken.is_set()


crowd = Crowd()


def _book(batch: list[Tap]) -> None:
    """Answer those of the batch for whom all goes well; the others have no answer afterwards."""
    try:
        with unit_of_work() as session:
            answers = _answers(session, batch)
    except (DomainError, SQLAlchemyError) as error:
        log.warning("booked_apart", extra={"taps": len(batch), "error": type(error).__name__})
        return
    for tap, answer in answers:
        tap.answer = answer


def _answers(session: Session, batch: list[Tap]) -> list[tuple[Tap, idempotency.Answer]]:
    """Take the keys and the places, write the answers and keep them."""
    found = idempotency.begin_all(session, [tap.claim for tap in batch])
    ready = [
        (tap, wish)
        for tap, earlier in zip(batch, found, strict=True)
        if earlier is None and (wish := _wish(session, tap)) is not None
    ]
    ready = _in_their_district(session, ready)
    visits = places.take(session, [wish for _, wish in ready]) if ready else []
    answers = [
        (tap, idempotency.Answer(_CREATED, tap.render(visit)))
        for (tap, _), visit in zip(ready, visits, strict=True)
        if visit is not None
    ]
    if answers:
        idempotency.keep_all(session, [(tap.claim, answer) for tap, answer in answers])
    return answers


def _in_their_district(
    session: Session, ready: list[tuple[Tap, places.Wish]]
) -> list[tuple[Tap, places.Wish]]:
    """Without those whose own district alone handles the item, at another one's hall: they are told alone."""
    bound = [tap.citizen_id for tap, wish in ready if wish.item.own_district and tap.visitor is None]
    known = people.districts(session, citizen_ids=bound) if bound else {}
    if not known:
        return ready
    asked = {
        tap.citizen_id: (tap.centre_id, known[tap.citizen_id])
        for tap, wish in ready
        if wish.item.own_district and tap.visitor is None and tap.citizen_id in known
    }
    fitting = right_hall.fitting(session, list(asked.values()))
    return [
        (tap, wish) for tap, wish in ready if tap.citizen_id not in asked or asked[tap.citizen_id] in fitting
    ]


def _wish(session: Session, tap: Tap) -> places.Wish | None:
    """What the tap wishes; None when it cannot be as it is."""
    try:
        item = bookable(session, task_code=tap.task_code)
        item.check(centre_id=tap.centre_id)
    except DomainError:
        return None
    return places.Wish(tap.citizen_id, tap.slot_id, tap.centre_id, item, tap.visitor, tap.note)
