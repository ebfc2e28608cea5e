"""Telling the province's bus of hand-overs, and asking what became of them (移交流转).

Each step is: claim a row and commit → tell or ask the bus → write the outcome in a second unit of work. A
row that was told before is asked about first: when only the acknowledgement was lost, nothing is sent again.
"""

from app import batches
from app.cases.models import Case
from app.db import Session, unit_of_work
from app.transfers import service
from app.transfers.models import Transfer, TransferState
from platforms import directory, failures
from platforms.bus import Bus, HandOver
from platforms.errors import PlatformError, Refused

_BATCH = 50


def follow() -> int:
    """Tell and ask about every hand-over whose moment has come (job); how many. Safe to repeat."""
    client = directory.current().bus
    if client is None:
        return 0
    return batches.one_by_one(_claim, lambda due: _settle(client, *due), kind="transfer", at_most=_BATCH)


def _claim(session: Session) -> tuple[Transfer, HandOver] | None:
    transfer = service.claim_open(session)
    if transfer is None:
        return None
    case = session.get_one(Case, transfer.case_id)
    told = HandOver(
        reference=transfer.reference,
        case_no=case.case_no,
        task_code=case.task_code,
        from_code=transfer.from_code,
        to_code=transfer.to_code,
    )
    return transfer, told


def _settle(client: Bus, transfer: Transfer, told: HandOver) -> bool:
    """Whether the bus answered; what it answered is written down."""
    known = transfer.state == TransferState.SENT.value or transfer.checks > 1
    try:
        fact = client.ask(told.reference) if known else None
        fact = fact or client.hand_over(told)
    except Refused as error:
        failures.note(error)
        with unit_of_work() as session:
            service.note_refused(session, transfer_id=transfer.id, reason=error.platform_code)
        return True
    except PlatformError as error:
        failures.note(error)
        return False
    with unit_of_work() as session:
        service.note_sent(session, transfer_id=transfer.id, bus_no=fact.number)
        if fact.received_at is not None:
            service.note_received(session, transfer_id=transfer.id, at=fact.received_at)
    return True
