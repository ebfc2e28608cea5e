"""Reading what many guides say ahead of the first question (指标底数更新)."""

from sqlalchemy import text

from app import clock
from app.db import unit_of_work
from app.figures import facts


def follow_guides() -> int:
    """Bring the facts up to date (job), so that after a large import nobody's question waits for it."""
    with unit_of_work() as session:
        session.execute(text("SET LOCAL lock_timeout = 0"))
        return facts.refresh(session, now=clock.now())
