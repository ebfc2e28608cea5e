"""Counting provisional limits anew once the holidays of a year are published (暂定时限的重新计算).

The State Council publishes the holidays of a year late in the year before it (全国年节及纪念日放假办法).
Until then a limit that reaches into it counts weekends and the statutory days that are known, and says that
it is provisional. The job may run twice, late and in parallel: the row is claimed, and what was counted is no
longer provisional.
"""

from sqlalchemy import ColumnElement, Select, extract, func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.cases import clock_log, limits, timeline
from app.cases.clock_models import Happening
from app.cases.events import CaseRecounted
from app.cases.models import Case
from app.cases.states import State
from app.catalogue import queries as catalogue
from app.centres.models import CalendarYear
from app.db import unit_of_work
from app.events import publish

BATCH = 50


def recount() -> int:
    """Count every provisional limit anew whose years are all published (job); how many were."""
    done = last = 0
    while True:
        with unit_of_work() as session:
            found = session.scalars(_waiting(last)).all()
            for case in found:
                _recount(session, case)
                last = case.id
        done += len(found)
        if len(found) < BATCH:
            return done


def _waiting(after: int) -> Select[Case]:
    """Claimed a batch at a time, each once in a run; another run takes the next ones."""
    return (
        select(Case)
        .where(Case.limit_provisional, Case.state == State.ACCEPTED.value, Case.id > after, _published())
        .order_by(Case.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _published() -> ColumnElement[bool]:
    """Whether every year from the start of the count to the later of the limits is published."""
    until = func.greatest(Case.promised_due_on, Case.statutory_due_on)
    years = (
        select(func.count())
        .where(
            CalendarYear.published,
            CalendarYear.year.between(extract("year", Case.clock_from), extract("year", until)),
        )
        .correlate(Case)
        .scalar_subquery()
    )
    return years == extract("year", until) - extract("year", Case.clock_from) + 1


def _recount(session: Session, case: Case) -> None:
    """One case whose row is held. It may reach into the next year now, and is provisional again then."""
    if case.clock_from is None:
        return
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    before = clock_log.dates(case)
    found = limits.counted(session, case, guide, start=case.clock_from)
    session.execute(
        update(Case)
        .where(Case.id == case.id)
        .values(updated_at=clock.now(), **found.columns)
        .execution_options(synchronize_session=False)
    )
    session.refresh(case)
    cause = "放假安排公布"
    noted = clock_log.note(
        session, case, Happening.RECOUNTED, actor=timeline.SYSTEM, before=before, cause=cause
    )
    if clock_log.dates(case) != before:
        sentence = f"放假安排已经公布，办理时限重新计算，承诺{case.promised_due_on:%Y年%m月%d日}前办结"
        timeline.note(
            session, case_id=case.id, kind="limit_recounted", actor=timeline.SYSTEM, sentence=sentence
        )
        publish(session, CaseRecounted(case.id, noted.id))
