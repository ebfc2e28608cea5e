"""What can be asked about photos of materials (查询材料照片)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from app.materials.errors import PhotoNotFound
from app.materials.models import Photo
from app.storage import FileMissingError, storage

# An address may hold a longer number than the database has ids.
_ID_BITS = 63
# Put together once: every step of a case asks it, and putting a statement together takes as long as asking.
_ALL_LIVE = select(Photo).where(Photo.deleted_at.is_(None)).order_by(Photo.page, Photo.id)
_LIVE = _ALL_LIVE.where(Photo.case_id == bindparam("case_id"))
_LIVE_OF_SEVERAL = _ALL_LIVE.where(Photo.case_id.in_(bindparam("case_ids", expanding=True)))


def of_case(session: Session, *, case_id: int) -> dict[str, list[Photo]]:
    """The live photos of a case by material code, in the order of their pages."""
    found: dict[str, list[Photo]] = {}
    for photo in session.scalars(_LIVE, {"case_id": case_id}):
        found.setdefault(photo.material_code, []).append(photo)
    return found


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, dict[str, list[Photo]]]:
    """The live photos of several cases, each by material code: one statement for all."""
    found: dict[int, dict[str, list[Photo]]] = {case_id: {} for case_id in case_ids}
    for photo in session.scalars(_LIVE_OF_SEVERAL, {"case_ids": list(case_ids)}):
        found[photo.case_id].setdefault(photo.material_code, []).append(photo)
    return found


def file_in_use(session: Session, *, storage_key: str) -> bool:
    """Whether a photo of any case uses a stored file: a live one, or one that was set aside."""
    kept = or_(Photo.deleted_at.is_(None), Photo.set_aside_at.is_not(None))
    used = exists().where(Photo.storage_key == storage_key, kept)
    return bool(session.scalar(select(used)))


def first_taken(session: Session, *, storage_keys: Collection[str]) -> dict[str, datetime]:
    """When each of several stored files was first handed in, whichever case uses it since."""
    asked = select(Photo.storage_key, func.min(Photo.created_at)).where(Photo.storage_key.in_(storage_keys))
    return {row[0]: row[1] for row in session.execute(asked.group_by(Photo.storage_key))}


def handed_in(session: Session, *, photo_ids: Collection[int]) -> Sequence[Photo]:
    """Photos that were handed in once, those set aside too, in the order of their pages."""
    kept = or_(Photo.deleted_at.is_(None), Photo.set_aside_at.is_not(None))
    asked = select(Photo).where(Photo.id.in_(photo_ids), kept)
    return session.scalars(asked.order_by(Photo.material_code, Photo.page, Photo.id)).all()


def of_material(session: Session, *, case_id: int, material_code: str) -> Sequence[Photo]:
    """The live photos of one material, in the order of their pages."""
    return of_case(session, case_id=case_id).get(material_code, [])


def photo(session: Session, *, case_id: int, material_code: str, photo_id: int) -> Photo:
    """One live photo; raises PhotoNotFound, also for another case's."""
    if photo_id.bit_length() > _ID_BITS:
        raise PhotoNotFound
    found = session.scalar(
        select(Photo).where(
            Photo.id == photo_id,
            Photo.case_id == case_id,
            Photo.deleted_at.is_(None),
        )
    )
    # Judged here: the code comes from an address and may hold what the database cannot even read.
    if found is None or found.material_code != material_code:
        raise PhotoNotFound
    return found


def same_page(session: Session, *, case_id: int, material_code: str, sha256: bytes) -> Photo | None:
    """The live photo of a material that is this very picture, if there is one."""
    return session.scalar(
        select(Photo).where(
            Photo.case_id == case_id,
            Photo.material_code == material_code,
            Photo.sha256 == sha256,
            Photo.deleted_at.is_(None),
        )
    )


def files(storage_key: str) -> tuple[str, str]:
    """Every file of a stored photo: itself and its small picture."""
    return storage_key, thumbnail_key(storage_key)


def thumbnail_key(storage_key: str) -> str:
    """Where the small picture of a stored photo lies."""
    return f"{storage_key}-thumb"


def content(photo: Photo, *, thumb: bool) -> bytes:
    """The bytes of a photo, always a JPEG of ours; never call it inside a unit of work.

    Of photos from before small pictures were made on the way in the large one is given. Raises PhotoNotFound.
    """
    key = photo.storage_key
    if thumb and photo.thumbnail_at is not None:
        key = thumbnail_key(key)
    try:
        return storage().get(key)
    except FileMissingError as error:
        raise PhotoNotFound from error
