"""Working through rows whose outcome another system knows (逐条核对): none holds up the others."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import Update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.crypto import UnreadableError
from app.db import Session, unit_of_work

log = logging.getLogger(__name__)

Row = TypeVar("Row")

# Our word for a receipt whose number another row has already.
RECEIPT_REUSED: Final = "receipt_reused"


def one_by_one(
    claim: Callable[[Session], Row | None], settle: Callable[[Row], bool], *, kind: str, at_most: int
) -> int:
    """Claim a row and commit, settle it, and go on to the next; how many were claimed.

    `settle` says whether the other system answered. Once it does not, the rest keep their moment for the next
    run: a system that hangs costs one time-out, and no worker waits for it row after row. What the database
    refuses about one row, or nobody can open, is logged, and the row is asked about again when its next
    moment comes: so `claim` opens nothing that is encrypted.
    """
    for done in range(at_most):
        with unit_of_work() as session:
            row = claim(session)
        if row is None:
            return done
        try:
            answered = settle(row)
        except (SQLAlchemyError, UnreadableError):
            log.exception("answer_not_kept", extra={"kind": kind})
            answered = True
        if not answered:
            return done + 1
    return at_most


def receipt_is_kept(session: Session, write: Update) -> bool:
    """Write a receipt down; False where its number is another row's (回执编号重复), and nothing is written.

    Asking again would bring the same number: whoever calls says so to a person instead.
    """
    try:
        with session.begin_nested():
            session.execute(write)
    except IntegrityError:
        return False
    return True


def next_check(now: datetime, *, checks: int, ladder_min: Sequence[int]) -> datetime:
    """When to ask again after so many questions without an end; `ladder_min` are minutes between two."""
    return now + timedelta(minutes=ladder_min[min(checks, len(ladder_min) - 1)])
