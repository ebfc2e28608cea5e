"""Regular work on sessions beside citizens (帮办到时结束)."""

from app.assistance import service
from app.db import unit_of_work


def close_over() -> None:
    """End what time has ended, in small batches (job), so that its citizen is told. Safe to repeat."""
    while True:
        with unit_of_work() as session:
            ended = service.close_over(session)
        if not ended:
            break
