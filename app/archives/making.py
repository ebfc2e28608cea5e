"""Making archives (归档): once per closed case, some days after its end; may run twice, late, in parallel.

Contents are read in one unit of work; files are read, packed and stored outside of any; then one row says so.
Two who make the same one make the same bytes under the same key, and one of their rows stands.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, troubles
from app.archives import contents as archive_contents
from app.archives import packing, retention, supplements
from app.archives.contents import Contents, Stored
from app.archives.models import Archive, ArchiveDocument, ArchiveTransfer, ArchiveTrouble
from app.archives.packing import PackageDamagedError
from app.cases.models import Case
from app.cases.states import State
from app.crypto import UnreadableError
from app.db import unit_of_work
from app.documents.models import Document
from app.materials.models import Photo
from app.materials.scanning import Scan
from app.promise_checks.models import PromiseCheck
from app.promise_checks.queries import TO_DO
from app.site_visits.models import SiteVisit, VisitState
from app.storage import FileMissingError, storage

log = logging.getLogger(__name__)

# Long enough for the last notices, a rating, and whoever finds a mistake at once.
AFTER: Final = timedelta(days=15)
_LONGEST_RUN_S: Final = 60
# What one case may come to grief by without holding up the others.
_TROUBLE = (UnreadableError, FileMissingError, PackageDamagedError, OSError)


def archive_closed() -> int:
    """Archive what was closed long enough ago, then what was issued of it since (job); how many packages."""
    ends_at = time.monotonic() + _LONGEST_RUN_S
    made = _run(_due(), archive_contents.of, ends_at=ends_at)
    return made + _run(supplements.due(), supplements.of, ends_at=ends_at)


def _run(due: Select[int], read: Callable[[Session, Case], Contents | None], *, ends_at: float) -> int:
    made, last = 0, 0
    while time.monotonic() < ends_at and (case_id := _next(due, last)) is not None:
        last = case_id
        try:
            with unit_of_work() as session:
                found = read(session, session.get_one(Case, case_id))
            made += found is not None and _make(found)
        except _TROUBLE as error:
            if troubles.is_new(ArchiveTrouble, error, case_id=case_id):
                log.exception("case_not_archived", extra={"case_id": case_id})
    return made


def _next(due: Select[int], after: int) -> int | None:
    """The next case; only its number, since the row itself may be unreadable."""
    with unit_of_work() as session:
        return session.scalar(due.where(Case.id > after).order_by(Case.id).limit(1))


def _due() -> Select[int]:
    """The cases that wait for their own package."""
    return select(Case.id).where(*unpacked(), *_nothing_under_way())


def unpacked() -> tuple[ColumnElement[bool], ...]:
    """What is closed for long enough and not archived yet (到期未归档)."""
    return (
        Case.state == State.CLOSED.value,
        Case.closed_at <= clock.now() - AFTER,
        ~exists().where(Archive.case_id == Case.id),
    )


def _nothing_under_way() -> tuple[ColumnElement[bool], ...]:
    """Every notice has its file, every photo was scanned, no promise is being looked into, no record is open.

    A trip that is still planned when its case is over took place, and its record is about to be closed.
    """
    return (
        ~exists().where(SiteVisit.case_id == Case.id, SiteVisit.state == VisitState.PLANNED.value),
        ~exists().where(PromiseCheck.case_id == Case.id, PromiseCheck.state.in_(TO_DO)),
        ~exists().where(Document.case_id == Case.id, Document.sha256.is_(None)),
        ~exists().where(
            Photo.case_id == Case.id, Photo.scan == Scan.UNKNOWN.value, Photo.deleted_at.is_(None)
        ),
    )


def _make(found: Contents) -> bool:
    """Pack, store, then say so; whether ours is the row that stands."""
    package = packing.pack(found, {one.name: _read(one) for one in found.stored})
    key = f"archives/{package.sha256.hex()[:2]}/{package.sha256.hex()}"
    storage().put(key, package.content)
    closed_on = clock.local(found.closed_at).date()
    new = insert(Archive).values(
        case_id=found.case_id,
        part=found.part,
        archive_no=found.archive_no,
        retention=found.retention.value,
        keep_until=retention.until(found.retention, closed_on=closed_on),
        storage_key=key,
        sha256=package.sha256,
        index_sha256=package.index_sha256,
        files=package.files,
        size_bytes=len(package.content),
        made_at=clock.now(),
    )
    with unit_of_work() as session:
        session.execute(delete(ArchiveTrouble).where(ArchiveTrouble.case_id == found.case_id))
        # By whichever of its unique numbers the other one came first.
        archive_id = session.scalar(new.on_conflict_do_nothing().returning(Archive.id))
        if archive_id is None:
            return False
        session.add_all(ArchiveDocument(document_id=one, archive_id=archive_id) for one in found.document_ids)
        session.add(ArchiveTransfer(archive_id=archive_id, next_check_at=clock.now()))
        return True


def _read(one: Stored) -> bytes:
    content = storage().get(one.storage_key)
    if one.sha256 and hashlib.sha256(content).hexdigest() != one.sha256:
        raise PackageDamagedError(f"{one.name} is not the file that was issued")
    return content
