"""What becomes of reserved names with nobody waiting (名称保留期); jobs may run twice, late, in parallel."""

from datetime import timedelta

from sqlalchemy import update

from app import clock, tries
from app.db import unit_of_work
from app.enterprises.events import NameEnding
from app.enterprises.models import NameCheckCount, NameReservation, NameState
from app.enterprises.reservations import WINDOW
from app.events import publish

WARNED_BEFORE = timedelta(days=7)
_KEPT = NameReservation.state == NameState.RESERVED.value


def watch_retention() -> None:
    """Warn whose name is kept for a week or less, once, and end what is over (job)."""
    today, now = clock.today(), clock.now()
    with unit_of_work() as session:
        session.execute(
            update(NameReservation)
            .where(_KEPT, NameReservation.expires_on < today)
            .values(state=NameState.ENDED)
        )
        warned = session.scalars(
            update(NameReservation)
            .where(
                _KEPT,
                NameReservation.expires_on <= today + WARNED_BEFORE,
                NameReservation.reminded_at.is_(None),
            )
            .values(reminded_at=now)
            .returning(NameReservation.id)
        ).all()
        for reservation_id in warned:
            publish(session, NameEnding(reservation_id))


def forget_counts() -> None:
    """Drop counts whose window is over (job)."""
    with unit_of_work() as session:
        tries.forget_over(session, NameCheckCount, window=WINDOW)
