"""Regular clearing-up among checklists (清理)."""

from app.checklists import service
from app.db import unit_of_work


def forget_old() -> None:
    """Drop checklists that are over, in small batches (job). Safe to repeat."""
    gone = 1
    while gone:
        with unit_of_work() as session:
            gone = service.forget_old(session)
