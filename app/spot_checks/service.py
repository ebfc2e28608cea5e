"""What is found when somebody looks again (抽查结论), and what follows from it.

Nothing of the case is changed here. A wrong decision is marked and waits for a person: whether it stays, is
corrected or revoked is decided by the procedures of 《中华人民共和国行政许可法》第六十九条, and written down.
"""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock, settings
from app.cases import machine_stops
from app.plain_text import readable
from app.spot_checks import queries
from app.spot_checks.errors import CheckedAlready, FindingMissing, NothingToFollow, PointsAreYourOwn
from app.spot_checks.models import Following, Outcome, SpotCheck

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Finder:
    """Who looks again."""

    clerk_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was said of a case, and whether the machine was stopped for its item by that."""

    check: SpotCheck
    stopped: str | None


def find(session: Session, *, check: SpotCheck, finder: Finder, outcome: Outcome, finding: str = "") -> Found:
    """Say whether the machine was right (抽查结论), once; a wrong one needs its finding.

    When the share of wrong ones among an item's checks of ninety days is over the limit, the machine is
    stopped for the item. Raises PointsAreYourOwn, FindingMissing, CheckedAlready.
    """
    said = _said(finding) if outcome is Outcome.WRONG else None
    if queries.written_by(session, clerk_id=finder.clerk_id, version_ids=[check.guide_version_id]):
        raise PointsAreYourOwn
    _one_at_a_time(session, task_code=check.task_code)
    row = {"outcome": outcome.value, "finding": said, "checked_at": clock.now()}
    found = session.scalar(
        update(SpotCheck)
        .where(SpotCheck.id == check.id, SpotCheck.outcome.is_(None))
        .values(**row, checked_by=finder.clerk_id)
        .returning(SpotCheck.id)
    )
    if found is None:
        raise CheckedAlready
    session.refresh(check)
    stopped = _stop_if_too_often(session, check, finder) if outcome is Outcome.WRONG else None
    return Found(check, stopped)


def follow(session: Session, *, check: SpotCheck, finder: Finder, what: Following, note: str) -> None:
    """Settle what follows from a wrong decision (后续处理), once; raises FindingMissing, NothingToFollow."""
    row = {"followed": what.value, "follow_note": _said(note), "followed_at": clock.now()}
    settled = session.scalar(
        update(SpotCheck)
        .where(
            SpotCheck.id == check.id, SpotCheck.outcome == Outcome.WRONG.value, SpotCheck.followed.is_(None)
        )
        .values(**row, followed_by=finder.clerk_id)
        .returning(SpotCheck.id)
    )
    if settled is None:
        raise NothingToFollow
    session.refresh(check)


def _stop_if_too_often(session: Session, check: SpotCheck, finder: Finder) -> str | None:
    """The reason with which the machine was stopped just now; None when it goes on or was stopped before."""
    counted = queries.counted(session, task_code=check.task_code)
    if counted.wrong * 100 <= settings.current().spot_check_wrong_percent * counted.checked:
        return None
    reason = f"近{queries.COUNTS_FOR.days}天抽查{counted.checked}件，有误{counted.wrong}件，自动停用"
    stopped = machine_stops.stop(
        session,
        task_code=check.task_code,
        reason=reason,
        clerk_id=finder.clerk_id,
        clerk_name=finder.name,
    )
    return reason if stopped else None


def _one_at_a_time(session: Session, *, task_code: str) -> None:
    """Two findings about one item come one after the other, so that the second counts the first."""
    key = func.hashtextextended(f"spot_checks\n{task_code}", 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))


def _said(text: str) -> str:
    said = readable(text)
    if not said or len(said) > LONGEST:
        raise FindingMissing
    return said
