"""What follows when nobody does anything (到期处理): silence accepts, a correction is called to mind."""

import logging
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cases import deciding
from app.cases.correction_models import CaseCorrection
from app.cases.events import CorrectionNearlyDue
from app.cases.models import Case
from app.cases.states import State
from app.crypto import UnreadableError
from app.db import unit_of_work
from app.errors import DomainError
from app.events import publish

log = logging.getLogger(__name__)

# How many natural days before its day a correction is called to mind.
REMIND_DAYS = 5


def deem_accepted() -> None:
    """Accept every case about which the office was silent for too long (视为受理) (job).

    Each in a unit of work of its own, its row held: whoever withdraws, accepts or runs this job at the same
    moment waits, or is passed over. May run twice, late, and in parallel.
    """
    after = 0
    while True:
        with unit_of_work() as session:
            case_id = _silent(session, after)
            if case_id is None:
                return
            after = case_id
            try:
                with session.begin_nested():
                    case = session.get_one(Case, case_id, populate_existing=True)
                    deciding.deem_accepted(session, case)
            except (DomainError, UnreadableError):
                # Such as a guide with a fee that is gone, or a form that nobody can open any more: for a
                # person to look at, and the others go on.
                log.exception("case_not_deemed_accepted", extra={"case_id": case_id})


def remind_of_corrections() -> None:
    """Tell who has not answered a notice yet that its day comes near (job); each once."""
    while True:
        with unit_of_work() as session:
            found = _waiting(session)
            if found is None:
                return
            found.reminded_at = clock.now()
            publish(session, CorrectionNearlyDue(found.case_id, found.id))


def _silent(session: Session, after: int) -> int | None:
    """The next silent case, held; only its number, since the row itself may be unreadable."""
    overdue = (
        select(Case.id)
        .where(Case.state == State.SUBMITTED.value, Case.notice_due_on < clock.today(), Case.id > after)
        .order_by(Case.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalar(overdue)


def _waiting(session: Session) -> CaseCorrection | None:
    soon = clock.today() + timedelta(days=REMIND_DAYS)
    waiting = (
        select(CaseCorrection)
        .join(Case, Case.id == CaseCorrection.case_id)
        .where(
            Case.state == State.CORRECTION.value,
            Case.correct_by <= soon,
            CaseCorrection.reminded_at.is_(None),
        )
        .order_by(Case.correct_by, Case.id)
        .limit(1)
        .with_for_update(of=CaseCorrection, skip_locked=True)
    )
    return session.scalar(waiting.execution_options(populate_existing=True))
