"""Sending (发送): one job is a batch. Each dispatch is claimed and committed before the network is asked.

A platform cannot tell us whether a message of ours arrived, so what was interrupted between claim and answer
is `unknown` and is never sent again; the message itself stays readable in the app. One dispatch is claimed at
a time, so that a killed worker leaves at most one such behind.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, queues, settings
from app.db import unit_of_work
from app.people import queries as people
from app.people.models import Platform
from notifications import allowances
from notifications.models import Dispatch, DispatchState, Message, Way
from platforms import directory
from platforms.errors import Busy, PlatformError, Refused

log = logging.getLogger(__name__)

# Whoever used both platforms is told on both.
SUBSCRIBED_WAYS = {Way.WECHAT: Platform.WECHAT, Way.ALIPAY: Platform.ALIPAY}
SMS_TEMPLATE = "city_notice"
# A job ends by itself well before its queue would kill it in the middle of a message.
_LONGEST_RUN_S = 60
_STALE_AFTER = timedelta(minutes=5)
_PAUSES_S = (10, 60, 300, 1800, 3600, 3 * 3600)
# The platform says that its own count of credits is used up; any other refusal leaves the credit as it was.
_NO_CREDIT_THERE = frozenset({"43101", "USER_UNSUBSCRIBED"})
_TOLD_OR_ABOUT_TO = (DispatchState.PENDING, DispatchState.SENDING, DispatchState.SENT)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """All that sending needs, read before the network is asked."""

    dispatch_id: int
    message_id: int
    citizen_id: int
    way: str
    template: str
    fields: dict[str, str]
    page: str
    text: str
    address: str | None


def send_waiting() -> int:
    """Send what waits (job); how many were handled. Safe to repeat and to run in parallel."""
    queues.nudge_taken(send_waiting)
    with unit_of_work() as session:
        _look_after_interrupted(session, clock.now())
    handled, ends_at = 0, time.monotonic() + _LONGEST_RUN_S
    while time.monotonic() < ends_at and (claimed := _claim()) is not None:
        _send_one(_outgoing(claimed))
        handled += 1
    return handled


def _claim() -> int | None:
    """Take the dispatch that has waited longest; what two workers want goes to one of them."""
    now = clock.now()
    waiting = (
        select(Dispatch.id)
        .where(Dispatch.state == DispatchState.PENDING, Dispatch.next_attempt_at <= now)
        .order_by(Dispatch.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work() as session:
        return session.scalar(
            update(Dispatch)
            .where(Dispatch.id == waiting.scalar_subquery())
            .values(
                state=DispatchState.SENDING,
                attempts=Dispatch.attempts + 1,
                next_attempt_at=now + _STALE_AFTER,
            )
            .returning(Dispatch.id)
            .execution_options(synchronize_session=False)
        )


def _outgoing(dispatch_id: int) -> Outgoing:
    with unit_of_work() as session:
        dispatch, message = session.execute(
            select(Dispatch, Message)
            .join(Message, Message.id == Dispatch.message_id)
            .where(Dispatch.id == dispatch_id)
        ).one()
        return Outgoing(
            dispatch_id=dispatch.id,
            message_id=message.id,
            citizen_id=message.citizen_id,
            way=dispatch.way,
            template=dispatch.template,
            fields={key: str(value) for key, value in dispatch.fields.items()},
            page=message.page,
            text=message.text,
            address=_address(session, dispatch.way, message.citizen_id),
        )


def _address(session: Session, way: str, citizen_id: int) -> str | None:
    if way == Way.SMS:
        return people.phone(session, citizen_id=citizen_id)
    return people.open_id(session, citizen_id=citizen_id, platform=SUBSCRIBED_WAYS[Way(way)])


def _look_after_interrupted(session: Session, now: datetime) -> None:
    """What a killed worker left: a short message goes out again, since its key makes a repeat harmless."""
    session.execute(
        update(Dispatch)
        .where(Dispatch.state == DispatchState.SENDING, Dispatch.next_attempt_at < now)
        .values(
            state=case((Dispatch.way == Way.SMS, DispatchState.PENDING), else_=DispatchState.UNKNOWN),
            platform_code="interrupted",
        )
        .execution_options(synchronize_session=False)
    )


def _send_one(outgoing: Outgoing) -> None:
    try:
        _hand_over(outgoing)
    except Busy as error:
        _put_off(outgoing, error)
    except Refused as error:
        _fail(outgoing, error)
    except PlatformError as error:
        if outgoing.way == Way.SMS:
            _put_off(outgoing, error)  # its key makes a repeat harmless
        else:
            _finish(outgoing, DispatchState.UNKNOWN, error.platform_code)
    else:
        _finish(outgoing, DispatchState.SENT, None)


def _hand_over(outgoing: Outgoing) -> None:
    clients, configured = directory.current(), settings.current()
    if outgoing.address is None:
        raise Refused(outgoing.way, "send", platform_code="no_address")
    if outgoing.way == Way.SMS:
        clients.sms.send(
            phone=outgoing.address,
            template=SMS_TEMPLATE,
            params={"text": outgoing.text},
            idempotency_key=f"dispatch-{outgoing.dispatch_id}",
        )
        return
    wechat = outgoing.way == Way.WECHAT
    templates = configured.wechat.templates if wechat else configured.alipay.templates
    template_id = templates.get(outgoing.template)
    if template_id is None:
        raise Refused(outgoing.way, "send", platform_code="no_template")
    if wechat:
        clients.mini_program.send_subscribe_message(
            openid=outgoing.address, template_id=template_id, page=outgoing.page, data=outgoing.fields
        )
    else:
        clients.alipay.send_template_message(
            open_id=outgoing.address, template_id=template_id, page=outgoing.page, data=outgoing.fields
        )


def _finish(outgoing: Outgoing, state: DispatchState, platform_code: str | None) -> None:
    with unit_of_work() as session:
        _end(session, outgoing, state=state, platform_code=platform_code)


def _end(session: Session, outgoing: Outgoing, *, state: DispatchState, platform_code: str | None) -> bool:
    """Write how it ended; False when somebody else has decided about it meanwhile."""
    ended = session.scalar(
        update(Dispatch)
        .where(Dispatch.id == outgoing.dispatch_id, Dispatch.state == DispatchState.SENDING)
        .values(
            state=state,
            platform_code=platform_code,
            sent_at=clock.now() if state is DispatchState.SENT else None,
        )
        .returning(Dispatch.id)
    )
    return ended is not None


def _put_off(outgoing: Outgoing, error: PlatformError) -> None:
    """Not executed, or harmless to repeat: again later, until the last pause is used up."""
    with unit_of_work() as session:
        dispatch = session.get_one(Dispatch, outgoing.dispatch_id, with_for_update=True)
        if dispatch.state != DispatchState.SENDING:
            return
        if dispatch.attempts <= len(_PAUSES_S):
            dispatch.platform_code = error.platform_code
            dispatch.state = DispatchState.PENDING
            dispatch.next_attempt_at = clock.now() + timedelta(seconds=_PAUSES_S[dispatch.attempts - 1])
            return
    _fail(outgoing, error)


def _fail(outgoing: Outgoing, error: PlatformError) -> None:
    """It will not go this way: the credit comes back, and a short message goes when no other way is left."""
    log.warning("message_refused", extra={"way": outgoing.way, "platform_code": error.platform_code})
    with unit_of_work() as session:
        # Two ways that fail in the same moment must see each other.
        session.execute(select(Message.id).where(Message.id == outgoing.message_id).with_for_update())
        if not _end(session, outgoing, state=DispatchState.FAILED, platform_code=error.platform_code):
            return
        if outgoing.way == Way.SMS:
            return
        if error.platform_code not in _NO_CREDIT_THERE:
            platform = SUBSCRIBED_WAYS[Way(outgoing.way)]
            allowances.add(
                session, citizen_id=outgoing.citizen_id, platform=platform, template=outgoing.template
            )
        _send_sms_instead(session, outgoing)


def _send_sms_instead(session: Session, outgoing: Outgoing) -> None:
    told = exists().where(Dispatch.message_id == outgoing.message_id, Dispatch.state.in_(_TOLD_OR_ABOUT_TO))
    if not session.scalar(select(told)):
        session.execute(
            insert(Dispatch)
            .values(
                message_id=outgoing.message_id,
                way=Way.SMS.value,
                template=outgoing.template,
                fields={},
                next_attempt_at=clock.now(),
            )
            .on_conflict_do_nothing()
        )
