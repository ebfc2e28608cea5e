"""What closed cases really took (按办件实测): of the last 90 days, and only of items that are public now."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.catalogue.models import ServiceItem
from app.figures.catalogue import Visits
from app.figures.models import CaseVisits
from app.figures.public import PUBLIC
from app.figures.shapes import Figure, Observed, of_share

DAYS = 90


@dataclass(frozen=True, slots=True)
class OverVisits:
    """An item whose cases took more visits than its guide promised (超次事项)."""

    task_code: str
    name: str
    promised: int
    cases: int


def visits(session: Session) -> tuple[Visits, list[Figure]]:
    """Closed cases by what they took, for the promises and as numbers of their own."""
    taken = func.cardinality(CaseVisits.days)
    closed, none, one, over = session.execute(
        select(
            func.count(),
            func.count().filter(taken == 0),
            func.count().filter(taken <= 1),
            func.count().filter(taken > CaseVisits.promised),
        )
        .join(ServiceItem, ServiceItem.task_code == CaseVisits.task_code)
        .where(CaseVisits.closed_at >= clock.now() - timedelta(days=DAYS), *PUBLIC)
    ).one()
    said = f"近{DAYS}天办结的办件中，实际到大厅"
    seen = Visits(
        Observed(f"{said}0次的比例。", none, closed), Observed(f"{said}不超过1次的比例。", one, closed)
    )
    numbers = [
        of_share(
            "closed_without_visit",
            ("N37",),
            name="全流程网上办理率",
            definition=f"近{DAYS}天办结、申请人一次也没到大厅的办件，占同期全部办结办件的比例。",
            counted=none,
            of=closed,
        ),
        of_share(
            "over_visited",
            ("N07",),
            name="超过承诺跑动次数",
            definition=f"近{DAYS}天办结、实际到大厅次数超过指南承诺的办件，占同期全部办结办件的比例。",
            counted=over,
            of=closed,
            goal=0.0,
            lower_is_better=True,
        ),
    ]
    return seen, numbers


def over_visits(session: Session, *, limit: int = 20) -> list[OverVisits]:
    """The items whose cases took more visits than promised lately, also cases still running."""
    cases = func.count().label("cases")
    found = session.execute(
        select(ServiceItem.task_code, ServiceItem.name, CaseVisits.promised, cases)
        .join(ServiceItem, ServiceItem.task_code == CaseVisits.task_code)
        .where(CaseVisits.over_at >= clock.now() - timedelta(days=DAYS), *PUBLIC)
        .group_by(ServiceItem.task_code, ServiceItem.name, CaseVisits.promised)
        .order_by(cases.desc(), ServiceItem.task_code)
        .limit(limit)
    )
    return [OverVisits(row.task_code, row.name, row.promised, row.cases) for row in found]
