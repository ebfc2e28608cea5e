"""Pages of a case: kept, ordered, taken away, and their files."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from app import clock, settings
from app.cases import handing_in
from app.cases.errors import AlreadySubmitted, CaseNotFound, MaterialNotFound, MaterialTakesNoPhoto
from app.db import unit_of_work
from app.materials import jobs, photos, queries, service
from app.materials.errors import OrderMismatch, PhotoNotFound, TooManyPages, UploadExpired
from app.materials.models import LooseFile, Photo
from app.storage import FileMissingError, storage
from tests import case_fixtures
from tests.case_fixtures import add_photo
from tests.catalogue_fixtures import item
from tests.photo_fixtures import jpeg, page
from tests.races import refusals, together

CODE = next(
    material["material_code"] for material in item("id-lost")["materials"] if material["photo_upload"]
)


@pytest.fixture
def case_no(citizen: int) -> str:
    return case_fixtures.start(citizen)


def different(number: int) -> bytes:
    return jpeg(page((900, 600), desk=20 + number))


def order(citizen: int, case_no: str) -> list[int]:
    with unit_of_work() as session:
        pages = handing_in.photos_for_owner(session, citizen_id=citizen, case_no=case_no, material_code=CODE)
        return [photo.id for photo in pages]


def remove(citizen: int, case_no: str, photo_id: int) -> None:
    with unit_of_work() as session:
        handing_in.remove_photo(
            session, citizen_id=citizen, case_no=case_no, material_code=CODE, photo_id=photo_id
        )


def arrange(citizen: int, case_no: str, photo_ids: list[int]) -> None:
    with unit_of_work() as session:
        handing_in.arrange_photos(
            session, citizen_id=citizen, case_no=case_no, material_code=CODE, photo_ids=photo_ids
        )


def stored() -> list[Path]:
    folder = Path(settings.current().storage_url.removeprefix("file://"))
    return [path for path in folder.rglob("*") if path.is_file()]


def photo(photo_id: int) -> Photo:
    with unit_of_work() as session:
        return session.get_one(Photo, photo_id)


def test_pages_come_in_the_order_they_were_taken(citizen: int, case_no: str) -> None:
    ids = [add_photo(citizen, case_no, CODE, different(number)) for number in range(3)]

    assert order(citizen, case_no) == ids


def test_pages_are_put_into_another_order(citizen: int, case_no: str) -> None:
    ids = [add_photo(citizen, case_no, CODE, different(number)) for number in range(3)]
    arrange(citizen, case_no, ids[::-1])

    assert order(citizen, case_no) == ids[::-1]


@pytest.mark.parametrize("wrong", [[1], [1, 1], [1, 2, 3], [1, 999]])
def test_an_order_names_every_page_once(citizen: int, case_no: str, wrong: list[int]) -> None:
    for number in range(2):
        add_photo(citizen, case_no, CODE, different(number))

    with pytest.raises(OrderMismatch):
        arrange(citizen, case_no, wrong)


def test_the_same_picture_twice_is_one_page(citizen: int, case_no: str) -> None:
    assert add_photo(citizen, case_no, CODE) == add_photo(citizen, case_no, CODE)
    assert len(order(citizen, case_no)) == 1


def test_a_material_has_so_many_pages_and_no_more(
    citizen: int, case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGES_PER_MATERIAL", 2)
    for number in range(2):
        add_photo(citizen, case_no, CODE, different(number))

    with pytest.raises(TooManyPages):
        add_photo(citizen, case_no, CODE, different(3))


def test_pages_sent_at_once_do_not_go_past_the_limit(
    citizen: int, case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGES_PER_MATERIAL", 2)
    add_photo(citizen, case_no, CODE, different(0))
    sending = [partial(add_photo, citizen, case_no, CODE, different(number)) for number in (1, 2, 3)]
    results = together(*sending)

    assert refusals(results, TooManyPages) == 2
    assert len(order(citizen, case_no)) == 2


def test_a_case_has_so_many_pages_and_no_more(
    citizen: int, case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGES_PER_CASE", 1)
    add_photo(citizen, case_no, CODE)

    with pytest.raises(TooManyPages):
        add_photo(citizen, case_no, CODE, different(1))


def test_a_photo_goes_only_to_a_material_of_the_guide(citizen: int, case_no: str) -> None:
    with pytest.raises(MaterialNotFound):
        add_photo(citizen, case_no, "NOBODYS-M01")


def test_what_is_filled_in_online_takes_no_photo(citizen: int, case_no: str) -> None:
    written = item("id-lost")["materials"][0] | {"material_code": "W", "photo_upload": False}
    case_fixtures.publish_id_lost(materials=[written])
    other = case_fixtures.citizen("李四")

    with pytest.raises(MaterialTakesNoPhoto):
        add_photo(other, case_fixtures.start(other), "W")


def test_a_photo_of_another_citizens_case_is_not_taken(citizen: int, case_no: str) -> None:
    with pytest.raises(CaseNotFound):
        add_photo(case_fixtures.citizen("李四"), case_no, CODE)


def test_a_case_handed_in_takes_no_photo_and_gives_none_away(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    code = case_fixtures.mandatory_materials(case_no)[0]

    with pytest.raises(AlreadySubmitted):
        add_photo(citizen, case_no, code)
    with pytest.raises(AlreadySubmitted):
        remove(citizen, case_no, 1)


def test_a_photo_lies_encrypted_under_a_random_key(citizen: int, case_no: str) -> None:
    before = set(stored())
    kept = photo(add_photo(citizen, case_no, CODE))
    files = set(stored()) - before

    assert len(files) == 2
    assert not any(b"JFIF" in file.read_bytes() for file in files)
    assert queries.content(kept, thumb=False).startswith(b"\xff\xd8\xff")
    assert case_no not in kept.storage_key


def test_a_page_taken_away_is_gone_with_its_files(citizen: int, case_no: str) -> None:
    photo_id = add_photo(citizen, case_no, CODE)
    key = photo(photo_id).storage_key
    remove(citizen, case_no, photo_id)

    assert order(citizen, case_no) == []
    with clock.shifted_by(timedelta(minutes=1)):
        assert jobs.clear_loose_files() == 2
    for gone in (key, queries.thumbnail_key(key)):
        with pytest.raises(FileMissingError):
            storage().get(gone)


def test_a_draft_thrown_away_takes_its_files_along(citizen: int, case_no: str) -> None:
    for number in range(2):
        add_photo(citizen, case_no, CODE, different(number))
    case_fixtures.withdraw(citizen, case_no)

    assert order(citizen, case_no) == []
    with clock.shifted_by(timedelta(minutes=1)):
        assert jobs.clear_loose_files() == 4


def test_a_case_withdrawn_after_it_was_handed_in_keeps_what_was_handed_in(citizen: int) -> None:
    case_no = case_fixtures.submitted(citizen)
    case = case_fixtures.withdraw(citizen, case_no)

    with unit_of_work() as session:
        kept = queries.of_case(session, case_id=case.id)
    assert set(kept) == set(case_fixtures.mandatory_materials(case_no))


def test_a_page_is_taken_away_once(citizen: int, case_no: str) -> None:
    photo_id = add_photo(citizen, case_no, CODE)
    remove(citizen, case_no, photo_id)

    with pytest.raises(PhotoNotFound):
        remove(citizen, case_no, photo_id)


def test_a_file_that_a_crash_left_is_found_and_cleared(citizen: int, case_no: str) -> None:
    with unit_of_work() as session:
        key = handing_in.expect_photo(session, citizen_id=citizen, case_no=case_no, material_code=CODE)
    service.store(key, photos.prepare(jpeg()))

    assert jobs.clear_loose_files() == 0
    with clock.shifted_by(timedelta(days=30)):
        assert jobs.clear_loose_files() == 2
        assert jobs.clear_loose_files() == 0
    with pytest.raises(FileMissingError):
        storage().get(key)


def test_a_file_given_up_is_not_taken_for_a_photo_any_more(citizen: int, case_no: str) -> None:
    with unit_of_work() as session:
        key = handing_in.expect_photo(session, citizen_id=citizen, case_no=case_no, material_code=CODE)
        session.execute(update(LooseFile).values(given_up_at=clock.now()))

    with pytest.raises(UploadExpired), unit_of_work() as session:
        handing_in.add_photo(
            session,
            citizen_id=citizen,
            case_no=case_no,
            material_code=CODE,
            key=key,
            prepared=photos.prepare(jpeg()),
        )


def test_a_kept_photo_is_no_loose_file(citizen: int, case_no: str) -> None:
    photo_id = add_photo(citizen, case_no, CODE)
    with clock.shifted_by(timedelta(days=30)):
        assert jobs.clear_loose_files() == 0

    assert queries.content(photo(photo_id), thumb=False)


def test_a_small_picture_comes_with_the_photo(citizen: int, case_no: str) -> None:
    kept = photo(add_photo(citizen, case_no, CODE, different(1)))

    assert len(queries.content(kept, thumb=True)) < len(queries.content(kept, thumb=False)) / 4


def test_of_a_photo_from_before_small_pictures_the_large_one_is_shown(citizen: int, case_no: str) -> None:
    photo_id = add_photo(citizen, case_no, CODE)
    with unit_of_work() as session:
        session.execute(update(Photo).values(thumbnail_at=None))
    storage().delete(queries.thumbnail_key(photo(photo_id).storage_key))

    assert queries.content(photo(photo_id), thumb=True) == queries.content(photo(photo_id), thumb=False)
