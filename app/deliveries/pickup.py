"""The code with which a result is fetched (取件码): eight digits, at rest only as a keyed hash.

Its owner sees it whenever they look: it is made again from the delivery's own salt and a key of the city.
"""

import re
import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import tries
from app.crypto import blind_index
from app.db import unit_of_work
from app.deliveries.errors import PickUpTriedTooOften
from app.deliveries.models import Delivery, DeliveryState, PickUpTry

DIGITS: Final = 8
WINDOW = timedelta(minutes=15)
TRIES: Final = 10
# How many codes are tried before somebody is told that there is none.
_CODES: Final = 5
_SEPARATORS = re.compile(r"[\s-]+")


def renew(delivery: Delivery) -> None:
    """Give a delivery that is to wait at a hall a code of its own."""
    delivery.salt = secrets.token_hex(16)
    delivery.code_hash = _hash(code(delivery))


def wait(session: Session, delivery: Delivery) -> None:
    """Let a delivery wait under a code that no other waits under (待领取); of eight digits two may meet."""
    for left in reversed(range(_CODES)):
        try:
            with session.begin_nested():
                renew(delivery)
                delivery.state = DeliveryState.WAITING.value
        except IntegrityError as taken:
            if not left or "uq_deliveries_code" not in str(taken.orig):
                raise
        else:
            return


def code(delivery: Delivery) -> str:
    """The code of a delivery as its owner sees it."""
    made = blind_index(f"{delivery.id}\n{delivery.salt}", purpose="deliveries.code")
    return f"{int.from_bytes(made[:8]) % 10**DIGITS:0{DIGITS}d}"


def find(session: Session, *, typed: str, clerk_id: int, centre_id: str | None) -> Delivery | None:
    """The delivery that waits under a code at a hall, or None; wrong ones count, ten in fifteen minutes.

    The unit of work must be kept when None is returned, or the count is lost. Raises PickUpTriedTooOften.
    """
    if tries.count(session, PickUpTry, window=WINDOW, clerk_id=clerk_id) > TRIES:
        raise PickUpTriedTooOften(retry_after=int(WINDOW.total_seconds()))
    waiting = select(Delivery).where(
        Delivery.state == DeliveryState.WAITING.value,
        Delivery.code_hash == _hash(_SEPARATORS.sub("", typed)[:32]),
    )
    if centre_id is not None:
        waiting = waiting.where(Delivery.centre_id == centre_id)
    found = session.scalar(waiting)
    if found is not None:
        session.execute(delete(PickUpTry).where(PickUpTry.clerk_id == clerk_id))
    return found


def forget_tries() -> None:
    """Drop counts whose window is over (job)."""
    with unit_of_work() as session:
        tries.forget_over(session, PickUpTry, window=WINDOW)


def _hash(typed: str) -> bytes:
    return blind_index(typed, purpose="deliveries.lookup")
