"""Using an entry of the locker and removing one (用以前交过的、删除): one tap each."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.cases import handing_in
from app.consents import queries as consents
from app.consents.purposes import Purpose
from app.db import LARGEST_ID
from app.locker import ageing, queries
from app.locker.errors import LockerItemNotFound, LockerItemUnfit, LockerNotAgreed
from app.locker.models import LockerItem, LockerUse
from app.materials import queries as material_queries
from app.materials import service as materials
from app.materials.models import Photo


def use(session: Session, *, citizen_id: int, case_no: str, material_code: str, item_id: int) -> list[Photo]:
    """Let the pages of an entry also be pages of a citizen's own case; all pages the material has then.

    They are ordinary pages from here on, and doing it again changes nothing. Consent, entry and files are
    held: who takes one back, or shuts a page away, in this moment comes before the use or after it.
    Raises LockerNotAgreed, LockerItemNotFound, LockerItemUnfit, TooManyPages, and as `handing_in.add_photo`.
    """
    case, name = handing_in.open_material(
        session, citizen_id=citizen_id, case_no=case_no, material_code=material_code
    )
    if not _agreed(session, citizen_id):
        raise LockerNotAgreed
    item = _held(session, citizen_id, item_id)
    if ageing.kind_of(name) != item.kind:
        raise LockerItemUnfit
    there = material_queries.of_material(session, case_id=case.id, material_code=material_code)
    pages = material_queries.of_material(session, case_id=item.case_id, material_code=item.material_code)
    new = queries.new_pages(pages, there)
    shared = materials.share(session, pages=new, case_id=case.id, material_code=material_code)
    _refuse_part(session, citizen_id, item_id)
    if shared:
        session.add(
            LockerUse(
                citizen_id=citizen_id,
                from_case_id=item.case_id,
                case_id=case.id,
                material_code=material_code,
                name=item.name,
                pages=len(shared),
                used_at=clock.now(),
            )
        )
        session.flush()
        _note(session, citizen_id, action="locker_item_used", subject=f"case:{case.case_no}")
    return [*there, *shared]


def remove(session: Session, *, citizen_id: int, item_id: int) -> None:
    """Take an entry out of the locker (删除); its case keeps its photos. Doing it again changes nothing.

    Raises LockerItemNotFound, also for another citizen's.
    """
    if item_id > LARGEST_ID:
        raise LockerItemNotFound
    removed = session.scalar(
        update(LockerItem)
        .where(LockerItem.id == item_id, LockerItem.citizen_id == citizen_id)
        .values(removed_at=func.coalesce(LockerItem.removed_at, clock.now()))
        .returning(LockerItem.id)
    )
    if removed is None:
        raise LockerItemNotFound
    _note(session, citizen_id, action="locker_item_removed", subject=f"citizen:{citizen_id}")


def _agreed(session: Session, citizen_id: int) -> bool:
    """Whether the citizen agrees; until this unit of work ends it cannot be taken back."""
    return consents.allows(session, citizen_id=citizen_id, purpose=Purpose.LOCKER, hold=True)


def _held(session: Session, citizen_id: int, item_id: int) -> LockerItem:
    """One live entry of a citizen; until this unit of work ends it cannot be removed."""
    if item_id > LARGEST_ID:
        raise LockerItemNotFound
    mine = select(LockerItem).where(LockerItem.id == item_id, *queries.live(citizen_id))
    found = session.scalar(mine.with_for_update(read=True).execution_options(populate_existing=True))
    if found is None:
        raise LockerItemNotFound
    return found


def _refuse_part(session: Session, citizen_id: int, item_id: int) -> None:
    """Look again once the files are held: without a page that was shut away meanwhile it is not the entry.

    Raises LockerItemNotFound.
    """
    _held(session, citizen_id, item_id)


def _note(session: Session, citizen_id: int, *, action: str, subject: str) -> None:
    actor = f"citizen:{citizen_id}"
    audit.record(session, actor=actor, action=action, subject=subject, citizen_id=citizen_id)
