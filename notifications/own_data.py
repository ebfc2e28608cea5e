"""What a citizen was told and allowed: in their file, and what ends with the account (我的数据)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from app.own_data.export import PLATFORM_NAMES, Row, Section, Turn
from app.people.closing import Room
from app.people.models import Platform
from notifications import queries
from notifications.models import Dispatch, DispatchState, Message, SubscriptionCredit, Way

_WAYS = {Way.WECHAT: "微信", Way.ALIPAY: "支付宝", Way.SMS: "短信"}
# What proves that the city has told a party of a file what it had to; the rest goes with the account.
_OF_A_FILE = ("case:", "bill:", "refund:", "complaint:")


def messages(session: Session, turn: Turn) -> list[Row]:
    """Messages and by which ways they left; two statements a page."""
    found = queries.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    ways = _left(session, [message.id for message in found])
    return [
        (
            message.id,
            {
                "title": message.title,
                "text": message.text,
                "at": message.created_at,
                "read_at": message.read_at,
                "sent_by": ways.get(message.id, []),
            },
        )
        for message in found
    ]


def allowances(session: Session, turn: Turn) -> list[Row]:
    """Which reminders a platform may still send."""
    asked = select(SubscriptionCredit).where(SubscriptionCredit.citizen_id == turn.citizen_id)
    if turn.before_id is not None:
        asked = asked.where(SubscriptionCredit.id < turn.before_id)
    return [
        (
            credit.id,
            {
                "platform": PLATFORM_NAMES[Platform(credit.platform)],
                "template": credit.template,
                "remaining": credit.remaining,
            },
        )
        for credit in session.scalars(asked.order_by(SubscriptionCredit.id.desc()).limit(turn.limit))
    ]


def open_matters(session: Session, citizen_id: int) -> list[str]:
    """A message keeps nobody."""
    del session, citizen_id
    return []


def forget(session: Session, citizen_id: int) -> None:
    """Send nothing more, and drop allowances and whatever belongs to no file.

    A message that is being sent just now stays: the sender still has to write down how it went.
    """
    mine = select(Message.id).where(Message.citizen_id == citizen_id)
    of_a_file = or_(*(Message.subject.startswith(kind, autoescape=True) for kind in _OF_A_FILE))
    leaving = exists().where(Dispatch.message_id == Message.id, Dispatch.state == DispatchState.SENDING)
    session.execute(
        update(Dispatch)
        .where(Dispatch.message_id.in_(mine), Dispatch.state == DispatchState.PENDING)
        .values(state=DispatchState.FAILED, platform_code="account_closed")
        .execution_options(synchronize_session=False)
    )
    gone = mine.where(~of_a_file, ~leaving)
    for rows in (
        delete(Dispatch).where(Dispatch.message_id.in_(gone)),
        delete(Message).where(Message.id.in_(gone)),
        delete(SubscriptionCredit).where(SubscriptionCredit.citizen_id == citizen_id),
    ):
        session.execute(rows.execution_options(synchronize_session=False))


def _left(session: Session, message_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    asked = select(Dispatch).where(Dispatch.message_id.in_(message_ids)).order_by(Dispatch.id)
    for each in session.scalars(asked):
        line = {"way": _WAYS[Way(each.way)], "at": each.sent_at}
        found.setdefault(each.message_id, []).append(line)
    return found


SECTIONS = (Section("messages", messages), Section("reminder_allowances", allowances))
ROOM = Room(open_matters, forget)
