"""Handing packages over to the city's archive system (电子档案移交): the intent, and what became of it.

A package is told under its own number, so that a lost receipt leads to a question and never to a second one.
The job that talks with the archive system owns every repetition.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import batches, clock
from app.archives.errors import NotRefused
from app.archives.models import ArchiveTransfer, TransferState

# Minutes between two questions about what has no receipt yet.
_LADDER_MIN: Final = (1, 5, 15, 30, 60, 240)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A package whose moment has come; `told_before`: the other side may have it already."""

    archive_id: int
    told_before: bool


def claim(session: Session) -> Claimed | None:
    """The package that waits longest of those whose moment has come; its next one is later."""
    now = clock.now()
    due = (
        select(ArchiveTransfer.archive_id, ArchiveTransfer.checks)
        .where(ArchiveTransfer.state == TransferState.WAITING.value, ArchiveTransfer.next_check_at <= now)
        .order_by(ArchiveTransfer.next_check_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(due).one_or_none()
    if found is None:
        return None
    later = batches.next_check(now, checks=found.checks, ladder_min=_LADDER_MIN)
    session.execute(
        update(ArchiveTransfer)
        .where(ArchiveTransfer.archive_id == found.archive_id)
        .values(next_check_at=later, checks=ArchiveTransfer.checks + 1)
    )
    return Claimed(found.archive_id, told_before=found.checks > 0)


def note_received(session: Session, *, archive_id: int, receipt_no: str, at: datetime) -> None:
    """Write the receipt down (接收回执); once, however often it is told.

    A number that is another package's receipt proves nothing: the package counts as not taken.
    """
    write = (
        update(ArchiveTransfer)
        .where(ArchiveTransfer.archive_id == archive_id, ArchiveTransfer.state == TransferState.WAITING.value)
        .values(state=TransferState.RECEIVED.value, receipt_no=receipt_no, received_at=at)
    )
    if not batches.receipt_is_kept(session, write):
        note_refused(session, archive_id=archive_id, reason=batches.RECEIPT_REUSED)


def note_refused(session: Session, *, archive_id: int, reason: str) -> None:
    """Write down that the archive system does not take it, or that we cannot hand it over, and why."""
    session.execute(
        update(ArchiveTransfer)
        .where(ArchiveTransfer.archive_id == archive_id, ArchiveTransfer.state == TransferState.WAITING.value)
        .values(state=TransferState.REFUSED.value, refusal=reason[:64] or "refused")
    )


def again(session: Session, *, archive_id: int) -> None:
    """Hand over once more what was not taken (重新移交); of two taps the second raises NotRefused."""
    waiting = session.scalar(
        update(ArchiveTransfer)
        .where(ArchiveTransfer.archive_id == archive_id, ArchiveTransfer.state == TransferState.REFUSED.value)
        .values(state=TransferState.WAITING.value, refusal=None, next_check_at=clock.now(), checks=1)
        .returning(ArchiveTransfer.archive_id)
    )
    if waiting is None:
        raise NotRefused
