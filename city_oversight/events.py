"""Telling what happened to licences and asking what became of it (推送、查询).

Each step is: claim a row and commit → ask the platform → write the outcome in a second unit of work. An event
that was told before is asked about first: when only the receipt was lost, nothing is told again.
"""

import hashlib

from app import batches
from app.db import unit_of_work
from app.oversight import sending
from app.oversight.models import OversightEvent
from app.oversight.sending import Claimed
from platforms import directory, failures
from platforms.errors import PlatformError, Refused
from platforms.oversight import Oversight

_BATCH = 50


def follow() -> int:
    """Tell every event whose moment has come (job); how many. Safe to repeat and in parallel."""
    client = directory.current().oversight
    if client is None:
        return 0
    return batches.one_by_one(
        sending.claim, lambda found: _settle(client, found), kind="oversight", at_most=_BATCH
    )


def _settle(client: Oversight, found: Claimed) -> bool:
    """Whether the platform answered; what it answered is written down."""
    with unit_of_work() as session:
        event = session.get_one(OversightEvent, found.event_id)
    content = event.sealed_content.encode()
    try:
        receipt = client.ask(event.event_no) if found.told_before else None
        if receipt is None:
            receipt = client.tell(event.event_no, content)
    except Refused as error:
        failures.note(error)
        _refused(event, error.platform_code)
        return True
    except PlatformError as error:
        failures.note(error)
        return False
    if receipt.sha256 != hashlib.sha256(content).hexdigest():
        _refused(event, "another_digest")
        return True
    with unit_of_work() as session:
        sending.note_received(session, event_id=event.id, receipt_no=receipt.number, at=receipt.at)
    return True


def _refused(event: OversightEvent, reason: str) -> None:
    with unit_of_work() as session:
        sending.note_refused(session, event_id=event.id, reason=reason)
