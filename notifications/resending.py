"""Telling once more (补发): a clerk has a message leave again, by short message, a few times at most."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import clock
from app.db import after_commit
from app.people import queries as people
from notifications import service
from notifications.errors import JustSent, MessageNotFound, NoTelephone, SentOftenEnough, StillBeingSent
from notifications.models import MOST_ROUNDS, Dispatch, DispatchState, Message, Way

PAUSE = timedelta(minutes=10)
_ON_ITS_WAY = (DispatchState.PENDING, DispatchState.SENDING)


def resend(
    session: Session, *, message_id: int, readers: Sequence[int], subjects: Sequence[str], by: str
) -> Message:
    """Have one of the messages of these readers about these things leave by short message; `by` asks for it.

    What was sent before stays written down. Of two clerks who press at once the second is told so: the
    message's row is held. Raises MessageNotFound, NoTelephone, StillBeingSent, JustSent, SentOftenEnough.
    """
    about = [Message.subject.startswith(f"{subject}:", autoescape=True) for subject in subjects]
    asked = select(Message).where(Message.id == message_id, Message.citizen_id.in_(readers), or_(*about))
    message = session.scalar(asked.with_for_update())
    if message is None:
        raise MessageNotFound
    if not people.phone(session, citizen_id=message.citizen_id):
        raise NoTelephone
    sent = session.scalars(
        select(Dispatch)
        .where(Dispatch.message_id == message.id, Dispatch.way == Way.SMS.value)
        .order_by(Dispatch.round)
    ).all()
    _refuse_too_soon(sent)
    session.add(
        Dispatch(
            message_id=message.id,
            way=Way.SMS.value,
            round=max((each.round for each in sent), default=0) + 1,
            template="",
            fields={},
            next_attempt_at=clock.now(),
            requested_by=by,
            requested_at=clock.now(),
        )
    )
    session.flush()
    after_commit(service.nudge)
    return message


def _refuse_too_soon(sent: Sequence[Dispatch]) -> None:
    if not sent:
        return
    if any(each.state in _ON_ITS_WAY for each in sent):
        raise StillBeingSent
    latest = max((at for each in sent for at in (each.sent_at, each.requested_at) if at), default=None)
    if latest is not None and latest > clock.now() - PAUSE:
        raise JustSent(retry_after=int((latest + PAUSE - clock.now()).total_seconds()) + 1)
    if sent[-1].round >= MOST_ROUNDS:
        raise SentOftenEnough(most=MOST_ROUNDS)
