"""Sending (发送): one job is a batch. Each dispatch is claimed and committed before the network is asked.

A platform cannot tell us whether a message of ours arrived, so what was interrupted between claim and answer
is `unknown` and is never sent again; the message itself stays readable in the app.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, queues, settings
from app.db import unit_of_work
from app.people import queries as people
from app.people.models import Platform
from notifications.models import Dispatch, DispatchState, Message, Way
from platforms import directory
from platforms.errors import Busy, PlatformError, Refused

log = logging.getLogger(__name__)

BATCH = 100
_STALE_AFTER = timedelta(minutes=5)
_PAUSES_S = (10, 60, 300, 1800, 3600, 3 * 3600)
SMS_TEMPLATE = "city_notice"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """All that sending needs, read before the network is asked."""

    dispatch_id: int
    message_id: int
    way: str
    template: str
    fields: dict[str, str]
    page: str
    text: str
    address: str | None


def send_waiting() -> int:
    """Send what waits (job); how many were handled. Safe to repeat and to run in parallel."""
    queues.nudge_taken(send_waiting)
    handled = 0
    with unit_of_work() as session:
        _give_up_interrupted(session, clock.now())
    while batch := _claim():
        for outgoing in batch:
            _send_one(outgoing)
        handled += len(batch)
    return handled


def _claim() -> list[Outgoing]:
    with unit_of_work() as session:
        waiting = (
            select(Dispatch, Message)
            .join(Message, Message.id == Dispatch.message_id)
            .where(Dispatch.state == DispatchState.PENDING, Dispatch.next_attempt_at <= clock.now())
            .order_by(Dispatch.next_attempt_at)
            .limit(BATCH)
            .with_for_update(of=Dispatch, skip_locked=True)
        )
        rows: Sequence[tuple[Dispatch, Message]] = [(row[0], row[1]) for row in session.execute(waiting)]
        for dispatch, _ in rows:
            dispatch.state = DispatchState.SENDING
            dispatch.attempts += 1
            dispatch.next_attempt_at = clock.now() + _STALE_AFTER
        return [_outgoing(session, dispatch, message) for dispatch, message in rows]


def _outgoing(session: Session, dispatch: Dispatch, message: Message) -> Outgoing:
    return Outgoing(
        dispatch_id=dispatch.id,
        message_id=message.id,
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
    platform = Platform.WECHAT if way == Way.WECHAT else Platform.ALIPAY
    return people.open_id(session, citizen_id=citizen_id, platform=platform)


def _give_up_interrupted(session: Session, now: datetime) -> None:
    session.execute(
        update(Dispatch)
        .where(Dispatch.state == DispatchState.SENDING, Dispatch.next_attempt_at < now)
        .values(state=DispatchState.UNKNOWN, platform_code="interrupted")
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
        session.execute(
            update(Dispatch)
            .where(Dispatch.id == outgoing.dispatch_id, Dispatch.state == DispatchState.SENDING)
            .values(
                state=state,
                platform_code=platform_code,
                sent_at=clock.now() if state is DispatchState.SENT else None,
            )
        )


def _put_off(outgoing: Outgoing, error: PlatformError) -> None:
    """Not executed, or harmless to repeat: again later, until the last pause is used up."""
    with unit_of_work() as session:
        dispatch = session.get_one(Dispatch, outgoing.dispatch_id, with_for_update=True)
        if dispatch.state != DispatchState.SENDING:
            return
        dispatch.platform_code = error.platform_code
        if dispatch.attempts > len(_PAUSES_S):
            dispatch.state = DispatchState.FAILED
            return
        dispatch.state = DispatchState.PENDING
        dispatch.next_attempt_at = clock.now() + timedelta(seconds=_PAUSES_S[dispatch.attempts - 1])


def _fail(outgoing: Outgoing, error: Refused) -> None:
    """The platform will not take it; a short message goes instead where there is a phone number."""
    log.warning("message_refused", extra={"way": outgoing.way, "platform_code": error.platform_code})
    _finish(outgoing, DispatchState.FAILED, error.platform_code)
    if outgoing.way == Way.SMS:
        return
    with unit_of_work() as session:
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
