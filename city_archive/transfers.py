"""Handing packages over and asking what became of them (移交、查询).

Each step is: claim a row and commit → ask the archive system → write the outcome in a second unit of work. A
package that was told before is asked about first: when only the receipt was lost, nothing is sent again.
"""

from app import batches
from app.archives import checking, transfers
from app.archives.models import Archive
from app.archives.packing import PackageDamagedError
from app.archives.transfers import Claimed
from app.db import unit_of_work
from platforms import directory, failures
from platforms.archive import CityArchive
from platforms.errors import PlatformError, Refused
from platforms.receipts import DigestReceipt

_BATCH = 50


def follow() -> int:
    """Hand over every package whose moment has come (job); how many. Safe to repeat and in parallel."""
    client = directory.current().archive
    if client is None:
        return 0
    return batches.one_by_one(
        transfers.claim, lambda found: _settle(client, found), kind="archive", at_most=_BATCH
    )


def _settle(client: CityArchive, found: Claimed) -> bool:
    """Whether the archive system answered; what it answered is written down."""
    with unit_of_work() as session:
        archive = session.get_one(Archive, found.archive_id)
    try:
        receipt = client.ask(archive.archive_no) if found.told_before else None
        if receipt is None:
            receipt = client.hand_over(archive.archive_no, checking.whole(archive))
    except PackageDamagedError:
        _refused(archive, "package_damaged")
        return True
    except Refused as error:
        failures.note(error)
        _refused(archive, error.platform_code)
        return True
    except PlatformError as error:
        failures.note(error)
        return False
    _write_down(archive, receipt)
    return True


def _write_down(archive: Archive, receipt: DigestReceipt) -> None:
    if receipt.sha256 != archive.sha256.hex():
        _refused(archive, "another_digest")
        return
    with unit_of_work() as session:
        transfers.note_received(session, archive_id=archive.id, receipt_no=receipt.number, at=receipt.at)


def _refused(archive: Archive, reason: str) -> None:
    with unit_of_work() as session:
        transfers.note_refused(session, archive_id=archive.id, reason=reason)
