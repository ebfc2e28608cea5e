"""Regular clearing-up among partners (清理)."""

from app.db import unit_of_work
from app.partners import service


def forget_old() -> None:
    """Drop nonces that nobody could use again (job). Safe to repeat."""
    with unit_of_work() as session:
        service.forget_nonces(session)
