"""Clearing papers that nobody names (清理无人引用的表格文件)."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import unit_of_work
from app.papers.models import Paper
from app.storage import storage

# Tells those of the given files that a room still needs.
Naming = Callable[[Session, Sequence[str]], set[str]]

_BATCH = 200
_LOOK_AGAIN = timedelta(days=1)
_naming: list[Naming] = []


def wire(rooms: Sequence[Naming]) -> None:
    """Name the rooms whose versions or drafts may need a file; called once by bootstrap."""
    _naming[:] = rooms


def clear() -> int:
    """Remove papers that no version and no draft names (job); how many. Late, twice and in parallel is fine.

    A paper is first given up in the database, so that no guide can name it; its note goes after its bytes, so
    that a crash between the two is made good by the next run.
    """
    cleared = 0
    while batch := _give_up():
        for _, key in batch:
            storage().delete(key)
        with unit_of_work() as session:
            session.execute(delete(Paper).where(Paper.id.in_([paper_id for paper_id, _ in batch])))
        cleared += len(batch)
    return cleared


def _give_up() -> list[tuple[int, str]]:
    """The next papers to remove: their ids and storage keys; those that are needed are looked at tomorrow.

    The rows are locked first and asked about afterwards: whoever publishes holds the row of each file it
    names, so what is published before our lock is seen, and what comes after it finds the paper given up.
    """
    now = clock.now()
    due = select(Paper).where(Paper.look_after < now).order_by(Paper.look_after, Paper.id).limit(_BATCH)
    removed: list[tuple[int, str]] = []
    with unit_of_work() as session:
        while not removed:
            papers = session.scalars(due.with_for_update(skip_locked=True)).all()
            if not papers:
                break
            stored = sorted({paper.sha256 for paper in papers if _may_be_named(paper)})
            needed = set().union(*(named(session, stored) for named in _naming)) if stored else set()
            kept = [paper.id for paper in papers if _may_be_named(paper) and paper.sha256 in needed]
            removed = [(paper.id, paper.storage_key) for paper in papers if paper.id not in set(kept)]
            later = update(Paper).where(Paper.id.in_(kept)).values(look_after=now + _LOOK_AGAIN)
            session.execute(later)
            given_up = [paper_id for paper_id, _ in removed]
            session.execute(update(Paper).where(Paper.id.in_(given_up)).values(given_up_at=now))
    return removed


def _may_be_named(paper: Paper) -> bool:
    return paper.stored_at is not None and paper.given_up_at is None
