"""What is told to whoever waits in a hall or for an earlier place: once, and only while it is so."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from app import clock
from app.db import unit_of_work
from app.queueing import service
from notifications import queries
from notifications.drafts import VISIT_NOTICE
from notifications.models import Dispatch, Way
from notifications.service import allow
from tests.app.queueing import halls, lists
from tests.app.queueing.halls import TEN
from tests.city_fixtures import load_city, publish_items
from tests.people_fixtures import make_citizen


@pytest.fixture
def task_code(database: None) -> Iterator[str]:
    del database
    with clock.stopped_at(TEN):
        load_city()
        yield publish_items("id-first")[0]


def told(citizen_id: int) -> list[str]:
    with unit_of_work() as session:
        return [message.title for message in reversed(queries.of_citizen(session, citizen_id=citizen_id))]


def test_being_called_is_told_once_with_the_window(task_code: str, deliver: Callable[[], None]) -> None:
    citizen_id = make_citizen()
    halls.take(task_code, citizen_id=citizen_id)
    with unit_of_work() as session:
        allow(session, citizen_id=citizen_id, platform="wechat", template=VISIT_NOTICE, accepted=True)
    halls.call(halls.window("A03"))
    deliver()
    deliver()
    with unit_of_work() as session:
        (message,) = queries.of_citizen(session, citizen_id=citizen_id)
        (dispatch,) = session.scalars(select(Dispatch)).all()

    assert "A001号，请到" in message.text
    assert "A03窗口" in message.text
    assert message.page.startswith("pages/booking/queue?id=")
    assert (dispatch.way, dispatch.fields["thing4"]) == (Way.WECHAT, "A001号请到A03窗口")


def test_a_call_that_is_over_is_not_told(task_code: str, deliver: Callable[[], None]) -> None:
    citizen_id, at = make_citizen(), halls.window()
    ticket_id = halls.take(task_code, citizen_id=citizen_id)
    halls.call(at)
    halls.serve_out(at, ticket_id)
    deliver()

    assert told(citizen_id) == []


def test_coming_near_and_being_passed_over_are_told(task_code: str, deliver: Callable[[], None]) -> None:
    people = [make_citizen() for _ in range(6)]
    tickets = [
        halls.take(task_code, citizen_id=one, minutes=position - 60) for position, one in enumerate(people)
    ]
    at = halls.window()
    halls.call(at)
    deliver()
    halls.pass_over(at, tickets[0])
    halls.call(at)
    deliver()

    assert told(people[0]) == ["轮到您了", "您的号已过号"]
    assert told(people[2]) == told(people[3]) == []
    assert told(people[4]) == told(people[5]) == ["快到您了"]


def test_a_number_without_a_phone_is_told_nothing(task_code: str, deliver: Callable[[], None]) -> None:
    del task_code
    with unit_of_work() as session:
        service.hand_out(session, centre_id="C01", window_group_id=halls.group_id())
    halls.call(halls.window())
    deliver()

    assert halls.told("TicketCalled") == [{"ticket_id": 1, "round": 1}]
    with unit_of_work() as session:
        assert session.scalars(select(Dispatch)).all() == []


def test_a_held_place_is_told_to_whom_it_is_held(task_code: str, deliver: Callable[[], None]) -> None:
    _, (visit,) = lists.full_slot(task_code)
    (first, _), (second, _) = lists.join(task_code), lists.join(task_code)
    deliver()
    lists.cancel(visit)
    deliver()
    deliver()

    assert told(first) == ["候补有号了"]
    assert told(second) == []


def test_a_place_that_was_taken_at_once_is_not_told_as_offered(
    task_code: str, deliver: Callable[[], None]
) -> None:
    _, (visit,) = lists.full_slot(task_code)
    owner, entry_id = lists.join(task_code)
    lists.cancel(visit)
    lists.accept(owner, entry_id)
    deliver()

    assert told(owner) == ["预约成功"]
