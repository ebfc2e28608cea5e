"""Background work on photos (照片后台任务): asking about viruses again, clearing files that nobody owns."""

import logging
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from app import clock
from app.audit import service as audit
from app.db import unit_of_work
from app.materials import scanning, service
from app.materials.models import LooseFile, Photo
from app.materials.scanning import Scan
from app.storage import FileMissingError, storage

log = logging.getLogger(__name__)

_BATCH = 200
_FILES_AT_ONCE = 20
# After each try twice as long, up to so long: a scanner that is back finds everything within the hour.
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
_DOUBLINGS = 6


def scan_again() -> int:
    """Ask again about photos of which the scanner could not tell (job); how many files it told of now.

    Safe to repeat and to run in parallel: a file's next turn is set before it is asked about, so that a run
    that dies leaves it for a later one. Called in its own batch, never inside a unit of work.
    """
    told = 0
    for key in _due_for_scan():
        try:
            found = scanning.look_through(storage().get(key))
        except FileMissingError:
            log.exception("photo_file_missing", extra={"storage_key": key})
            continue
        told += found is not Scan.UNKNOWN
        _write_down(key, found)
    return told


def _due_for_scan() -> list[str]:
    """The next files to ask about, each once; their turns are put off first."""
    due = (
        select(Photo.id)
        .where(Photo.scan == Scan.UNKNOWN, Photo.deleted_at.is_(None), Photo.scan_after <= clock.now())
        .order_by(Photo.scan_after)
        .limit(_FILES_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    doubled = _FIRST_PAUSE * func.power(2, func.least(Photo.scan_tries, _DOUBLINGS))
    with unit_of_work() as session:
        keys = session.scalars(
            update(Photo)
            .where(Photo.id.in_(due))
            .values(
                scan_tries=Photo.scan_tries + 1,
                scan_after=clock.now() + func.least(doubled, _LONGEST_PAUSE),
            )
            .returning(Photo.storage_key)
            .execution_options(synchronize_session=False)
        ).all()
    return list(dict.fromkeys(keys))


def _write_down(key: str, found: Scan) -> None:
    if found is Scan.UNKNOWN:
        return
    with unit_of_work() as session:
        if found is Scan.INFECTED:
            pages = service.shut_away(session, storage_key=key)
            about = [(f"photo:{page.id}", {"material": page.material_code}) for page in pages]
            audit.record_all(session, actor="system", action="photo_shut_away", about=about)
            return
        # Without a scanner meanwhile (`off`), the photo is as every other one of such a city.
        session.execute(
            update(Photo).where(Photo.storage_key == key, Photo.scan == Scan.UNKNOWN).values(scan=found.value)
        )


def clear_loose_files() -> int:
    """Remove files that no photo owns (job); how many. Safe to repeat and to run in parallel.

    A file is first given up in the database, so that no upload can take it; its note goes after the file
    itself, so that a crash between the two is made good by the next run.
    """
    cleared = 0
    while batch := _clear_batch():
        cleared += batch
    return cleared


def _clear_batch() -> int:
    loose = (
        select(LooseFile.storage_key)
        .where(LooseFile.remove_after < clock.now())
        .order_by(LooseFile.remove_after)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work() as session:
        keys = session.scalars(
            update(LooseFile)
            .where(LooseFile.storage_key.in_(loose))
            .values(given_up_at=clock.now())
            .returning(LooseFile.storage_key)
        ).all()
    for key in keys:
        storage().delete(key)
    with unit_of_work() as session:
        session.execute(delete(LooseFile).where(LooseFile.storage_key.in_(keys)))
    return len(keys)
