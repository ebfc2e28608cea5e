"""What can be done with photos of materials (材料照片): expect, store, attach, replace, remove, arrange.

The caller holds the case's row, so pages cannot be counted or moved by two requests at once.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import clock
from app.events import publish
from app.materials import queries
from app.materials.errors import OrderMismatch, PageTwice, TooManyPages, UploadExpired
from app.materials.events import PhotoShutAway
from app.materials.models import LooseFile, Photo
from app.materials.photos import PreparedPhoto
from app.materials.scanning import Scan
from app.storage import storage

PAGES_PER_MATERIAL = 12
PAGES_PER_CASE = 80

# The office's own photos of a record (现场照片) begin like this: they take nothing of the applicant's room.
RECORD = "visit-"

# Far longer than any request lives: past it a file without a photo is what a crash left behind.
_ON_ITS_WAY = timedelta(hours=1)
_QUARANTINE = timedelta(days=30)


def expect(session: Session, *, case_id: int, material_code: str, instead_of: int | None = None) -> str:
    """A random key for a photo on its way in; `instead_of` is the page whose place it takes.

    Raises TooManyPages or PhotoNotFound before anything is decoded. The key is noted as a loose file and
    committed before the bytes are written, so that a crash between the two leaves nothing that is never
    found again.
    """
    if instead_of is None:
        _refuse_too_many(session, case_id, material_code)
    else:
        queries.photo(session, case_id=case_id, material_code=material_code, photo_id=instead_of)
    key = f"photos/{secrets.token_hex(1)}/{secrets.token_hex(20)}"
    for loose in queries.files(key):
        session.add(LooseFile(storage_key=loose, remove_after=clock.now() + _ON_ITS_WAY))
    session.flush()
    return key


def store(key: str, prepared: PreparedPhoto) -> None:
    """Write the photo and its small picture, encrypted; never call it inside a unit of work."""
    storage().put(key, prepared.content)
    storage().put(queries.thumbnail_key(key), prepared.small)


def attach(
    session: Session, *, case_id: int, material_code: str, key: str, prepared: PreparedPhoto
) -> tuple[Photo, bool]:
    """Add a stored photo as the material's last page; the same picture again is the page it already is.

    Returns the photo and whether it is new. Raises TooManyPages, and UploadExpired when the file has been
    cleared away meanwhile.
    """
    same = queries.same_page(session, case_id=case_id, material_code=material_code, sha256=prepared.sha256)
    if same is not None:
        return same, False
    last = _refuse_too_many(session, case_id, material_code)
    _claim(session, key)
    photo = _kept(key, prepared, case_id=case_id, material_code=material_code, page=last + 1)
    session.add(photo)
    session.flush()
    return photo, True


def replace(
    session: Session,
    *,
    case_id: int,
    material_code: str,
    photo_id: int,
    key: str,
    prepared: PreparedPhoto,
    was_seen: bool,
) -> tuple[Photo, bool]:
    """Put a stored photo into the place of a page (重拍); the very same page stays.

    The old page is thrown away, or set aside when the office has seen it.
    Of two that take the same place the first has it. Returns the photo and whether it is new. Raises
    PhotoNotFound when the page has gone meanwhile, PageTwice when the picture is another page already,
    and UploadExpired.
    """
    old = queries.photo(session, case_id=case_id, material_code=material_code, photo_id=photo_id)
    same = queries.same_page(session, case_id=case_id, material_code=material_code, sha256=prepared.sha256)
    if same is not None and same.id != old.id:
        raise PageTwice
    if same is not None:
        return same, False
    _claim(session, key)
    take = set_aside if was_seen else remove
    take(session, case_id=case_id, material_code=material_code, photo_id=old.id)
    photo = _kept(key, prepared, case_id=case_id, material_code=material_code, page=old.page)
    session.add(photo)
    session.flush()
    return photo, True


def remove(session: Session, *, case_id: int, material_code: str, photo_id: int) -> None:
    """Take a page away; its files go with the next clearing. Raises PhotoNotFound."""
    _throw_away(
        session, queries.photo(session, case_id=case_id, material_code=material_code, photo_id=photo_id)
    )


def set_aside(session: Session, *, case_id: int, material_code: str, photo_id: int) -> None:
    """Take a page out of a material and keep its file, for it was handed in once. Raises PhotoNotFound."""
    page = queries.photo(session, case_id=case_id, material_code=material_code, photo_id=photo_id)
    page.deleted_at = page.set_aside_at = clock.now()
    session.flush()


def remove_all(session: Session, *, case_id: int) -> None:
    """Take every page of a case away, as when a draft is thrown away that nobody else has seen.

    In the order of their files, so that two cases that share files do not wait for each other in a circle.
    """
    pages = [photo for pages in queries.of_case(session, case_id=case_id).values() for photo in pages]
    for photo in sorted(pages, key=lambda photo: photo.storage_key):
        _throw_away(session, photo)


def share(session: Session, *, pages: Sequence[Photo], case_id: int, material_code: str) -> list[Photo]:
    """Let the pages of one material also serve another case's material; no file is copied (一次提交).

    A page that is thrown away in this moment is passed over: whoever comes second sees what the first did.
    Returns the pages that the other case has now. Raises TooManyPages.
    """
    for page in sorted(pages, key=lambda photo: photo.storage_key):
        _lock_file(session, page.storage_key)
    shared = []
    for page in pages:
        session.refresh(page)
        if page.deleted_at is None:
            last = _refuse_too_many(session, case_id, material_code)
            shared.append(_also_for(page, case_id=case_id, material_code=material_code, page=last + 1))
            session.add(shared[-1])
            session.flush()
    return shared


def shut_away(session: Session, *, storage_key: str) -> list[Photo]:
    """Take a file in which a virus was found out of every case that uses it (隔离); the pages it was.

    Nobody is given it any more. The bytes lie encrypted for so many days for whoever has to look into it.
    """
    _lock_file(session, storage_key)
    live = (
        select(Photo).where(Photo.storage_key == storage_key, Photo.deleted_at.is_(None)).order_by(Photo.id)
    )
    pages = list(session.scalars(live.execution_options(populate_existing=True)))
    for page in pages:
        page.scan, page.deleted_at = Scan.INFECTED.value, clock.now()
    if pages:
        for loose in queries.files(storage_key):
            session.add(LooseFile(storage_key=loose, remove_after=clock.now() + _QUARANTINE))
    session.flush()
    for page in pages:
        publish(session, PhotoShutAway(page.id, page.case_id))
    return pages


def arrange(session: Session, *, case_id: int, material_code: str, photo_ids: Sequence[int]) -> list[Photo]:
    """Put a material's pages into an order that names each exactly once; raises OrderMismatch."""
    pages = queries.of_material(session, case_id=case_id, material_code=material_code)
    by_id = {photo.id: photo for photo in pages}
    if len(photo_ids) != len(pages) or set(photo_ids) != set(by_id):
        raise OrderMismatch
    arranged = [by_id[photo_id] for photo_id in photo_ids]
    for page, photo in enumerate(arranged, start=1):
        photo.page = page
    session.flush()
    return arranged


