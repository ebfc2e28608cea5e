"""Taking something back while it is used, each with the control that shows the bug when the hold is off."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consents import queries as consents
from app.consents.purposes import Purpose
from app.db import unit_of_work
from app.locker import service
from app.locker.errors import LockerItemNotFound
from app.locker.models import LockerItem
from app.materials import service as materials
from app.materials.models import Photo
from tests.locker_fixtures import agree, later_case, open_locker, remove, rows, two_pages, use, uses, withdraw
from tests.races import Meeting, Overtaking, refusals, together


def taken_back_first(
    monkeypatch: pytest.MonkeyPatch, using: Callable[[], object], taking_back: Callable[[], object]
) -> bool:
    """Whether something is taken back before it is used, though the use had looked at everything."""
    race, share = Overtaking(), materials.share

    def shared(session: Session, **named: Any) -> list[Photo]:
        race.dawdle()
        return share(session, **named)

    monkeypatch.setattr(materials, "share", shared)
    return race.happens(using, taking_back)


def test_whoever_removes_an_entry_while_it_is_used_comes_after(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = open_locker(citizen)
    using = partial(use, citizen, later_case(citizen), entry.id)
    first = taken_back_first(monkeypatch, using, partial(remove, citizen, entry.id))

    assert (first, len(uses())) == (False, 1)


def test_control_without_the_hold_a_removed_entry_is_used(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = open_locker(citizen)
    using = partial(use, citizen, later_case(citizen), entry.id)
    monkeypatch.setattr(service, "_held", lambda session, _, item_id: session.get_one(LockerItem, item_id))
    first = taken_back_first(monkeypatch, using, partial(remove, citizen, entry.id))

    assert (first, len(uses())) == (True, 1)


def test_a_consent_taken_back_while_it_is_used_ends_after(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = open_locker(citizen)
    using = partial(use, citizen, later_case(citizen), entry.id)
    first = taken_back_first(monkeypatch, using, partial(withdraw, citizen))

    assert (first, len(uses()), rows()) == (False, 1, [])


def test_control_without_the_holds_a_consent_that_was_taken_back_allows_a_use(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = open_locker(citizen)
    using = partial(use, citizen, later_case(citizen), entry.id)
    looked = partial(consents.allows, purpose=Purpose.LOCKER)
    monkeypatch.setattr(service, "_agreed", lambda session, one: looked(session, citizen_id=one))
    monkeypatch.setattr(service, "_held", lambda session, _, item_id: session.get_one(LockerItem, item_id))

    assert taken_back_first(monkeypatch, using, partial(withdraw, citizen))


def test_agreeing_twice_at_once_fills_the_locker_once(citizen: int) -> None:
    entry = open_locker(citizen)
    withdraw(citizen)

    together(partial(agree, citizen), partial(agree, citizen))

    assert [row.name for row in rows()].count(entry.name) == 1


def shut_away_while_used(monkeypatch: pytest.MonkeyPatch, citizen: int, case_no: str) -> list[object]:
    """One of two pages is shut away after the use has looked at everything, and before it has the files."""
    entry = two_pages(citizen)
    meeting, share = Meeting(), materials.share

    def shared(session: Session, **named: Any) -> list[Photo]:
        meeting.wait()
        meeting.wait()
        return share(session, **named)

    def shut_away() -> None:
        meeting.wait()
        with unit_of_work() as session:
            materials.shut_away(session, storage_key=entry.pages[0].storage_key)
        meeting.wait()

    monkeypatch.setattr(materials, "share", shared)
    return list(together(lambda: len(use(citizen, case_no, entry.item.id)), shut_away))


def test_of_what_is_shut_away_in_this_moment_no_part_is_used(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = later_case(citizen)

    assert refusals(shut_away_while_used(monkeypatch, citizen, case_no), LockerItemNotFound) == 1
    assert uses() == []


def test_control_without_looking_again_a_part_is_used(citizen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case_no = later_case(citizen)
    monkeypatch.setattr(service, "_refuse_part", lambda session, citizen_id, item_id: None)

    assert shut_away_while_used(monkeypatch, citizen, case_no)[0] == 1
    assert len(uses()) == 1


def used_while_shut_away(monkeypatch: pytest.MonkeyPatch, citizen: int, case_no: str) -> list[str]:
    """A page is shut away after it was shared, before that is committed; how the later case's pages stand."""
    entry, meeting, share = two_pages(citizen), Meeting(), materials.share

    def shared(session: Session, **named: Any) -> list[Photo]:
        found = share(session, **named)
        meeting.wait()
        meeting.wait()
        return found

    def shut_away() -> None:
        meeting.wait()
        with unit_of_work() as session:
            materials.shut_away(session, storage_key=entry.pages[0].storage_key)
        meeting.wait()

    monkeypatch.setattr(materials, "share", shared)
    together(lambda: use(citizen, case_no, entry.item.id), shut_away)
    with unit_of_work() as session:
        asked = select(Photo.deleted_at).where(Photo.storage_key == entry.pages[0].storage_key)
        return ["there" if each is None else "gone" for each in session.scalars(asked)]


def test_a_file_that_is_being_used_is_shut_away_there_too(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = later_case(citizen)

    assert used_while_shut_away(monkeypatch, citizen, case_no) == ["gone", "gone"]


def test_control_without_the_lock_an_infected_page_stays_in_the_later_case(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = later_case(citizen)
    monkeypatch.setattr(materials, "_lock_file", lambda session, key: None)
    # Without the lock a page may be shut away after the second look too: as if that came earlier.
    monkeypatch.setattr(service, "_refuse_part", lambda session, citizen_id, item_id: None)

    assert sorted(used_while_shut_away(monkeypatch, citizen, case_no)) == ["gone", "there"]
