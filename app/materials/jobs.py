"""Background work on photos (照片后台任务): small pictures, and clearing files that nobody owns."""

import logging
from datetime import timedelta

from sqlalchemy import delete, select, update

from app import clock, queues
from app.db import unit_of_work
from app.materials import photos, queries
from app.materials.models import LooseFile, Photo
from app.queues import Queue
from app.storage import FileMissingError, storage

log = logging.getLogger(__name__)

_BATCH = 200
_MOST_TRIES = 5
# Younger photos still have their first job ahead of them.
_OVERDUE = timedelta(minutes=2)


def make_thumbnail(photo_id: int) -> None:
    """Make the small picture of one photo (job); safe to repeat."""
    with unit_of_work() as session:
        key = session.scalar(
            select(Photo.storage_key).where(
                Photo.id == photo_id, Photo.deleted_at.is_(None), Photo.thumbnail_at.is_(None)
            )
        )
    if key is None:
        return
    try:
        small = photos.thumbnail(storage().get(key))
    except FileMissingError:
        log.exception("photo_file_missing", extra={"photo_id": photo_id})
        return
    thumb_key = queries.thumbnail_key(key)
    storage().put(thumb_key, small)
    with unit_of_work() as session:
        # The same file may serve several cases; with the last of them gone, nobody needs the small picture.
        kept = session.scalars(
            update(Photo)
            .where(Photo.storage_key == key, Photo.deleted_at.is_(None))
            .values(thumbnail_at=clock.now())
            .returning(Photo.id)
        ).all()
    if not kept:
        storage().delete(thumb_key)


def find_missing_thumbnails() -> int:
    """Ask again for small pictures that a lost Redis or a killed worker left unmade (job); how many."""
    waiting = (
        select(Photo.id)
        .where(
            Photo.thumbnail_at.is_(None),
            Photo.deleted_at.is_(None),
            Photo.thumbnail_tries < _MOST_TRIES,
            Photo.created_at < clock.now() - _OVERDUE,
        )
        .order_by(Photo.id)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work() as session:
        asked = session.scalars(
            update(Photo)
            .where(Photo.id.in_(waiting))
            .values(thumbnail_tries=Photo.thumbnail_tries + 1)
            .returning(Photo.id)
        ).all()
    for photo_id in asked:
        queues.enqueue(Queue.PHOTOS, make_thumbnail, photo_id)
    return len(asked)


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
