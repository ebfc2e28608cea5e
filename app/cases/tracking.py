"""Following a case without a login (免登录查进度): a number and its code, nothing personal, few tries."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import tries
from app.cases import machine, numbers, opinions, owed, queries
from app.cases.errors import TrackedTooOften
from app.cases.models import Case, CaseEvent, TrackAttempt
from app.cases.upcoming import Next, next_of
from app.certificates import queries as certificates
from app.check_characters import tidy
from app.db import unit_of_work
from app.fees import queries as fee_queries

WINDOW = timedelta(minutes=15)
TRIES = 5
# Compared when there is no such case, so that its absence takes as long as a wrong code.
_NOBODYS_CODE = "x" * 6


@dataclass(frozen=True, slots=True)
class Tracked:
    """What may be told to whoever holds the number and the code."""

    case: Case
    next: Next
    timeline: Sequence[CaseEvent]


def look(session: Session, *, case_no: str, query_code: str) -> Tracked | None:
    """The state of a case, or None when number and code do not belong together.

    Each look counts before it is judged, also for numbers that nobody has; a right one clears the count.
    The unit of work must be kept when None is returned, or the count is lost. Raises TrackedTooOften.
    """
    number = numbers.case_no(case_no)
    if number is None:
        return None
    _count(session, number)
    case = session.scalar(select(Case).where(Case.case_no == number))
    right = case.query_code if case is not None else _NOBODYS_CODE
    if not hmac.compare_digest(right.encode(), tidy(query_code).encode()) or case is None:
        return None
    session.execute(delete(TrackAttempt).where(TrackAttempt.case_no == number))
    bills = fee_queries.of_case(session, case_id=case.id)
    return Tracked(
        case,
        next_of(
            case,
            bills,
            machine.latest(session, case_id=case.id),
            to_follow=owed.of_case(session, case_id=case.id),
            awaited=opinions.waiting(session, case_id=case.id),
            given=certificates.of_case(session, case_id=case.id),
        ),
        queries.timeline(session, case_id=case.id),
    )


def forget_tries() -> None:
    """Drop counts whose window is over (job)."""
    with unit_of_work() as session:
        tries.forget_over(session, TrackAttempt, window=WINDOW)


def _count(session: Session, number: str) -> None:
    """Count one try in its window; the row lock makes parallel guesses wait for each other."""
    if tries.count(session, TrackAttempt, window=WINDOW, case_no=number) > TRIES:
        raise TrackedTooOften(retry_after=int(WINDOW.total_seconds()))
