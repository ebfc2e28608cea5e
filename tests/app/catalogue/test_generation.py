"""How long a process may believe what it knows of the catalogue."""

import threading

import pytest

from app.catalogue import generation
from app.catalogue.generation import Watch
from tests.races import together


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, moved by the test."""
    time = [1000.0]
    monkeypatch.setattr("app.catalogue.generation.time.monotonic", lambda: time[0])
    return time


def test_it_looks_once_a_second(now: list[float]) -> None:
    watch, looks = Watch(), iter([1, 2])
    seen = []
    for now[0] in (1000.0, 1000.9, 1001.0):
        seen.append(watch._known(lambda: next(looks)))

    assert seen == [1, 1, 2]


def test_nobody_believes_a_number_longer_than_its_lease(now: list[float]) -> None:
    """One thread looks and is not answered; the others go on, but not beyond the lease."""
    watch, looking, answered = Watch(), threading.Event(), threading.Event()
    watch._known(lambda: 1)

    def slowly() -> int:
        looking.set()
        answered.wait(10)
        return 2

    now[0] += generation.LOOK_EVERY_S
    slow = threading.Thread(target=watch._known, args=(slowly,))
    slow.start()
    looking.wait(10)
    within = watch.number_now()
    now[0] = 1000.0 + generation.LEASE_S
    beyond = watch.number_now()
    answered.set()
    slow.join()

    assert (within, beyond) == (1, None)


def test_a_look_that_began_before_a_publication_does_not_undo_it(now: list[float]) -> None:
    watch = Watch()

    def overtaken() -> int:
        now[0] += 0.1
        watch.forget()
        return 1

    assert watch._known(overtaken) == 1
    assert watch._known(lambda: 2) == 2


def test_a_late_answer_does_not_undo_a_later_look(now: list[float]) -> None:
    watch = Watch()

    def overtaken() -> int:
        now[0] += 5
        watch._known(lambda: 2)
        return 1

    watch._known(overtaken)

    assert watch.number_now() == 2


def test_many_at_once_agree(database: None) -> None:
    watch = Watch()

    assert len(set(together(*[watch.number_alone] * 8))) == 1
