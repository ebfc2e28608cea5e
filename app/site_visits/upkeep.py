"""Work on visits that recurs (上门与踏勘的定时任务): a word on the day before."""

from datetime import timedelta

from sqlalchemy import update

from app import clock
from app.db import unit_of_work
from app.events import publish
from app.site_visits import queries
from app.site_visits.events import VisitTomorrow
from app.site_visits.models import SiteVisit, VisitState


def remind() -> int:
    """Tell whoever is visited tomorrow (job); how many. Safe to repeat and to run in parallel: each once."""
    tomorrow, after, told = clock.today() + timedelta(days=1), 0, 0
    while True:
        with unit_of_work() as session:
            found = queries.to_remind(session, day=tomorrow, after=after)
            if found is None:
                return told
            after = found
            reminded = session.scalar(
                update(SiteVisit)
                .where(
                    SiteVisit.id == found,
                    SiteVisit.reminded_at.is_(None),
                    SiteVisit.day == tomorrow,
                    SiteVisit.state == VisitState.PLANNED.value,
                )
                .values(reminded_at=clock.now())
                .returning(SiteVisit.case_id)
            )
            if reminded is not None:
                publish(session, VisitTomorrow(reminded, found))
                told += 1
