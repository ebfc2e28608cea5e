"""What can be asked about checks (查询秒批抽查)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.catalogue.models import GuideVersion, ServiceItem
from app.publishing.models import GuideDraft
from app.spot_checks.models import DrawnDay, Outcome, SpotCheck

COUNTS_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Counted:
    """The checks of an item within ninety days: how many were looked at, and how many were wrong."""

    checked: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """How much was drawn of how much within ninety days, and what is still to be looked at."""

    decided: int
    drawn: int
    checked: int
    wrong: int


def counted(session: Session, *, task_code: str) -> Counted:
    """The checks of one item."""
    return counted_of(session, task_codes=[task_code]).get(task_code, Counted(0, 0))


def counted_of(session: Session, *, task_codes: Collection[str]) -> Mapping[str, Counted]:
    """The same for several items: one statement; an item without checks is left out."""
    wrong = func.count().filter(SpotCheck.outcome == Outcome.WRONG.value)
    found = session.execute(
        select(SpotCheck.task_code, func.count().label("checked"), wrong.label("wrong"))
        .where(
            SpotCheck.task_code.in_(task_codes),
            SpotCheck.outcome.is_not(None),
            SpotCheck.checked_at >= clock.now() - COUNTS_FOR,
        )
        .group_by(SpotCheck.task_code)
    )
    return {row.task_code: Counted(row.checked, row.wrong) for row in found}


def lately(session: Session) -> Drawn:
    """The whole city's numbers of ninety days, by the days that were drawn."""
    since = clock.today() - COUNTS_FOR
    days = session.execute(
        select(
            func.coalesce(func.sum(DrawnDay.decided), 0).label("decided"),
            func.coalesce(func.sum(DrawnDay.drawn), 0).label("drawn"),
        ).where(DrawnDay.day >= since)
    ).one()
    checks = session.execute(
        select(
            func.count().filter(SpotCheck.outcome.is_not(None)).label("checked"),
            func.count().filter(SpotCheck.outcome == Outcome.WRONG.value).label("wrong"),
        ).where(SpotCheck.day >= since)
    ).one()
    return Drawn(int(days.decided), int(days.drawn), checks.checked, checks.wrong)


def of_case(session: Session, *, case_id: int) -> SpotCheck | None:
    """The check of a case, if it was drawn."""
    return session.scalar(select(SpotCheck).where(SpotCheck.case_id == case_id))


def written_by(session: Session, *, clerk_id: int, version_ids: Collection[int]) -> set[int]:
    """Which of these versions a clerk wrote or released; a version that came of no draft is nobody's."""
    asked = (
        select(GuideVersion.id)
        .join(ServiceItem, ServiceItem.id == GuideVersion.service_item_id)
        .join(
            GuideDraft,
            (GuideDraft.task_code == ServiceItem.task_code)
            & (GuideDraft.published_version == GuideVersion.version),
        )
        .where(
            GuideVersion.id.in_(version_ids),
            or_(GuideDraft.reviewed_by == clerk_id, GuideDraft.editors.contains([clerk_id])),
        )
    )
    return set(session.scalars(asked))


def is_open() -> ColumnElement[bool]:
    """What is still to be looked at, or wrong and not settled."""
    return or_(
        SpotCheck.outcome.is_(None),
        (SpotCheck.outcome == Outcome.WRONG.value) & SpotCheck.followed.is_(None),
    )
