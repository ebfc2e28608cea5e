"""Photos and viruses: refused, waited for, shut away (病毒检查)."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.db import Session, unit_of_work
from app.events import OutboxRow
from app.materials import jobs, photos, scanning, service
from app.materials.errors import PhotoInfected
from app.materials.models import LooseFile
from app.materials.scanning import Scan
from app.storage import storage
from tests.app.materials.test_pages import CODE, case_no, order, photo, remove
from tests.app.materials.test_sharing import drop, first, second, share
from tests.case_fixtures import add_photo
from tests.patience import PATIENCE_S
from tests.photo_fixtures import jpeg
from tests.races import together

__all__ = ["case_no", "first", "second"]


class Scanner:
    """What a scanner says, changed as a test goes on."""

    def __init__(self) -> None:
        self.says: bool | None = True
        self.asked: list[bytes] = []

    def __call__(self, content: bytes) -> bool | None:
        self.asked.append(content)
        return self.says


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    found = Scanner()
    scanning.wire(found)
    yield found
    scanning.wire(None)


def test_a_city_without_a_scanner_takes_photos_as_they_are(citizen: int, case_no: str) -> None:
    kept = photo(add_photo(citizen, case_no, CODE))

    assert (kept.scan, kept.being_checked) == (Scan.OFF, False)


def test_an_upload_with_a_virus_is_refused_before_it_is_decoded(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner.says = False
    monkeypatch.setattr(photos, "_prepared", lambda container: pytest.fail("decoded"))

    with pytest.raises(PhotoInfected):
        photos.prepare(jpeg())


def test_what_the_scanner_is_asked_about_is_the_upload_itself(
    scanner: Scanner, citizen: int, case_no: str
) -> None:
    content = jpeg(comment=b"what is dropped later")
    kept = photo(add_photo(citizen, case_no, CODE, content))

    assert scanner.asked == [content]
    assert kept.scan == Scan.CLEAN


def test_while_the_scanner_is_away_the_citizen_goes_on_and_the_photo_waits(
    scanner: Scanner, citizen: int, case_no: str
) -> None:
    scanner.says = None
    waiting = add_photo(citizen, case_no, CODE)

    assert order(citizen, case_no) == [waiting]
    assert photo(waiting).being_checked
    scanner.says = True
    assert jobs.scan_again() == 1
    assert photo(waiting).scan == Scan.CLEAN


def test_the_job_asks_less_and_less_often(scanner: Scanner, citizen: int, case_no: str) -> None:
    scanner.says = None
    add_photo(citizen, case_no, CODE)
    scanner.asked.clear()
    now = clock.now()
    for minute in range(8):
        with clock.stopped_at(now + timedelta(minutes=minute, seconds=1)):
            jobs.scan_again()

    assert len(scanner.asked) == 4  # at once, after one minute, two, four


def test_a_virus_that_is_found_later_shuts_the_photo_away(
    scanner: Scanner, citizen: int, case_no: str
) -> None:
    scanner.says = None
    page = add_photo(citizen, case_no, CODE)
    scanner.says = False
    assert (jobs.scan_again(), jobs.scan_again()) == (1, 0)

    assert order(citizen, case_no) == []
    assert photo(page).scan == Scan.INFECTED
    with unit_of_work() as session:
        told = session.scalars(select(OutboxRow.name).where(OutboxRow.name == "PhotoShutAway")).all()
        loose = session.scalars(select(LooseFile.remove_after)).all()
    assert len(told) == 1
    assert all(day > clock.now() + timedelta(days=29) for day in loose)
    assert len(loose) == 2


def test_a_shared_file_is_shut_away_in_every_case(
    scanner: Scanner, citizen: int, first: str, second: int
) -> None:
    scanner.says = None
    page = add_photo(citizen, first, CODE)
    (shared,) = share(citizen, first, second)
    scanner.says = False
    jobs.scan_again()

    assert {photo(each).scan for each in (page, shared)} == {Scan.INFECTED}


def test_a_page_thrown_away_meanwhile_is_not_asked_about(
    scanner: Scanner, citizen: int, first: str, second: int
) -> None:
    scanner.says = None
    add_photo(citizen, first, CODE)
    (shared,) = share(citizen, first, second)
    drop(second, shared)
    scanner.says = False
    jobs.scan_again()

    assert photo(shared).scan == Scan.UNKNOWN


def test_a_page_deleted_in_the_moment_it_is_shut_away_stays_shut_away(
    scanner: Scanner, citizen: int, case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner.says = None
    page = add_photo(citizen, case_no, CODE)
    lock = service._lock_file

    def late(session: Session, key: str) -> None:
        monkeypatch.setattr(service, "_lock_file", lock)
        with unit_of_work() as another:
            service.shut_away(another, storage_key=key)
        lock(session, key)

    monkeypatch.setattr(service, "_lock_file", late)
    remove(citizen, case_no, page)

    assert photo(page).scan == Scan.INFECTED
    with clock.shifted_by(timedelta(days=1)):
        assert jobs.clear_loose_files() == 0


def test_jobs_in_parallel_ask_once_about_each_photo(scanner: Scanner, citizen: int, case_no: str) -> None:
    scanner.says = None
    add_photo(citizen, case_no, CODE)
    scanner.asked.clear()
    scanner.says = False
    together(jobs.scan_again, jobs.scan_again, jobs.scan_again)

    assert len(scanner.asked) == 1
    with unit_of_work() as session:
        assert len(session.scalars(select(OutboxRow).where(OutboxRow.name == "PhotoShutAway")).all()) == 1


def test_control_without_the_lock_jobs_in_parallel_tell_twice(
    scanner: Scanner, citizen: int, case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner.says = None
    page = add_photo(citizen, case_no, CODE)
    monkeypatch.setattr(jobs, "_due_for_scan", lambda: [photo(page).storage_key])
    scanner.asked.clear()
    together(jobs.scan_again, jobs.scan_again)

    assert len(scanner.asked) == 2


def test_a_lost_file_does_not_hold_up_the_others(scanner: Scanner, citizen: int, case_no: str) -> None:
    scanner.says = None
    lost = photo(add_photo(citizen, case_no, CODE))
    other = add_photo(citizen, case_no, CODE, jpeg(quality=60))
    storage().delete(lost.storage_key)
    scanner.says = True

    assert jobs.scan_again() == 1
    assert photo(other).scan == Scan.CLEAN


def test_a_scanner_that_hangs_keeps_four_waiting_and_no_more(scanner: Scanner) -> None:
    finish, begun = threading.Event(), threading.Barrier(5, timeout=PATIENCE_S)

    def slow(content: bytes) -> bool:
        del content
        begun.wait()
        finish.wait()
        return True

    scanning.wire(slow)
    asking = [threading.Thread(target=scanning.look_through, args=(b"",)) for _ in range(4)]
    for thread in asking:
        thread.start()
    begun.wait()

    assert scanning.look_through(b"") is Scan.UNKNOWN
    finish.set()
    for thread in asking:
        thread.join()
    scanning.wire(lambda _: True)
    assert scanning.look_through(b"") is Scan.CLEAN
