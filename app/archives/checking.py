"""Looking after archives (档案检查): is each what it was, and whose time is over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.archives import packing
from app.archives.models import Archive
from app.archives.packing import PackageDamagedError
from app.crypto import UnreadableError
from app.db import unit_of_work
from app.storage import FileMissingError, storage

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """An archive that is not what it was, and in what."""

    archive_no: str
    what: str


def faults() -> Iterator[Fault]:
    """Every archive that is not what it was when it was made (四性检测：真实性、完整性), read one by one."""
    last = 0
    while found := _some(last):
        for archive in found:
            last = archive.id
            fault = fault_of(archive)
            if fault is not None:
                yield fault


def fault_of(archive: Archive) -> Fault | None:
    """What is wrong with one archive; None when nothing is. Never call it inside a unit of work."""
    try:
        whole(archive)
    except PackageDamagedError as damaged:
        return Fault(archive.archive_no, str(damaged))
    return None


def whole(archive: Archive) -> bytes:
    """The package, looked through; raises PackageDamagedError. Never call it inside a unit of work."""
    try:
        content = storage().get(archive.storage_key)
    except FileMissingError as error:
        raise PackageDamagedError("the package is missing") from error
    except UnreadableError as error:
        raise PackageDamagedError("the stored bytes were changed, or their key is missing") from error
    packing.check(content, sha256=archive.sha256, index_sha256=archive.index_sha256)
    return content


def due(session: Session, *, on: date | None = None) -> Sequence[Archive]:
    """The archives whose time is over (保管期满): for a person to appraise."""
    over = select(Archive).where(Archive.keep_until < (on or clock.today()))
    return session.scalars(over.order_by(Archive.keep_until, Archive.id)).all()


def _some(after: int) -> Sequence[Archive]:
    asked = select(Archive).where(Archive.id > after).order_by(Archive.id).limit(_AT_ONCE)
    with unit_of_work() as session:
        return session.scalars(asked).all()