def _claim(session: Session, key: str) -> None:
    """Make a photo's loose files somebody's; raises UploadExpired when one has been given up."""
    files = queries.files(key)
    claimed = (
        delete(LooseFile)
        .where(LooseFile.storage_key.in_(files), LooseFile.given_up_at.is_(None))
        .returning(LooseFile.storage_key)
    )
    if len(session.scalars(claimed).all()) < len(files):
        raise UploadExpired


def _kept(key: str, prepared: PreparedPhoto, *, case_id: int, material_code: str, page: int) -> Photo:
    now = clock.now()
    return Photo(
        case_id=case_id,
        material_code=material_code,
        page=page,
        storage_key=key,
        width=prepared.width,
        height=prepared.height,
        size_bytes=len(prepared.content),
        sha256=prepared.sha256,
        findings=[asdict(finding) for finding in prepared.findings],
        created_at=now,
        thumbnail_at=now,
        scan=prepared.scan.value,
        scan_after=now if prepared.scan is Scan.UNKNOWN else None,
    )


def _also_for(photo: Photo, *, case_id: int, material_code: str, page: int) -> Photo:
    return Photo(
        case_id=case_id,
        material_code=material_code,
        page=page,
        storage_key=photo.storage_key,
        width=photo.width,
        height=photo.height,
        size_bytes=photo.size_bytes,
        sha256=photo.sha256,
        findings=photo.findings,
        created_at=clock.now(),
        thumbnail_at=photo.thumbnail_at,
        scan=photo.scan,
        scan_after=photo.scan_after,
    )


def _lock_file(session: Session, key: str) -> None:
    """Hold every row that uses a file: sharing it and throwing its last row away exclude each other."""
    rows = select(Photo.id).where(Photo.storage_key == key, Photo.deleted_at.is_(None)).order_by(Photo.id)
    session.execute(rows.with_for_update())


def _throw_away(session: Session, photo: Photo) -> None:
    """The file becomes loose only with its last row: the other parts of a matter may still use it.

    A page that was shut away in this moment has its days to lie already.
    """
    key = photo.storage_key
    _lock_file(session, key)
    session.refresh(photo)
    if photo.deleted_at is not None:
        return
    photo.deleted_at = clock.now()
    session.flush()
    if not queries.file_in_use(session, storage_key=key):
        for loose in queries.files(key):
            session.add(LooseFile(storage_key=loose, remove_after=clock.now()))
        session.flush()


def _refuse_too_many(session: Session, case_id: int, material_code: str) -> int:
    """The number of the material's last page; raises TooManyPages when there is no room for another."""
    of_material = Photo.material_code == material_code
    of_record = Photo.material_code.startswith(RECORD, autoescape=True)
    alike = of_record if material_code.startswith(RECORD) else ~of_record
    in_case, here, last = session.execute(
        select(
            func.count().filter(alike),
            func.count().filter(of_material),
            func.coalesce(func.max(Photo.page).filter(of_material), 0),
        ).where(Photo.case_id == case_id, Photo.deleted_at.is_(None))
    ).one()
    if here >= PAGES_PER_MATERIAL:
        raise TooManyPages(most=PAGES_PER_MATERIAL)
    if in_case >= PAGES_PER_CASE:
        raise TooManyPages(most=PAGES_PER_CASE)
    return int(last)
