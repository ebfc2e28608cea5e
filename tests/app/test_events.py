import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import redis
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app import clock, events, queues
from app.crypto import UnreadableError
from app.db import unit_of_work
from app.events import Event, OutboxRow, deliver, publish
from subscriptions import SUBSCRIPTIONS

pytestmark = pytest.mark.usefixtures("database")


@dataclass(frozen=True, slots=True)
class DoorOpened(Event):
    door_id: int


heard: list[tuple[str, int]] = []
broken = {"yes": False}


def first(session: Session, event: DoorOpened) -> None:
    del session
    heard.append(("first", event.door_id))


def second(session: Session, event: DoorOpened) -> None:
    session.execute(text("SELECT 1"))
    if broken["yes"]:
        raise ValueError(event.door_id)
    heard.append(("second", event.door_id))


@pytest.fixture(autouse=True)
def wired() -> Iterator[None]:
    heard.clear()
    broken["yes"] = False
    events.wire({DoorOpened: [first, second]})
    yield
    events.wire(SUBSCRIPTIONS)


def open_door(door_id: int = 7) -> None:
    with unit_of_work() as session:
        publish(session, DoorOpened(door_id))


def make_everything_due() -> None:
    with unit_of_work() as session:
        session.execute(update(OutboxRow).values(next_attempt_at=clock.now()))


def test_an_event_is_heard_after_the_commit() -> None:
    open_door()
    deliver()

    assert heard == [("first", 7), ("second", 7)]


def test_an_event_of_a_failed_unit_of_work_is_never_heard() -> None:
    with pytest.raises(RuntimeError), unit_of_work() as session:
        publish(session, DoorOpened(7))
        raise RuntimeError
    deliver()

    assert heard == []


def test_delivering_twice_tells_once() -> None:
    open_door()
    deliver()
    deliver()

    assert len(heard) == 2


def test_a_failing_subscriber_is_tried_again_alone() -> None:
    broken["yes"] = True
    open_door()
    deliver()
    broken["yes"] = False
    make_everything_due()
    deliver()

    assert heard == [("first", 7), ("second", 7)]


@pytest.mark.parametrize("trouble", [UnreadableError, AttributeError, RuntimeError, KeyError])
def test_one_event_that_comes_to_grief_holds_up_no_other(
    trouble: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(session: Session, event: DoorOpened) -> None:
        del session
        if event.door_id == 1:
            raise trouble("citizens.phone")

    monkeypatch.setitem(events._subscriptions, DoorOpened, (fail, first))
    open_door(1)
    open_door(2)
    deliver()

    assert heard == [("first", 1), ("first", 2)]


def test_an_event_of_an_older_version_holds_up_no_other() -> None:
    open_door(1)
    with unit_of_work() as session:
        session.execute(update(OutboxRow).values(payload={"door_number": 1}))
    open_door(2)
    deliver()

    assert ("first", 2) in heard


def test_a_failing_subscriber_waits_before_it_is_tried_again() -> None:
    broken["yes"] = True
    open_door()
    deliver()
    deliver()

    with unit_of_work() as session:
        row = session.scalars(select(OutboxRow)).one()
    assert row.attempts == 1
    assert row.next_attempt_at > clock.now()


def test_parallel_workers_tell_each_event_once() -> None:
    for door_id in range(40):
        open_door(door_id)
    workers = [threading.Thread(target=deliver) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(door_id for name, door_id in heard if name == "first") == list(range(40))


def test_with_redis_away_the_work_is_kept_and_found_later(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2)
    monkeypatch.setattr(queues, "_redis", nowhere)
    open_door()
    assert heard == []

    deliver()

    assert heard == [("first", 7), ("second", 7)]


def test_an_event_that_nobody_knows_any_more_stays_in_the_outbox() -> None:
    open_door()
    events.wire({})
    deliver()

    with unit_of_work() as session:
        assert session.scalars(select(OutboxRow)).one().delivered_at is None


def test_what_was_told_long_ago_is_dropped_and_what_waits_is_kept() -> None:
    open_door(1)
    deliver()
    broken["yes"] = True
    open_door(2)
    deliver()
    with clock.shifted_by(timedelta(days=31)):
        assert events.forget_told() == 1

    with unit_of_work() as session:
        assert [row.payload for row in session.scalars(select(OutboxRow))] == [{"door_id": 2}]
