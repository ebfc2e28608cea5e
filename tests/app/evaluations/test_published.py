"""The public numbers: counted by one, for everybody, once a minute."""

import threading

import pytest
from sqlalchemy.orm import Session

from app.db import unit_of_work
from app.evaluations import published, queries
from app.evaluations.published import Published
from app.evaluations.queries import Summary
from tests import desk_fixtures as desk
from tests.races import together
from tests.rating_fixtures import GOOD, rate

pytestmark = pytest.mark.usefixtures("city")


def ask(numbers: Published) -> int:
    with unit_of_work() as session:
        return numbers.summary(session).count


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often somebody has counted."""
    really, times = queries.summary, list[int]()

    def count(session: Session) -> Summary:
        times.append(1)
        return really(session)

    monkeypatch.setattr(queries, "summary", count)
    return times


def test_a_crowd_has_the_tickets_counted_once(counted: list[int]) -> None:
    rate(desk.closed(), GOOD)
    numbers, start = Published(), threading.Barrier(6)

    def come() -> int:
        start.wait()
        return ask(numbers)

    assert together(*[come] * 6) == [1] * 6
    assert len(counted) == 1


def test_without_keeping_them_each_would_count(counted: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "KEPT_S", -1)
    numbers = Published()
    for _ in range(3):
        ask(numbers)

    assert len(counted) == 3


def test_a_new_rating_is_in_the_numbers_when_they_are_counted_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = Published()
    before = ask(numbers)
    rate(desk.closed(), GOOD)
    meanwhile = ask(numbers)
    monkeypatch.setattr(numbers, "_count_at", 0.0)

    assert (before, meanwhile, ask(numbers)) == (0, 0, 1)


def test_while_one_counts_anew_the_others_are_told_what_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = Published()
    ask(numbers)
    rate(desk.closed(), GOOD)
    monkeypatch.setattr(numbers, "_count_at", 0.0)
    with numbers._counting:
        told = ask(numbers)

    assert (told, ask(numbers)) == (0, 1)


def test_a_count_that_fails_leaves_the_next_one_free(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, really = Published(), queries.summary

    def fail(session: Session) -> Summary:
        raise TimeoutError

    monkeypatch.setattr(queries, "summary", fail)
    with pytest.raises(TimeoutError):
        ask(numbers)
    monkeypatch.setattr(queries, "summary", really)

    assert ask(numbers) == 0
