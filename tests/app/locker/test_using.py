"""One tap uses an entry: ordinary pages of the new case, on record, for their owner alone."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import event

from app import db
from app.audit import queries as audit
from app.cases.correcting import Ticked
from app.cases.correction_errors import NotToCorrect
from app.cases.errors import CaseNotFound, MaterialNotFound
from app.cases.states import State
from app.db import unit_of_work
from app.locker.errors import LockerItemNotFound, LockerItemUnfit, LockerNotAgreed
from app.materials import queries as materials
from app.materials.service import shut_away
from tests import case_fixtures, correction_fixtures, owed_fixtures
from tests.app.materials.test_pages import different
from tests.catalogue_fixtures import publish
from tests.locker_fixtures import (
    EARLIER,
    LATER,
    agree,
    kept_by,
    later_case,
    offered,
    open_locker,
    remove,
    two_pages,
    use,
    uses,
    withdraw,
)


def test_what_fits_is_offered_under_the_name_of_the_new_case(citizen: int) -> None:
    entry = open_locker(citizen)

    (offer,) = offered(citizen, later_case(citizen))

    assert (offer.material_code, offer.kept.item.id, len(offer.kept.pages)) == (LATER, entry.id, 1)


def test_one_tap_makes_ordinary_pages_of_the_new_case(citizen: int) -> None:
    entry = open_locker(citizen)
    case_no = later_case(citizen)

    (page,) = use(citizen, case_no, entry.id)

    assert materials.content(page, thumb=False).startswith(b"\xff\xd8")
    assert (page.page, page.material_code) == (1, LATER)
    case_fixtures.add_photo(citizen, case_no, LATER, different(7))
    assert offered(citizen, case_no) == []


def test_a_second_tap_changes_nothing(citizen: int) -> None:
    entry = open_locker(citizen)
    case_no = later_case(citizen)

    first, second = use(citizen, case_no, entry.id), use(citizen, case_no, entry.id)

    assert [page.id for page in first] == [page.id for page in second]
    assert len(uses()) == 1


def test_every_use_is_on_record(citizen: int) -> None:
    entry = open_locker(citizen)
    case_no = later_case(citizen)
    use(citizen, case_no, entry.id)

    (line,) = uses()
    assert (line.from_case_id, line.name, line.pages) == (entry.case_id, "证件照片", 1)
    with unit_of_work() as session:
        (said, *_) = audit.about_citizen(session, citizen_id=citizen, limit=1)
    assert (said.action, said.subject) == ("locker_item_used", f"case:{case_no}")


def test_a_draft_thrown_away_leaves_the_earlier_photo(citizen: int) -> None:
    entry = open_locker(citizen)
    case_no = later_case(citizen)
    use(citizen, case_no, entry.id)
    case_fixtures.withdraw(citizen, case_no)

    (page,) = (kept.pages[0] for kept in kept_by(citizen) if kept.item.id == entry.id)
    with unit_of_work() as session:
        assert materials.file_in_use(session, storage_key=page.storage_key)


def test_what_is_owed_is_brought_from_the_locker_and_is_on_record(citizen: int) -> None:
    entry = open_locker(citizen)
    publish(owed_fixtures.tolerant_item())
    case_no = owed_fixtures.accepted(citizen)
    assert [offer.material_code for offer in offered(citizen, case_no)] == [owed_fixtures.PHOTO]
    use(citizen, case_no, entry.id, owed_fixtures.PHOTO)
    owed_fixtures.deliver(citizen, case_no)

    assert owed_fixtures.row(case_no).delivered_at is not None
    assert [(one.material_code, one.pages) for one in uses()] == [(owed_fixtures.PHOTO, 1)]


def a_correction(citizen: int) -> str:
    """A case whose portrait is to be taken again; its number."""
    case_no = case_fixtures.start(citizen)
    case_fixtures.fill(citizen, case_no)
    case_fixtures.add_photo(citizen, case_no, "ID-LOST-M01")
    case_fixtures.add_photo(citizen, case_no, EARLIER, different(9))
    case_fixtures.submit(citizen, case_no)
    correction_fixtures.ask(case_no, points=[Ticked("material", EARLIER, "unclear")])
    return case_no


def test_a_correction_is_mended_from_the_locker_and_is_on_record(citizen: int) -> None:
    entry = open_locker(citizen)
    case_no = a_correction(citizen)
    assert EARLIER in {offer.material_code for offer in offered(citizen, case_no)}
    assert len(use(citizen, case_no, entry.id, EARLIER)) == 2
    correction_fixtures.resubmit(citizen, case_no)

    assert [(one.material_code, one.pages) for one in uses()] == [(EARLIER, 1)]
    assert correction_fixtures.stored(case_no).state == State.SUBMITTED


def test_in_a_correction_what_was_not_named_takes_nothing(citizen: int) -> None:
    entry = open_locker(citizen)
    case_no = a_correction(citizen)
    withdraw(citizen)
    with pytest.raises(LockerNotAgreed):
        use(citizen, case_no, entry.id, EARLIER)
    with pytest.raises(NotToCorrect):
        use(citizen, case_no, entry.id, "ID-LOST-M01")


def test_without_the_consent_nothing_is_offered_or_used(citizen: int) -> None:
    entry = open_locker(citizen)
    case_no = later_case(citizen)
    withdraw(citizen)

    assert offered(citizen, case_no) == []
    with pytest.raises(LockerNotAgreed):
        use(citizen, case_no, entry.id)


def test_what_was_removed_cannot_be_used_and_may_be_removed_again(citizen: int) -> None:
    entry = open_locker(citizen)
    remove(citizen, entry.id)
    remove(citizen, entry.id)

    with pytest.raises(LockerItemNotFound):
        use(citizen, later_case(citizen), entry.id)


def test_what_lost_a_page_to_a_virus_is_neither_listed_nor_offered_nor_used(citizen: int) -> None:
    entry = two_pages(citizen)
    assert len(entry.pages) == 2
    later = later_case(citizen)
    with unit_of_work() as session:
        shut_away(session, storage_key=entry.pages[0].storage_key)

    assert [kept.item.name for kept in kept_by(citizen) if kept.item.id == entry.item.id] == []
    assert offered(citizen, later) == []
    with pytest.raises(LockerItemNotFound):
        use(citizen, later, entry.item.id)


def test_another_kind_of_paper_does_not_do(citizen: int) -> None:
    open_locker(citizen)
    (other,) = (kept.item.id for kept in kept_by(citizen) if kept.item.name != "证件照片")

    with pytest.raises(LockerItemUnfit):
        use(citizen, later_case(citizen), other)
    with pytest.raises(MaterialNotFound):
        use(citizen, later_case(citizen), other, "NO-SUCH")


def test_anothers_entry_and_anothers_case_are_not_there(citizen: int) -> None:
    entry = open_locker(citizen)
    other = case_fixtures.citizen("旁人")
    agree(other)

    with pytest.raises(LockerItemNotFound):
        use(other, later_case(other), entry.id)
    with pytest.raises(LockerItemNotFound):
        remove(other, entry.id)
    with pytest.raises(CaseNotFound):
        use(other, later_case(citizen), entry.id)


def test_a_list_costs_the_same_statements_however_long_it_is(citizen: int) -> None:
    open_locker(citizen)
    few = statements(partial(kept_by, citizen))
    for number in range(3):
        case_no = case_fixtures.start(citizen)
        case_fixtures.fill(citizen, case_no)
        for code in case_fixtures.mandatory_materials(case_no):
            case_fixtures.add_photo(citizen, case_no, code, different(number))
        case_fixtures.submit(citizen, case_no)
        case_fixtures.accept(case_no)
    withdraw(citizen)
    agree(citizen)

    assert len(kept_by(citizen)) == 5
    assert statements(partial(kept_by, citizen)) == few


def statements(look: Callable[[], object]) -> int:
    """How many statements a look costs."""
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    event.listen(db.engine(), "before_cursor_execute", count)
    try:
        look()
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
    return len(counted)
