"""Bookings that arrive together are made together (合并占号): a hot slot opens, hundreds tap in a second."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import crowds, idempotency
from app.appointments import places, right_hall
from app.appointments.bookable import bookable
from app.appointments.models import Visit
from app.crowds import Crowd
from app.errors import DomainError
from app.people import queries as people

_CREATED = 201


@dataclass(eq=False, kw_only=True)
class Tap(crowds.Tap):
    """One citizen's booking on its way: what is wished, and how the answer is written."""

    centre_id: str
    slot_id: int
    task_code: str
    visitor: str | None
    note: str | None
    render: Callable[[Visit], bytes]


def book(session: Session, taps: list[Tap]) -> list[tuple[Tap, idempotency.Answer]]:
    """Take the places and write the answers, of those that can be served."""
    ready = [(tap, wish) for tap in taps if (wish := _wish(session, tap)) is not None]
    ready = _in_their_district(session, ready)
    visits = places.take(session, [wish for _, wish in ready]) if ready else []
    return [
        (tap, idempotency.Answer(_CREATED, tap.render(visit)))
        for (tap, _), visit in zip(ready, visits, strict=True)
        if visit is not None
    ]


crowd = Crowd(book)


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
