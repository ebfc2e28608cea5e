"""One stored file that serves several cases of one matter (一次提交、多处使用)."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from app import clock
from app.cases import handing_in
from app.cases import service as service_of_cases
from app.db import unit_of_work
from app.materials import jobs, queries, service
from app.materials.models import Photo
from app.storage import storage
from tests import case_fixtures
from tests.app.materials.test_pages import CODE, different, photo, remove, stored
from tests.case_fixtures import add_photo
from tests.catalogue_fixtures import MARRY, item, publish
from tests.races import Meeting, together

OTHER = "SECOND-M01"


@pytest.fixture
def first(citizen: int) -> str:
    return case_fixtures.start(citizen)


@pytest.fixture
def second(citizen: int, first: str) -> int:
    """Another case of the same citizen; its id."""
    del first
    publish(item("marry"))
    with unit_of_work() as session:
        return service_of_cases.start(session, citizen_id=citizen, task_code=MARRY)[0].id


def share(citizen: int, case_no: str, to: int) -> list[int]:
    with unit_of_work() as session:
        pages = handing_in.photos_for_owner(session, citizen_id=citizen, case_no=case_no, material_code=CODE)
        shared = service.share(session, pages=pages, case_id=to, material_code=OTHER)
        return [page.id for page in shared]


def drop(case_id: int, photo_id: int) -> None:
    with unit_of_work() as session:
        service.remove(session, case_id=case_id, material_code=OTHER, photo_id=photo_id)


def clear() -> None:
    with clock.shifted_by(timedelta(minutes=1)):
        jobs.clear_loose_files()


def lost_files() -> list[str]:
    """Live photos whose file has been cleared away."""
    clear()
    with unit_of_work() as session:
        keys = session.scalars(select(Photo.storage_key).where(Photo.deleted_at.is_(None))).all()
    return [key for key in keys if not is_stored(key)]


def is_stored(key: str) -> bool:
    return any(path.name == key.rsplit("/", 1)[-1] for path in stored())


def test_pages_given_once_serve_another_case_in_their_order(citizen: int, first: str, second: int) -> None:
    before = [add_photo(citizen, first, CODE, different(number)) for number in range(2)]
    files = len(stored())
    after = share(citizen, first, second)

    assert [photo(one).storage_key for one in after] == [photo(one).storage_key for one in before]
    assert [photo(one).page for one in after] == [1, 2]
    assert len(stored()) == files


def test_a_file_goes_with_the_last_case_that_uses_it(citizen: int, first: str, second: int) -> None:
    page = add_photo(citizen, first, CODE)
    (shared,) = share(citizen, first, second)
    remove(citizen, first, page)
    assert lost_files() == []

    drop(second, shared)
    clear()
    assert not is_stored(photo(shared).storage_key)


def test_a_draft_thrown_away_leaves_what_another_case_uses(citizen: int, first: str, second: int) -> None:
    add_photo(citizen, first, CODE)
    (shared,) = share(citizen, first, second)
    with unit_of_work() as session:
        service_of_cases.withdraw(session, citizen_id=citizen, case_no=first)

    assert lost_files() == []
    assert queries.content(photo(shared), thumb=False)


def test_a_page_taken_away_is_not_shared(citizen: int, first: str, second: int) -> None:
    page = add_photo(citizen, first, CODE)
    remove(citizen, first, page)

    with unit_of_work() as session:
        gone = [session.get_one(Photo, page)]
        assert service.share(session, pages=gone, case_id=second, material_code=OTHER) == []


def test_a_small_picture_serves_every_case(citizen: int, first: str, second: int) -> None:
    page = add_photo(citizen, first, CODE)
    (shared,) = share(citizen, first, second)
    assert photo(shared).thumbnail_at is not None

    remove(citizen, first, page)
    clear()
    assert storage().get(queries.thumbnail_key(photo(shared).storage_key))


def test_a_file_shared_and_thrown_away_at_once_is_not_lost(
    citizen: int, first: str, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = add_photo(citizen, first, CODE)
    meet_before_the_end(monkeypatch)
    together(partial(share, citizen, first, second), partial(remove, citizen, first, page))

    assert lost_files() == []


def test_control_without_the_lock_the_shared_file_is_cleared(
    citizen: int, first: str, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = add_photo(citizen, first, CODE)
    meet_before_the_end(monkeypatch)
    monkeypatch.setattr(service, "_lock_file", lambda session, key: None)
    together(partial(share, citizen, first, second), partial(remove, citizen, first, page))

    assert len(lost_files()) == 1


def meet_before_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both look at the file before one of them commits what it does."""
    meeting, used, also = Meeting(), queries.file_in_use, service._also_for

    def looked(*args: object, **named: object) -> bool:
        found = used(*args, **named)  # type: ignore[arg-type]
        meeting.wait()
        return found

    def made(*args: object, **named: object) -> Photo:
        meeting.wait()
        return also(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(queries, "file_in_use", looked)
    monkeypatch.setattr(service, "_also_for", made)


def test_two_cases_that_throw_a_shared_file_away_at_once_leave_no_file(
    citizen: int, first: str, second: int
) -> None:
    page = add_photo(citizen, first, CODE)
    (shared,) = share(citizen, first, second)
    together(partial(remove, citizen, first, page), partial(drop, second, shared))
    clear()

    assert not is_stored(photo(page).storage_key)
