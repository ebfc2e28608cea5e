"""Counting how long cases took (办结用时统计); a job that may run twice, late and in parallel."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import counting as case_days
from app.cases.models import Case
from app.catalogue.models import ServiceItem
from app.centres import working_days
from app.db import unit_of_work
from app.forecasts.models import ItemForecast
from app.forecasts.quantiles import FEWEST, HALF, MOST, NINE_TENTHS, quantile

LOOKS_BACK = timedelta(days=365)
_BATCH = 200


def count() -> None:
    """Count every item anew (job), a batch of items in each unit of work."""
    after = ""
    while True:
        with unit_of_work() as session:
            codes = _next(session, after)
            if not codes:
                return
            for task_code, days in _recent(session, codes):
                _keep(session, task_code, days)
        after = codes[-1]


def _next(session: Session, after: str) -> Sequence[str]:
    asked = select(ServiceItem.task_code).where(ServiceItem.task_code > after)
    return session.scalars(asked.order_by(ServiceItem.task_code).limit(_BATCH)).all()


def _recent(session: Session, codes: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """The working days of each item's newest cases of a year, in the order of the items: one statement."""
    newest = (
        select(Case.accepted_at, Case.decided_at)
        .where(
            Case.task_code == ServiceItem.task_code,
            Case.decided_at.is_not(None),
            Case.decided_at >= clock.now() - LOOKS_BACK,
        )
        .order_by(Case.decided_at.desc())
        .limit(MOST)
        .lateral()
    )
    rows = session.execute(
        select(ServiceItem.task_code, newest.c.accepted_at, newest.c.decided_at).where(
            ServiceItem.task_code.in_(codes)
        )
    )
    calendar = working_days.calendar(session)

    @cache  # many cases of a day are decided on the same later day
    def took(begun: date, ended: date) -> int:
        return case_days.days_left(calendar, ended, today=begun)

    found: dict[str, list[int]] = {code: [] for code in codes}
    for row in rows:
        begun, ended = clock.local(row.accepted_at).date(), clock.local(row.decided_at).date()
        found[row.task_code].append(took(begun, ended))
    for code in codes:
        yield code, sorted(found[code])


def _keep(session: Session, task_code: str, days: list[int]) -> None:
    if len(days) < FEWEST:
        session.execute(delete(ItemForecast).where(ItemForecast.task_code == task_code))
        return
    values = {
        "days": days,
        "half_days": quantile(days, HALF),
        "most_days": quantile(days, NINE_TENTHS),
        "counted_at": clock.now(),
    }
    counted = insert(ItemForecast).values(task_code=task_code, **values)
    session.execute(counted.on_conflict_do_update(index_elements=[ItemForecast.task_code], set_=values))
