"""Regular work on complaints (诉求督办)."""

from app.complaints import service
from app.db import unit_of_work


def escalate_overdue() -> None:
    """Mark complaints that nobody answered in time for the supervisor (job). Safe to repeat."""
    while True:
        with unit_of_work() as session:
            found = service.escalate(session)
        if not found:
            break
