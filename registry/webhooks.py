"""Where the registry reports to (登记信息推送). Verified before anything else; the same event is taken once.

Success is answered only once the event is in the database, so a crash makes the registry tell it again. What
is told about things we do not have, or in words we do not know, is kept and answered like the rest: telling
it again would change nothing.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.cases import notices
from app.db import Session, unit_of_work
from app.enterprises import inbox
from app.enterprises.inbox import Fate, Told
from platforms import directory
from platforms.errors import BadSignature, Malformed
from platforms.registry_events import RegistryEvent
from registry import changes
from web.callers import SIGNED
from web.door import Door

log = logging.getLogger(__name__)

door = Door("registry_webhooks", __name__, url_prefix="/webhooks/registry")

# The session, the event, and the row in which it was kept.
Change = Callable[[Session, RegistryEvent, int], object]

# A notice may be announced some days before it begins.
_ANNOUNCED_AHEAD = timedelta(days=31)

# What is told, in which respect it replaces what was told before, and what it changes here.
_KINDS: Final[Mapping[str, tuple[str, Change]]] = {
    **{kind: (respect.field, changes.unit_changed) for kind, respect in changes.RESPECTS.items()},
    "enterprise.registered": ("registered", changes.unit_registered),
    "notice.published": (
        "notice",
        lambda session, event, _: notices.published(session, case_no=event.subject, on=event.happened_on),
    ),
    "notice.objected": (
        "objection",
        lambda session, event, _: notices.objected(session, case_no=event.subject, on=event.happened_on),
    ),
    "notice.objection_settled": (
        "objection",
        lambda session, event, _: notices.settled(session, case_no=event.subject, on=event.happened_on),
    ),
}


@door.post("/events", auth=SIGNED)
def registry_told() -> ResponseReturnValue:
    """The registry says that something was registered, changed or objected to."""
    door_of_registry = directory.current().registry_door
    if door_of_registry is None:
        return {"code": "not_joined"}, 404
    try:
        event = door_of_registry.open(
            timestamp=request.headers.get("X-Registry-Timestamp", ""),
            signature=request.headers.get("X-Registry-Signature", ""),
            body=request.get_data(cache=False),
        )
    except (BadSignature, Malformed) as error:
        log.warning("callback_refused", extra={"channel": "registry", "error": type(error).__name__})
        return {"code": "refused"}, 401
    return {"code": "ok", "taken": _take(event).value}


def _take(event: RegistryEvent) -> Fate:
    topic, change = _KINDS.get(event.kind, (event.kind, None))
    told = Told(
        event_id=event.event_id,
        kind=event.kind,
        subject=event.subject,
        topic=topic,
        sequence=event.sequence,
        happened_on=event.happened_on,
        values=event.values,
    )
    with unit_of_work() as session:
        taken = inbox.take(session, told)
        if taken.fate is Fate.NEWEST and change is not None and _may_be(event.happened_on):
            change(session, event, taken.message_id)
    return taken.fate


def _may_be(day: date) -> bool:
    """Whether something can have happened, or be announced for, a day; what cannot is kept like the rest."""
    believed = day <= clock.today() + _ANNOUNCED_AHEAD
    if not believed:
        log.warning("registry_told_of_a_day_to_come", extra={"day": day.isoformat()})
    return believed
