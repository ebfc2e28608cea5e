"""Background work on photos (照片后台任务): clearing files that nobody owns."""

from sqlalchemy import delete, select, update

from app import clock
from app.db import unit_of_work
from app.materials.models import LooseFile
from app.storage import storage

_BATCH = 200


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
