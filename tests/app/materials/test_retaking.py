"""A page taken anew: the new photo has its place, whoever else moves, deletes or retakes meanwhile (重拍)."""

import contextlib
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.cases import handing_in, steps
from app.cases import queries as case_queries
from app.cases.errors import AlreadySubmitted, CaseNotFound
from app.cases.models import Case
from app.db import Session, unit_of_work
from app.errors import DomainError
from app.materials import photos, queries
from app.materials import service as materials
from app.materials.errors import OrderMismatch, PageTwice, PhotoNotFound
from app.materials.models import LooseFile, Photo
from tests import case_fixtures
from tests.app.materials.test_pages import CODE, arrange, case_no, different, order, photo, remove
from tests.case_fixtures import add_photo
from tests.races import Meeting, refusals, together

__all__ = ["case_no"]


def retake(citizen: int, case_no: str, photo_id: int, content: bytes) -> int:
    where: dict[str, Any] = {
        "citizen_id": citizen,
        "case_no": case_no,
        "material_code": CODE,
        "instead_of": photo_id,
    }
    with unit_of_work() as session:
        key = handing_in.expect_photo(session, **where)
    prepared = photos.prepare(content)
    materials.store(key, prepared)
    with unit_of_work() as session:
        return handing_in.add_photo(session, **where, key=key, prepared=prepared)[0].id


@pytest.fixture
def pages(citizen: int, case_no: str) -> list[int]:
    """Three pages, in their order."""
    return [add_photo(citizen, case_no, CODE, different(number)) for number in range(3)]


def test_a_page_taken_anew_keeps_its_place(citizen: int, case_no: str, pages: list[int]) -> None:
    new = retake(citizen, case_no, pages[1], different(9))

    assert order(citizen, case_no) == [pages[0], new, pages[2]]


def test_the_old_file_goes_and_the_new_one_is_nobodys_loose_file(
    citizen: int, case_no: str, pages: list[int]
) -> None:
    new = retake(citizen, case_no, pages[1], different(9))

    with unit_of_work() as session:
        loose = set(session.scalars(select(LooseFile.storage_key)))
    assert loose == set(queries.files(photo(pages[1]).storage_key))
    assert photo(new).storage_key not in loose


def test_a_material_with_all_the_pages_it_may_have_can_still_be_retaken(
    citizen: int, case_no: str, pages: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(materials, "PAGES_PER_MATERIAL", 3)

    assert retake(citizen, case_no, pages[2], different(9)) == order(citizen, case_no)[2]


def test_the_same_picture_again_is_the_page_it_is(citizen: int, case_no: str, pages: list[int]) -> None:
    assert retake(citizen, case_no, pages[0], different(0)) == pages[0]
    assert order(citizen, case_no) == pages


def test_a_picture_that_is_another_page_does_not_take_a_place(
    citizen: int, case_no: str, pages: list[int]
) -> None:
    with pytest.raises(PageTwice):
        retake(citizen, case_no, pages[0], different(2))


def test_a_page_that_is_gone_is_not_retaken(citizen: int, case_no: str, pages: list[int]) -> None:
    remove(citizen, case_no, pages[0])

    with pytest.raises(PhotoNotFound):
        retake(citizen, case_no, pages[0], different(9))


def test_another_persons_page_is_not_found(citizen: int, case_no: str, pages: list[int]) -> None:
    stranger = case_fixtures.citizen("李四")

    with pytest.raises(CaseNotFound):
        retake(stranger, case_no, pages[0], different(9))
    with pytest.raises(PhotoNotFound):
        retake(stranger, case_fixtures.start(stranger), pages[0], different(9))


def test_a_case_handed_in_is_not_retaken(citizen: int, case_no: str) -> None:
    sent = case_fixtures.submitted(case_fixtures.citizen("李四"))
    with unit_of_work() as session:
        mine = session.scalars(select(Photo)).first()
        assert mine is not None
        owner = session.get_one(Case, mine.case_id).citizen_id

    with pytest.raises(AlreadySubmitted):
        retake(owner, sent, mine.id, different(9))


def test_of_two_photos_for_one_place_one_has_it(citizen: int, case_no: str, pages: list[int]) -> None:
    results = together(*(partial(retake, citizen, case_no, pages[1], different(each)) for each in (8, 9)))

    assert refusals(results, PhotoNotFound) == 1
    assert len(order(citizen, case_no)) == 3


def test_control_without_the_lock_the_second_is_not_told(
    citizen: int, case_no: str, pages: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have the place then, or both throw the old file away, which is a fault."""
    _without_the_lock(monkeypatch, "photo")

    with contextlib.suppress(IntegrityError):
        both = together(*(partial(retake, citizen, case_no, pages[1], different(each)) for each in (8, 9)))
        assert refusals(both, PhotoNotFound) == 0


def test_an_order_and_a_deletion_at_once_leave_no_gap_and_bring_nothing_back(
    citizen: int, case_no: str, pages: list[int]
) -> None:
    results = together(
        partial(arrange, citizen, case_no, pages[::-1]), partial(remove, citizen, case_no, pages[1])
    )

    assert refusals(results, OrderMismatch) in {0, 1}
    expected = [pages[0], pages[2]] if refusals(results, OrderMismatch) else [pages[2], pages[0]]
    assert order(citizen, case_no) == expected


def test_control_without_the_lock_an_order_names_a_page_that_is_gone(
    citizen: int, case_no: str, pages: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_the_lock(monkeypatch, "of_case")
    results = together(
        partial(arrange, citizen, case_no, pages[::-1]), partial(remove, citizen, case_no, pages[1])
    )

    assert refusals(results, DomainError) == 0
    assert photo(pages[1]).deleted_at is not None
    assert photo(pages[1]).page == 2


def test_a_retake_and_an_order_at_once_keep_every_page_once(
    citizen: int, case_no: str, pages: list[int]
) -> None:
    results = together(
        partial(retake, citizen, case_no, pages[1], different(9)),
        partial(arrange, citizen, case_no, pages[::-1]),
    )

    assert refusals(results, OrderMismatch) in {0, 1}
    assert len(set(order(citizen, case_no))) == 3
    assert pages[1] not in order(citizen, case_no)


def _without_the_lock(monkeypatch: pytest.MonkeyPatch, question: str) -> None:
    """Nobody holds the case, and both meet each time before they hear the answer to a question."""
    meeting, ask = Meeting(), getattr(queries, question)

    def looked(session: Session, **where: Any) -> Case:
        return case_queries.case_of(session, **where)

    def met(*args: Any, **named: Any) -> Any:
        answer = ask(*args, **named)
        meeting.wait()
        return answer

    monkeypatch.setattr(steps, "held", looked)
    monkeypatch.setattr(queries, question, met)
    monkeypatch.setattr(materials, "_lock_file", lambda session, key: None)
