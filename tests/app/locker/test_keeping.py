"""What comes into the locker: what an office took as it was, with consent, for a time."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.cases import upkeep
from app.cases.models import Case
from app.db import unit_of_work
from app.locker import ageing, keeping
from app.locker.models import LockerItem
from app.materials import jobs
from app.materials import service as materials
from app.materials.models import Photo
from tests import case_fixtures, owed_fixtures
from tests.app.people import leaving
from tests.catalogue_fixtures import publish
from tests.city_fixtures import MONDAY
from tests.company_fixtures import company_of
from tests.locker_fixtures import (
    EARLIER,
    accepted_case,
    agree,
    kept_by,
    later_case,
    offered,
    open_locker,
    portrait,
    remove,
    rows,
    use,
    uses,
    withdraw,
)

Deliver = Callable[[], None]
A_DAY = timedelta(days=1)


def names(citizen_id: int) -> list[str]:
    return sorted(kept.item.name for kept in kept_by(citizen_id))


def test_nothing_is_kept_of_whoever_was_not_asked(citizen: int, deliver: Deliver) -> None:
    accepted_case(citizen)
    deliver()

    assert rows() == []


def test_with_consent_an_accepted_case_leaves_its_photos(citizen: int, deliver: Deliver) -> None:
    agree(citizen)
    accepted_case(citizen)
    deliver()
    deliver()

    assert names(citizen) == ["居民户口簿或机动车驾驶证等身份佐证", "证件照片"]


def test_whoever_agrees_finds_what_the_year_before_has_brought(citizen: int) -> None:
    accepted_case(citizen)
    case_fixtures.submitted(citizen)  # nobody has looked at this one yet

    agree(citizen)

    assert len(kept_by(citizen)) == 2


def test_what_silence_accepted_comes_in_with_the_grant(citizen: int, deliver: Deliver) -> None:
    agree(citizen)
    case_no = case_fixtures.submitted(citizen)
    with clock.stopped_at(MONDAY + 10 * A_DAY):
        upkeep.deem_accepted()
        deliver()
        assert rows() == []

        case_fixtures.pay(case_no)
        case_fixtures.decide(case_no)
        deliver()
    assert "证件照片" in names(citizen)


def test_a_refusal_takes_its_photos_out(citizen: int, deliver: Deliver) -> None:
    agree(citizen)
    case_no = case_fixtures.accepted(citizen)
    deliver()
    case_fixtures.decide(case_no, granted=False, reason="照片不是本人", legal_basis="《居民身份证法》第十条")
    deliver()

    assert rows() == []


def test_what_is_owed_comes_in_when_it_was_checked(citizen: int, deliver: Deliver) -> None:
    publish(owed_fixtures.tolerant_item())
    agree(citizen)
    case_no = owed_fixtures.accepted(citizen)
    owed_fixtures.bring(citizen, case_no)
    owed_fixtures.deliver(citizen, case_no)
    deliver()
    assert "证件照片" not in names(citizen)

    owed_fixtures.check(case_no)
    deliver()
    assert "证件照片" in names(citizen)


def test_the_same_pages_are_there_once_and_grow_no_younger(citizen: int, deliver: Deliver) -> None:
    first = open_locker(citizen)
    with clock.stopped_at(MONDAY + 30 * A_DAY):
        case_no = later_case(citizen)
        use(citizen, case_no, first.id)
        case_fixtures.fill(citizen, case_no)
        case_fixtures.add_photo(citizen, case_no, "ID-RENEW-M01")
        case_fixtures.submit(citizen, case_no)
        case_fixtures.accept(case_no, fee_codes=[])
        deliver()

        assert portrait(citizen).expires_on == first.expires_on == date(2027, 5, 16)


def test_what_has_expired_is_not_offered_and_is_deleted(citizen: int) -> None:
    entry = open_locker(citizen)
    case_no = later_case(citizen)
    last_day = MONDAY + (entry.expires_on - entry.taken_on)

    with clock.stopped_at(last_day):
        assert (len(offered(citizen, case_no)), keeping.forget_expired()) == (1, 0)
    with clock.stopped_at(last_day + A_DAY):
        assert offered(citizen, case_no) == []
        assert keeping.forget_expired() == 1


def test_taking_the_consent_back_empties_the_locker_at_once(citizen: int) -> None:
    entry = open_locker(citizen)
    remove(citizen, entry.id)

    withdraw(citizen)
    assert [row.id for row in rows()] == [entry.id]

    agree(citizen)
    assert names(citizen) == ["居民户口簿或机动车驾驶证等身份佐证"]  # what was removed by hand stays out


def test_an_entry_goes_and_its_case_keeps_the_file(citizen: int) -> None:
    entry = open_locker(citizen)
    withdraw(citizen)
    with clock.shifted_by(timedelta(hours=2)):
        jobs.clear_loose_files()

    with unit_of_work() as session:
        page = session.scalars(
            select(Photo).where(Photo.case_id == entry.case_id, Photo.material_code == EARLIER)
        ).one()
    assert page.deleted_at is None


def test_a_virus_found_later_takes_the_entry_away(citizen: int) -> None:
    entry = open_locker(citizen)
    with unit_of_work() as session:
        page = session.scalars(
            select(Photo).where(Photo.case_id == entry.case_id, Photo.material_code == EARLIER)
        ).one()
        materials.shut_away(session, storage_key=page.storage_key)

    assert "证件照片" not in names(citizen)


def test_a_companys_papers_stay_out(citizen: int) -> None:
    case_no = accepted_case(citizen)
    company = company_of(citizen)
    with unit_of_work() as session:
        session.scalars(select(Case).where(Case.case_no == case_no)).one().organisation_id = company
    agree(citizen)

    assert rows() == []


def test_a_closed_account_leaves_no_locker(citizen: int) -> None:
    case_no = accepted_case(citizen)
    agree(citizen)
    use(citizen, later_case(citizen), portrait(citizen).id)
    case_fixtures.withdraw(citizen, case_no)
    leaving.leave(citizen)

    assert (rows(), uses()) == ([], [])


def test_no_entry_may_be_used_for_more_than_a_year(citizen: int) -> None:
    entry = open_locker(citizen)

    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.get_one(LockerItem, entry.id).expires_on = entry.taken_on + 367 * A_DAY


@pytest.mark.parametrize(
    ("material", "months"),
    [
        ({"material_type": "1", "license_key": "ID_CARD"}, 12),
        ({"material_type": "1", "license_key": "CREDIT"}, 3),
        ({"material_type": "1", "license_key": None}, 3),
        ({"material_type": "2", "license_key": None}, 0),
        ({"material_type": "3"}, 6),
    ],
)
def test_a_photo_ages_by_what_it_shows(material: dict[str, str | None], months: int) -> None:
    assert ageing.months(material) == months


@pytest.mark.parametrize(
    ("taken", "months", "last"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 16), 3, date(2027, 2, 16)),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(taken: date, months: int, last: date) -> None:
    assert ageing.last_day(taken, months) == last
