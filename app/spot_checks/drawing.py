"""Drawing a day's cases (抽取): by chance, and yet anybody who has the city's key comes to the same.

Each case has a rank by a keyed hash of the day and its number; of each item those of the lowest ranks are
drawn. Nobody can foresee which, since they do not have the key, and nobody can choose which, since the key
and the numbers leave no choice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, settings
from app.cases.machine import MACHINE
from app.cases.models import Case, CaseEvent
from app.crypto import blind_index
from app.spot_checks.models import DrawnDay, SpotCheck

_PURPOSE = "spot_checks.draw"
# A decision just before midnight may be committed a little after it.
_SETTLED_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Decided:
    """One case that the machine decided on the day."""

    case_id: int
    case_no: str
    task_code: str
    guide_version_id: int


def days_due(session: Session) -> Iterator[date]:
    """The days that are over and not drawn, oldest first: all since the last; at the first run yesterday."""
    over = clock.local(clock.now() - _SETTLED_AFTER).date() - timedelta(days=1)
    newest = session.scalar(select(func.max(DrawnDay.day)))
    day = over if newest is None else newest + timedelta(days=1)
    while day <= over:
        yield day
        day += timedelta(days=1)


def draw(session: Session, *, day: date) -> int | None:
    """Draw the cases of a day, once; how many, None when it was drawn before or is just being drawn."""
    percent = settings.current().spot_check_percent
    found = decided(session, day=day)
    chosen = lot(found, day=day, percent=percent)
    row = {"percent": percent, "decided": len(found), "drawn": len(chosen), "drawn_at": clock.now()}
    begun = session.scalar(
        insert(DrawnDay)
        .values(day=day, **row)
        .on_conflict_do_nothing(index_elements=[DrawnDay.day])
        .returning(DrawnDay.day)
    )
    if begun is None:
        return None
    for each in chosen:
        session.add(
            SpotCheck(
                case_id=each.case_id,
                day=day,
                task_code=each.task_code,
                guide_version_id=each.guide_version_id,
            )
        )
    session.flush()
    return len(chosen)


def holds(session: Session, *, day: date) -> bool:
    """Whether what was drawn of a day is just what the lot gives (抽取复核); False when it was not drawn."""
    drawn = session.get(DrawnDay, day)
    if drawn is None:
        return False
    kept = set(session.scalars(select(SpotCheck.case_id).where(SpotCheck.day == day)))
    return kept == {each.case_id for each in lot(decided(session, day=day), day=day, percent=drawn.percent)}


def decided(session: Session, *, day: date) -> list[Decided]:
    """What the machine decided on a day of Shanghai."""
    found = session.execute(
        select(Case.id, Case.case_no, Case.task_code, Case.guide_version_id)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(
            Case.decided_at >= _midnight(day),
            Case.decided_at < _midnight(day + timedelta(days=1)),
            CaseEvent.kind == "decided",
            CaseEvent.actor_kind == MACHINE.kind,
            CaseEvent.actor_name == MACHINE.name,
        )
        .order_by(Case.id)
    )
    return [Decided(*row) for row in found]


def lot(found: Sequence[Decided], *, day: date, percent: int) -> list[Decided]:
    """Of each item the wanted share, rounded up, so at least one, by rank."""
    of_items: Mapping[str, list[Decided]] = {each.task_code: [] for each in found}
    for each in found:
        of_items[each.task_code].append(each)
    return [
        each
        for cases in of_items.values()
        for each in sorted(cases, key=lambda one: _rank(one, day))[: ceil(len(cases) * percent / 100)]
    ]


def _rank(case: Decided, day: date) -> bytes:
    return blind_index(f"{day.isoformat()}\n{case.case_no}", purpose=_PURPOSE)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.SHANGHAI)
