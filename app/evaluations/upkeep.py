"""Regular work on bad ratings (差评督办)."""

from app.db import unit_of_work
from app.evaluations import mending


def escalate_overdue() -> None:
    """Mark tickets that nobody answered in time for the supervisor (job). Safe to repeat."""
    while True:
        with unit_of_work() as session:
            found = mending.escalate(session)
        if not found:
            break
