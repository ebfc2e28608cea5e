"""Regular clearing-up among bundles (清理)."""

from app.bundles import lists
from app.db import unit_of_work


def forget_old_lists() -> None:
    """Drop lists that are over, in small batches (job). Safe to repeat."""
    gone = 1
    while gone:
        with unit_of_work() as session:
            gone = lists.forget_old(session)
