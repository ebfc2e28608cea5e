"""Regular clearing-up at the desk (清理)."""

from app.db import unit_of_work
from app.desk import window


def forget_old() -> None:
    """Drop meetings that are over in small batches (job). Safe to repeat."""
    while True:
        with unit_of_work() as session:
            gone = window.forget_old(session)
        if not gone:
            break
