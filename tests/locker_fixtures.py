"""Lockers for tests: an earlier case whose photos an office took, and a later one that wants one (材料库)."""

from collections.abc import Sequence

from sqlalchemy import select

from app.consents import service as consents
from app.consents.purposes import Purpose
from app.db import unit_of_work
from app.locker import queries, service
from app.locker.models import LockerItem, LockerUse
from app.locker.queries import Kept, Offer
from app.materials.models import Photo
from tests import case_fixtures
from tests.app.materials.test_pages import different
from tests.catalogue_fixtures import item, publish

# Both items want a portrait (证件照片), under codes of their own.
EARLIER, LATER = "ID-LOST-M02", "ID-RENEW-M02"
RENEWAL = "11350100MB990001383350790002000"


def agree(citizen_id: int) -> None:
    """Open the locker."""
    with unit_of_work() as session:
        consents.give(session, citizen_id=citizen_id, purpose=Purpose.LOCKER, version=1, channel="wechat")


def withdraw(citizen_id: int) -> None:
    """Take the consent back."""
    with unit_of_work() as session:
        consents.withdraw(session, citizen_id=citizen_id, purpose=Purpose.LOCKER, channel="wechat")


def accepted_case(citizen_id: int) -> str:
    """A case that the office took as it was; its number."""
    case_no = case_fixtures.ready(citizen_id)
    case_fixtures.add_photo(citizen_id, case_no, "ID-LOST-M01")
    case_fixtures.submit(citizen_id, case_no)
    case_fixtures.accept(case_no)
    return case_no


def open_locker(citizen_id: int) -> LockerItem:
    """An open locker, with the papers of an accepted case in it: its portrait."""
    accepted_case(citizen_id)
    agree(citizen_id)
    return portrait(citizen_id)


def two_pages(citizen_id: int) -> Kept:
    """An open locker whose portrait has two pages."""
    first = case_fixtures.ready(citizen_id)
    case_fixtures.add_photo(citizen_id, first, "ID-LOST-M01")
    case_fixtures.add_photo(citizen_id, first, EARLIER, different(5))
    case_fixtures.submit(citizen_id, first)
    case_fixtures.accept(first)
    agree(citizen_id)
    (found,) = (kept for kept in kept_by(citizen_id) if kept.item.name == "证件照片")
    return found


def portrait(citizen_id: int) -> LockerItem:
    """The portrait in a locker."""
    (found,) = (kept.item for kept in kept_by(citizen_id) if kept.item.name == "证件照片")
    return found


def later_case(citizen_id: int) -> str:
    """A draft that wants the same portrait; its number."""
    publish(item("id-renew"))
    return case_fixtures.start(citizen_id, RENEWAL)


def kept_by(citizen_id: int) -> list[Kept]:
    """What is in a locker."""
    with unit_of_work() as session:
        return queries.of_citizen(session, citizen_id=citizen_id, limit=100)


def offered(citizen_id: int, case_no: str) -> list[Offer]:
    """What fits a draft."""
    with unit_of_work() as session:
        return queries.offers(session, citizen_id=citizen_id, case_no=case_no)


def use(citizen_id: int, case_no: str, item_id: int, code: str = LATER) -> list[Photo]:
    """One tap: the entry for a material of a draft."""
    with unit_of_work() as session:
        return service.use(
            session, citizen_id=citizen_id, case_no=case_no, material_code=code, item_id=item_id
        )


def remove(citizen_id: int, item_id: int) -> None:
    """One tap: out of the locker."""
    with unit_of_work() as session:
        service.remove(session, citizen_id=citizen_id, item_id=item_id)


def uses() -> Sequence[LockerUse]:
    """The whole log, oldest first."""
    with unit_of_work() as session:
        return session.scalars(select(LockerUse).order_by(LockerUse.id)).all()


def rows() -> Sequence[LockerItem]:
    """Every entry that is written down, removed ones too."""
    with unit_of_work() as session:
        return session.scalars(select(LockerItem).order_by(LockerItem.id)).all()
