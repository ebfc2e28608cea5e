"""Sending what was noted to the supervision platform (推送): the intent, and what became of it.

An event is told under its own number, so that a lost receipt leads to a question and never to a second one.
The job that talks with the platform owns every repetition. Of one case, nothing goes before what stands in
front of it was received.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from app import batches, clock
from app.cases.models import Case
from app.oversight import contents
from app.oversight.errors import NothingRefused
from app.oversight.models import OversightEvent, State

# Minutes between two questions about what has no receipt yet.
_LADDER_MIN: Final = (1, 5, 15, 30, 60, 240)
_IN_FRONT = aliased(OversightEvent)
HELD_UP: Final = exists().where(
    _IN_FRONT.case_id == OversightEvent.case_id,
    _IN_FRONT.position < OversightEvent.position,
    _IN_FRONT.state != State.RECEIVED.value,
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event whose moment has come; `told_before`: the other side may have it already."""

    event_id: int
    told_before: bool


def claim(session: Session) -> Claimed | None:
    """The event that waits longest of those whose moment has come; its next one is later."""
    now = clock.now()
    due = (
        select(OversightEvent.id, OversightEvent.checks)
        .where(OversightEvent.state == State.WAITING.value, OversightEvent.next_check_at <= now, ~HELD_UP)
        .order_by(OversightEvent.next_check_at, OversightEvent.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(due).one_or_none()
    if found is None:
        return None
    later = batches.next_check(now, checks=found.checks, ladder_min=_LADDER_MIN)
    session.execute(
        update(OversightEvent)
        .where(OversightEvent.id == found.id)
        .values(next_check_at=later, checks=OversightEvent.checks + 1)
    )
    return Claimed(found.id, told_before=found.checks > 0)


def note_received(session: Session, *, event_id: int, receipt_no: str, at: datetime) -> None:
    """Write the receipt down (接收回执); once, however often it is told.

    A number that is another event's receipt proves nothing: what was told counts as not taken.
    """
    write = (
        update(OversightEvent)
        .where(OversightEvent.id == event_id, OversightEvent.state == State.WAITING.value)
        .values(state=State.RECEIVED.value, receipt_no=receipt_no, received_at=at)
    )
    if not batches.receipt_is_kept(session, write):
        note_refused(session, event_id=event_id, reason=batches.RECEIPT_REUSED)


def note_refused(session: Session, *, event_id: int, reason: str) -> None:
    """Write down that the platform does not take it, and why."""
    session.execute(
        update(OversightEvent)
        .where(OversightEvent.id == event_id, OversightEvent.state == State.WAITING.value)
        .values(state=State.REFUSED.value, refusal=reason[:64] or "refused")
    )


def again(session: Session, *, event_id: int) -> None:
    """Tell once more what was not taken (重新推送); of two taps the second raises NothingRefused.

    What it tells is written anew, and so is what waits behind it: what was wrong may be mended since.
    """
    case_id = session.scalar(
        update(OversightEvent)
        .where(OversightEvent.id == event_id, OversightEvent.state == State.REFUSED.value)
        .values(state=State.WAITING.value, refusal=None, next_check_at=clock.now(), checks=1)
        .returning(OversightEvent.case_id)
    )
    if case_id is None:
        raise NothingRefused
    mended = (OversightEvent.id == event_id) | (OversightEvent.checks == 0)
    waiting = (
        select(OversightEvent)
        .where(OversightEvent.case_id == case_id, OversightEvent.state == State.WAITING.value, mended)
        .order_by(OversightEvent.position)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    case = session.get_one(Case, case_id)
    for event in session.scalars(waiting):
        contents.write(session, event, case)
    session.flush()
