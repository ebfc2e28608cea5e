"""Handing a case over to another hall (移交): the intent, and how the bus's answers are written down.

The job that asks the province's bus owns every repetition. It asks under the row's own reference, so that a
lost acknowledgement leads to another question and never to a second hand-over.
"""

import re
import secrets
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import batches, clock
from app.cases import timeline
from app.cases.models import Case
from app.cases.states import State
from app.errors import Conflict
from app.plain_text import readable
from app.transfers.errors import (
    CaseOver,
    NotSentYet,
    NotToBeHandedOver,
    OnItsWay,
    SentBack,
    TransferNotFound,
    WhereToInvalid,
)
from app.transfers.models import OPEN, Transfer, TransferState

_MOVABLE = (State.SUBMITTED.value, State.ACCEPTED.value)
_CODE = re.compile(r"[0-9A-Z-]{2,32}", re.ASCII)
_LONGEST_NAME = 100
# Written out, as the index has it: a parameter there would be unknown when the statement is prepared.
_ON_ITS_WAY = text("state IN ('sending', 'sent')")
_NOT_TO_BE_TAKEN_IN: dict[str, type[Conflict]] = {
    TransferState.SENDING.value: NotSentYet,
    TransferState.REFUSED.value: SentBack,
    TransferState.ENDED.value: CaseOver,
}
# Minutes between two questions about what has not come to its end.
_LADDER_MIN = (1, 1, 5, 15, 30, 60)


def begin(
    session: Session, *, case_id: int, clerk_id: int, come_from: tuple[str, str], to: tuple[str, str]
) -> Transfer:
    """Write down that a case goes from one hall to another (code, name); the job tells the bus.

    Of two at once, one does. Raises NotToBeHandedOver, OnItsWay, WhereToInvalid.
    """
    to_code, to_name = to[0].strip().upper(), readable(to[1])
    if _CODE.fullmatch(to_code) is None or not 0 < len(to_name) <= _LONGEST_NAME or to_code == come_from[0]:
        raise WhereToInvalid
    movable = select(Case.id).where(Case.id == case_id, Case.state.in_(_MOVABLE)).with_for_update(read=True)
    if session.scalar(movable) is None:
        raise NotToBeHandedOver
    now = clock.now()
    begun = insert(Transfer).values(
        case_id=case_id,
        reference=f"YM{clock.local(now):%Y%m%d}-{secrets.token_hex(12)}",
        from_code=come_from[0],
        from_name=come_from[1],
        to_code=to_code,
        to_name=to_name,
        clerk_id=clerk_id,
        begun_at=now,
        next_check_at=now,
    )
    once = begun.on_conflict_do_nothing(index_elements=[Transfer.case_id], index_where=_ON_ITS_WAY)
    transfer_id = session.scalar(once.returning(Transfer.id))
    if transfer_id is None:
        raise OnItsWay
    return session.get_one(Transfer, transfer_id)


def claim_open(session: Session) -> Transfer | None:
    """The hand-over that waits longest of those that are open and due; its next question is later."""
    now = clock.now()
    due = (
        select(Transfer)
        .where(Transfer.state.in_(OPEN), Transfer.next_check_at <= now)
        .order_by(Transfer.next_check_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.scalar(due)
    if found is not None:
        found.next_check_at = batches.next_check(now, checks=found.checks, ladder_min=_LADDER_MIN)
        found.checks += 1
    return found


def note_sent(session: Session, *, transfer_id: int, bus_no: str) -> None:
    """Write down that the bus took it (转出); once, however often it is told."""
    sent = session.scalars(
        update(Transfer)
        .where(Transfer.id == transfer_id, Transfer.state == TransferState.SENDING.value)
        .values(state=TransferState.SENT.value, bus_no=bus_no, sent_at=clock.now(), checks=0)
        .returning(Transfer)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if sent is not None:
        dept = session.scalars(select(Case.dept_name).where(Case.id == sent.case_id)).one()
        _tell(
            session,
            sent,
            kind="handed_over",
            sentence=f"您的材料已从{sent.from_name}转往{sent.to_name}，仍由{dept}决定",
        )


def take_in(session: Session, *, transfer_id: int, hall: str) -> Transfer | None:
    """Take a case in at a hall of this city (接收); None when it had been taken in before, by whomever.

    The bus may say the same at this moment: of the two, one writes. Raises TransferNotFound when it does not
    go to this hall, NotSentYet, CaseOver, SentBack.
    """
    coming = select(Transfer.id).where(Transfer.id == transfer_id, Transfer.to_code == hall)
    if session.scalar(coming) is None:
        raise TransferNotFound
    received = note_received(session, transfer_id=transfer_id, at=clock.now())
    if received is None:
        state = session.scalars(select(Transfer.state).where(Transfer.id == transfer_id)).one()
        if state in _NOT_TO_BE_TAKEN_IN:
            raise _NOT_TO_BE_TAKEN_IN[state]
    return received


def note_received(session: Session, *, transfer_id: int, at: datetime) -> Transfer | None:
    """Write down that the other hall has it (接收), once; None when that was written down before."""
    received = session.scalars(
        update(Transfer)
        .where(Transfer.id == transfer_id, Transfer.state == TransferState.SENT.value)
        .values(state=TransferState.RECEIVED.value, received_at=at)
        .returning(Transfer)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if received is not None:
        _tell(session, received, kind="handed_in_there", sentence=f"{received.to_name}已收到您的材料")
    return received


def note_refused(session: Session, *, transfer_id: int, reason: str) -> None:
    """Write down that the bus does not take it, also after it did; the case may then be handed over again."""
    refused = session.scalars(
        update(Transfer)
        .where(Transfer.id == transfer_id, Transfer.state.in_(OPEN))
        .values(state=TransferState.REFUSED.value, refusal=reason[:64] or "refused")
        .returning(Transfer)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if refused is not None and refused.sent_at is not None:  # else the citizen never read of it
        _tell(
            session,
            refused,
            kind="hand_over_sent_back",
            sentence=f"省平台没有接受转往{refused.to_name}的材料，由{refused.from_name}重新处理",
        )


def end_of_case(session: Session, *, case_id: int) -> bool:
    """End what is on its way for a case that is over (停止移交); whether anything was.

    The bus knows no taking back, so it is not told: it is only asked no more, and what it says late about it
    changes nothing.
    """
    ended = session.scalars(
        update(Transfer)
        .where(Transfer.case_id == case_id, Transfer.state.in_(OPEN))
        .values(state=TransferState.ENDED.value)
        .returning(Transfer)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if ended is None:
        return False
    if ended.sent_at is not None:
        _tell(session, ended, kind="hand_over_ended", sentence=f"办件已结束，材料不再转往{ended.to_name}")
    return True


def _tell(session: Session, transfer: Transfer, *, kind: str, sentence: str) -> None:
    timeline.note(
        session,
        case_id=transfer.case_id,
        kind=kind,
        actor=timeline.SYSTEM,
        sentence=sentence,
        reference=transfer.reference,
    )
