"""Telling (通知): a happening becomes a message in the app, and leaves by the ways its reader allows."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, queues
from app.db import after_commit
from app.events import Event
from app.people import queries as people
from app.people.models import Platform
from notifications.jobs import send_waiting
from notifications.models import Dispatch, Message, SubscriptionCredit, Way
from notifications.wording import MESSAGES, Draft

# The person's own platform comes first; whoever used both is told on both.
_SUBSCRIBED_WAYS = {Way.WECHAT: Platform.WECHAT, Way.ALIPAY: Platform.ALIPAY}
_MOST_CREDITS = 100


def tell(session: Session, event: Event) -> None:
    """Store the message of an event and the ways it is to go (subscriber); a repeat tells nothing."""
    draft = MESSAGES[type(event)](session, event)
    message_id = _store(session, draft)
    if message_id is None:
        return
    ways = [way for way in _SUBSCRIBED_WAYS if _spend_credit(session, draft, way)]
    if not ways and draft.must_arrive and people.phone(session, citizen_id=draft.citizen_id):
        ways = [Way.SMS]
    for way in ways:
        add_dispatch(session, message_id=message_id, way=way, template=draft.template, fields=draft.fields)


def add_dispatch(
    session: Session, *, message_id: int, way: Way, template: str, fields: Mapping[str, str]
) -> None:
    """Have a message leave by one way, once."""
    session.execute(
        insert(Dispatch)
        .values(
            message_id=message_id,
            way=way.value,
            template=template,
            fields=dict(fields),
            next_attempt_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    after_commit(_nudge)


def allow(session: Session, *, citizen_id: int, platform: str, template: str, accepted: bool) -> None:
    """Note the answer to a subscription prompt (订阅授权): each acceptance allows one message."""
    if not accepted:
        return
    credit = insert(SubscriptionCredit).values(
        citizen_id=citizen_id, platform=platform, template=template, remaining=1
    )
    session.execute(
        credit.on_conflict_do_update(
            index_elements=["citizen_id", "platform", "template"],
            set_={"remaining": func.least(SubscriptionCredit.remaining + 1, _MOST_CREDITS)},
        )
    )


def mark_read(session: Session, *, citizen_id: int, message_ids: Sequence[int] | None) -> int:
    """Mark some or all of my messages as read (已读); how many were new."""
    unread = update(Message).where(Message.citizen_id == citizen_id, Message.read_at.is_(None))
    if message_ids is not None:
        unread = unread.where(Message.id.in_(message_ids))
    return len(session.scalars(unread.values(read_at=clock.now()).returning(Message.id)).all())


def _store(session: Session, draft: Draft) -> int | None:
    """The new message's id, or None when this happening has been told already."""
    return session.scalar(
        insert(Message)
        .values(
            citizen_id=draft.citizen_id,
            subject=draft.subject,
            title=draft.title,
            text=draft.text,
            page=draft.page,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Message.id)
    )


def _spend_credit(session: Session, draft: Draft, way: Way) -> bool:
    """Take one credit if there is one: a conditional UPDATE, so two messages never share the last one."""
    spent = session.scalar(
        update(SubscriptionCredit)
        .where(
            SubscriptionCredit.citizen_id == draft.citizen_id,
            SubscriptionCredit.platform == _SUBSCRIBED_WAYS[way],
            SubscriptionCredit.template == draft.template,
            SubscriptionCredit.remaining > 0,
        )
        .values(remaining=SubscriptionCredit.remaining - 1)
        .returning(SubscriptionCredit.id)
    )
    return spent is not None


def _nudge() -> None:
    queues.nudge(queues.Queue.MESSAGES, send_waiting)
