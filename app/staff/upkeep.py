"""Regular clearing-up among clerks' short-lived rows (清理)."""

from app.db import unit_of_work
from app.staff import sessions, signing_in


def forget_old() -> None:
    """Drop ended sessions and old sign-in attempts in small batches (job). Safe to repeat."""
    for forget in (sessions.forget_old, signing_in.forget_old):
        while True:
            with unit_of_work() as session:
                gone = forget(session)
            if not gone:
                break
