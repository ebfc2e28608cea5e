"""What citizens thought lately (满意度): the newest ratings of thirty days, and what is still to mend."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.desk import ratings
from app.evaluations import levels
from app.evaluations.models import Evaluation
from app.staff.sessions import OnDuty

DAYS = timedelta(days=30)
# The mean is told as well by the newest of them.
MOST = 2000


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Ratings by level, 1 the best; stars run the other way."""

    by_level: dict[int, int]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.by_level.values())

    @property
    def mean_stars(self) -> float | None:
        """The mean in stars of five; None when nobody has rated."""
        stars = sum(levels.LEVELS[level].stars * count for level, count in self.by_level.items())
        return stars / self.count if self.count else None

    @property
    def satisfied(self) -> int:
        """Ratings of a satisfied citizen, levels 1 to 3."""
        return sum(self.by_level[level] for level in levels.SATISFIED)


def lately(session: Session, *, clerk: OnDuty) -> Satisfaction:
    """The ratings of the clerk's department and hall in the last thirty days."""
    newest = (
        select(Evaluation.level)
        .where(Evaluation.created_at >= clock.now() - DAYS, ratings.visible_to(clerk))
        .order_by(Evaluation.created_at.desc())
        .limit(MOST)
        .subquery()
    )
    asked = select(newest.c.level, func.count()).group_by(newest.c.level)
    found = {row[0]: row[1] for row in session.execute(asked)}
    return Satisfaction({level: found.get(level, 0) for level in levels.LEVELS})


def to_mend(session: Session, *, clerk: OnDuty) -> int | None:
    """How many bad ratings wait to be mended (差评待整改); None for who mends none."""
    if not clerk.roles & ratings.MENDING:
        return None
    return ratings.counts(session, clerk=clerk)["open"]
