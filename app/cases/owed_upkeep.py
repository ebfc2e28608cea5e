"""What follows when nothing is brought (容缺到期): called to mind once, then overdue; each may run twice."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.cases import timeline
from app.cases.events import OwedNearlyDue, OwedOverdue
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.states import State
from app.db import unit_of_work
from app.events import publish

# How many natural days before its day something owed is called to mind.
REMIND_DAYS = 3


def remind_of_owed() -> None:
    """Tell who still owes something that its day comes near (job); each once."""
    while True:
        with unit_of_work() as session:
            found = _waiting(session)
            if found is None:
                return
            found.reminded_at = clock.now()
            publish(session, OwedNearlyDue(found.case_id, found.id))


def note_overdue() -> None:
    """Write down what did not come by its day (容缺逾期) (job); it ends no case and refuses nobody.

    The case is held first, as whoever brings something holds it: neither waits for the other in a circle, and
    what is brought in this moment is brought, or too late, and never both. Who is at it is left for the next
    run.
    """
    while True:
        with unit_of_work() as session:
            late = _first_late(session)
            if late is None:
                return
            _mark(session, late)


def _mark(session: Session, owed_id: int) -> None:
    """Mark one thing as overdue unless it has been brought meanwhile."""
    marked = session.execute(
        update(OwedMaterial)
        .where(
            OwedMaterial.id == owed_id,
            OwedMaterial.delivered_at.is_(None),
            OwedMaterial.overdue_at.is_(None),
            OwedMaterial.due_on < clock.today(),
        )
        .values(overdue_at=clock.now())
        .returning(OwedMaterial.case_id, OwedMaterial.name)
    ).one_or_none()
    if marked is None:
        return
    sentence = f"“{marked.name}”没有按期补交（容缺逾期），等审批人员处理"
    timeline.note(
        session,
        case_id=marked.case_id,
        kind="owed_overdue",
        actor=timeline.SYSTEM,
        sentence=sentence,
        reference=f"owed:{owed_id}",
    )
    publish(session, OwedOverdue(marked.case_id, owed_id))


def _first_late(session: Session) -> int | None:
    late = (
        select(OwedMaterial.id)
        .join(Case, Case.id == OwedMaterial.case_id)
        .where(
            Case.state == State.ACCEPTED.value,
            OwedMaterial.delivered_at.is_(None),
            OwedMaterial.overdue_at.is_(None),
            OwedMaterial.due_on < clock.today(),
        )
        .order_by(OwedMaterial.id)
        .limit(1)
        .with_for_update(of=Case, skip_locked=True)
    )
    return session.scalar(late)


def _waiting(session: Session) -> OwedMaterial | None:
    soon = clock.today() + timedelta(days=REMIND_DAYS)
    waiting = (
        select(OwedMaterial)
        .join(Case, Case.id == OwedMaterial.case_id)
        .where(
            Case.state == State.ACCEPTED.value,
            OwedMaterial.delivered_at.is_(None),
            OwedMaterial.overdue_at.is_(None),
            OwedMaterial.reminded_at.is_(None),
            OwedMaterial.due_on.between(clock.today(), soon),
        )
        .order_by(OwedMaterial.due_on, OwedMaterial.id)
        .limit(1)
        .with_for_update(of=OwedMaterial, skip_locked=True)
    )
    return session.scalar(waiting.execution_options(populate_existing=True))
