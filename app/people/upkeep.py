"""Regular clearing-up among people's short-lived rows (清理)."""

from app.db import unit_of_work
from app.people import sessions, sms_codes


def forget_old() -> None:
    """Drop ended sessions and old SMS codes in small batches (job). Safe to repeat."""
    for forget in (sessions.forget_old, sms_codes.forget_old):
        while True:
            with unit_of_work() as session:
                gone = forget(session)
            if not gone:
                break
