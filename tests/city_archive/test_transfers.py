"""Packages handed over to the city's archive system (R072): one whatever gets lost, with a receipt."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.archives import transfers
from app.archives.errors import NotRefused
from app.db import unit_of_work
from app.storage import storage
from city_archive import transfers as job
from tests.archive_fixtures import LATER, archived, correct, draw, packages, run, transfer
from tests.catalogue_fixtures import item, publish
from tests.city_fixtures import MONDAY, load_city
from tests.conftest import Sandbox
from tests.races import Meeting, refusals, together


@pytest.fixture
def office(database: None, sandbox: Sandbox) -> Iterator[Sandbox]:
    """A city with one item, and an archive system with an empty shelf."""
    del database
    sandbox.forget_faults()
    sandbox.post("/_sim/reset")
    with clock.stopped_at(MONDAY):
        load_city()
        publish(item("id-lost"))
        yield sandbox


def kept(office: Sandbox) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = office.get("/_sim/archive/packages")["items"]
    return items


def follow(minutes: int = 0) -> None:
    with clock.stopped_at(LATER + timedelta(minutes=minutes)):
        job.follow()


def test_a_package_goes_as_it_is_and_its_receipt_is_kept(office: Sandbox) -> None:
    archived()
    follow()
    (package,) = packages()
    (there,) = kept(office)
    assert (there["archive_no"], there["sha256"]) == (package.archive_no, package.sha256.hex())
    assert (transfer().state, transfer().receipt_no) == ("received", there["receipt_no"])
    follow(minutes=500)
    assert len(kept(office)) == 1


@pytest.mark.parametrize("kind", ["reset", "http_502", "truncated", "empty"])
def test_a_lost_receipt_leads_to_one_question_and_no_second_package(office: Sandbox, kind: str) -> None:
    archived()
    office.post("/_sim/faults", op="archive.hand_over", kind=kind, times=1, detail={"after": True})
    follow()
    assert (transfer().state, len(kept(office))) == ("waiting", 1)
    follow(minutes=2)
    assert (transfer().state, transfer().receipt_no) == ("received", kept(office)[0]["receipt_no"])


def test_the_day_the_archive_system_is_away_it_waits(office: Sandbox) -> None:
    archived()
    office.post("/_sim/faults", op="archive.hand_over", kind="http_503", times=1)
    follow()
    assert (transfer().state, kept(office)) == ("waiting", [])
    follow(minutes=2)
    assert transfer().state == "received"


def test_what_is_not_taken_says_why_and_is_handed_over_again_by_a_tap(office: Sandbox) -> None:
    archived()
    office.post("/_sim/faults", op="archive.hand_over", kind="bad_package", times=1)
    follow()
    assert (transfer().state, transfer().refusal) == ("refused", "bad_package")
    again()
    follow(minutes=2)
    assert transfer().state == "received"


def test_a_package_that_is_not_what_it_was_is_not_handed_over(office: Sandbox) -> None:
    archived()
    storage().put(packages()[0].storage_key, b"something else")
    follow()
    assert (transfer().refusal, kept(office)) == ("package_damaged", [])


def test_a_supplement_is_handed_over_like_the_first(office: Sandbox) -> None:
    correct(archived())
    draw()
    run()
    follow()
    assert [one["archive_no"] for one in kept(office)] == [one.archive_no for one in packages()]


def again() -> None:
    with unit_of_work() as session:
        transfers.again(session, archive_id=transfer().archive_id)


def test_of_two_taps_one_hands_it_over_again(office: Sandbox) -> None:
    archived()
    office.post("/_sim/faults", op="archive.hand_over", kind="bad_package", times=1)
    follow()
    assert refusals(together(again, again), NotRefused) == 1


def test_two_jobs_at_once_hand_over_one_package(office: Sandbox) -> None:
    archived()
    with clock.stopped_at(LATER):
        together(job.follow, job.follow)
    assert (len(kept(office)), transfer().checks) == (1, 1)


def test_control_by_looking_without_the_lock_both_jobs_would_take_it(office: Sandbox) -> None:
    del office
    archived()
    meeting = Meeting()

    def look() -> str:
        state = transfer().state
        meeting.wait()
        return state

    assert together(look, look) == ["waiting", "waiting"]
