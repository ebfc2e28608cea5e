"""Telling (通知): a happening becomes a message in the app, and leaves by the ways its reader allows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, queues
from app.db import after_commit
from app.delegations import queries as delegations
from app.events import Event
from app.organisations import queries as organisations
from app.people import queries as people
from notifications import allowances
from notifications.jobs import SUBSCRIBED_WAYS, send_waiting
from notifications.models import Dispatch, Message, Way
from notifications.wording import MESSAGES, Draft

_DELEGATIONS = "pages/delegations/list"


def tell(session: Session, event: Event) -> None:
    """Store the message of an event and the ways it is to go (subscriber); a repeat tells nothing.

    What concerns a company is told to everybody who handles it there today, and to nobody else. How a case
    goes on is told to the agent who handed it in too: whoever authorised them on paper reads nothing here.
    """
    draft = MESSAGES[type(event)](session, event)
    if draft is None:  # it has been overtaken, and saying so now would mislead
        return
    for each in _addressed(session, draft):
        _tell(session, each)


def _addressed(session: Session, draft: Draft) -> list[Draft]:
    if draft.company is None:
        return [draft, *_followed(session, draft)]
    organisation_id, task_codes = draft.company
    name = organisations.organisation(session, organisation_id=organisation_id).name
    readers = organisations.holders(session, organisation_id=organisation_id, task_codes=task_codes)
    text, page = f"{name}：{draft.text}", f"{draft.page}&acting_for={organisation_id}"
    return [replace(draft, citizen_id=reader, text=text, page=page) for reader in readers]


def _followed(session: Session, draft: Draft) -> list[Draft]:
    """The same for an agent, who acts for the applicant from the page where they begin to."""
    follower = delegations.follower(session, delegation_id=draft.delegation_id)
    if follower is None:
        return []
    text = f"您替{follower.giver}办的事：{draft.text}"
    return [replace(draft, citizen_id=follower.agent_id, text=text, page=_DELEGATIONS)]


def _tell(session: Session, draft: Draft) -> None:
    message_id = _store(session, draft)
    if message_id is None:
        return
    ways = [
        way
        for way, platform in SUBSCRIBED_WAYS.items()
        if allowances.spend(session, citizen_id=draft.citizen_id, platform=platform, template=draft.template)
    ]
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
    after_commit(nudge)


def allow(session: Session, *, citizen_id: int, platform: str, template: str, accepted: bool) -> None:
    """Note the answer to a subscription prompt (订阅授权): each acceptance allows one message."""
    if accepted:
        allowances.add(session, citizen_id=citizen_id, platform=platform, template=template)


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


def nudge() -> None:
    """Have the sender look soon."""
    queues.nudge(queues.Queue.MESSAGES, send_waiting)
