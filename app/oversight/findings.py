"""What supervisors found of licences (监管结果反馈): taken once, and answered where something is wrong.

A finding never revokes anything: that is for the department that decided, by its own procedure.
"""

import logging
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases.officers import Officer
from app.oversight.errors import AnsweredBefore, AnswerUnsaid
from app.oversight.models import OversightEvent, OversightFinding, Result
from app.plain_text import readable

log = logging.getLogger(__name__)

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Told:
    """One finding: its number, the event of ours it is about, what and when, in a sentence."""

    message_no: str
    event_no: str
    result: str
    found_on: date
    said: str


def take(session: Session, told: Told) -> bool:
    """Keep a finding; whether it is new, and about a licence of ours in a word we know."""
    event_id = session.scalar(select(OversightEvent.id).where(OversightEvent.event_no == told.event_no))
    if event_id is None or told.result not in set(Result):
        log.warning("finding_not_ours", extra={"message_no": told.message_no, "result": told.result})
        return False
    kept = session.scalar(
        insert(OversightFinding)
        .values(
            message_no=told.message_no,
            event_id=event_id,
            result=told.result,
            found_on=told.found_on,
            said=readable(told.said),
            received_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[OversightFinding.message_no])
        .returning(OversightFinding.id)
    )
    return kept is not None


def answer(session: Session, *, finding_id: int, officer: Officer, text: str) -> None:
    """Say what the department did about what was found (处理); of two at once one does.

    Raises AnswerUnsaid, AnsweredBefore.
    """
    said = readable(text).strip()
    if not 0 < len(said) <= LONGEST:
        raise AnswerUnsaid(errors={"answer": [AnswerUnsaid.message]})
    answered = session.scalar(
        update(OversightFinding)
        .where(
            OversightFinding.id == finding_id,
            OversightFinding.result != Result.FINE.value,
            OversightFinding.answered_at.is_(None),
        )
        .values(
            answered_at=clock.now(),
            answered_by=officer.clerk_id,
            answered_by_name=officer.name,
            answer=said,
        )
        .returning(OversightFinding.id)
    )
    if answered is None:
        raise AnsweredBefore
