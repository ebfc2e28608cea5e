"""Taking a number: where, when, who first."""

from datetime import timedelta

import pytest

from app import clock
from app.centres.errors import CentreNotFound
from app.db import Base, unit_of_work
from app.people.models import Assurance, Citizen
from app.queueing import queries, service
from app.queueing.errors import (
    AlreadyWaiting,
    HallNotOpen,
    NotElder,
    NotHandledHere,
    TicketNotFound,
    TicketOver,
    TooManyTickets,
)
from app.queueing.models import LIVE_TICKET, Priority, Ticket
from tests.app.queueing import halls
from tests.app.queueing.halls import TEN, check_in, seen, take, visit
from tests.city_fixtures import CENTRE, publish_items
from tests.people_fixtures import make_citizen


def cancel(citizen_id: int, ticket_id: int) -> None:
    with unit_of_work() as session:
        service.cancel(session, citizen_id=citizen_id, ticket_id=ticket_id)


def known_as(id_number: str) -> int:
    citizen_id = make_citizen()
    with unit_of_work() as session:
        citizen = session.get_one(Citizen, citizen_id)
        citizen.id_number, citizen.assurance = id_number, Assurance.REAL_NAME
    return citizen_id


def test_numbers_count_up_and_say_how_many_are_ahead(task_code: str) -> None:
    tickets = [seen(take(task_code)) for _ in range(3)]

    assert [shown.ticket.number for shown in tickets] == ["A001", "A002", "A003"]
    assert [shown.people_ahead for shown in tickets] == [0, 1, 2]
    assert tickets[0].window_group == "公安"


@pytest.mark.usefixtures("city")
def test_windows_with_one_letter_share_a_count() -> None:
    social, medical = publish_items("sscard-new", "med-resident")

    assert [seen(take(code)).ticket.number for code in (social, medical)] == ["B001", "B002"]


def test_one_person_has_one_number_in_a_hall_and_may_have_one_in_another(task_code: str) -> None:
    citizen_id = make_citizen()
    take(task_code, citizen_id=citizen_id)
    with pytest.raises(AlreadyWaiting):
        take(task_code, citizen_id=citizen_id)

    assert seen(take(task_code, citizen_id=citizen_id, centre_id="C03")).ticket.number == "A001"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(8, 29, "08:30"), (16, 31, "16:30"), (20, 0, "16:30")],
)
def test_too_early_and_too_late_are_refused_with_the_hour(
    task_code: str, hour: int, minute: int, words: str
) -> None:
    at = clock.local(TEN).replace(hour=hour, minute=minute)
    with clock.stopped_at(at), pytest.raises(HallNotOpen) as refused:
        take(task_code)

    assert words in refused.value.sentence


@pytest.mark.parametrize(("hour", "minute"), [(8, 30), (16, 30)])
def test_the_first_and_the_last_minute_still_give_a_number(task_code: str, hour: int, minute: int) -> None:
    with clock.stopped_at(clock.local(TEN).replace(hour=hour, minute=minute)):
        assert seen(take(task_code)).ticket.number == "A001"


def test_a_closed_hall_gives_no_number(task_code: str) -> None:
    with clock.stopped_at(TEN + timedelta(days=5)), pytest.raises(HallNotOpen) as refused:
        take(task_code, centre_id="C04")

    assert "今天不开放" in refused.value.sentence


def test_on_a_weekend_only_what_its_windows_take(task_code: str) -> None:
    (civil,) = publish_items("marry")
    with clock.stopped_at(TEN + timedelta(days=5)):
        assert seen(take(task_code)).ticket.number == "A001"
        with pytest.raises(NotHandledHere):
            take(civil)


def test_a_hall_that_does_not_handle_the_item_refuses(task_code: str) -> None:
    (maternity,) = publish_items("maternity")
    with pytest.raises(NotHandledHere):
        take(maternity, centre_id="C02")
    with pytest.raises(CentreNotFound):
        take(task_code, centre_id="C99")


def test_an_elder_by_real_name_need_not_say_so_and_a_young_one_cannot(task_code: str) -> None:
    elder, young = known_as("350102195601010016"), known_as("350102199601010016")

    assert seen(take(task_code, citizen_id=elder)).ticket.priority == Priority.ELDER
    assert seen(take(task_code, citizen_id=young, priority=Priority.MILITARY)).ticket.priority == "military"
    with pytest.raises(NotElder):
        take(task_code, citizen_id=young, centre_id="C03", priority=Priority.ELDER)


@pytest.mark.parametrize(("born", "elder"), [("19661116", True), ("19661117", False)])
def test_sixty_is_counted_to_the_day(task_code: str, born: str, elder: bool) -> None:  # noqa: FBT001
    citizen_id = known_as(f"350102{born}0016")

    assert (seen(take(task_code, citizen_id=citizen_id)).ticket.priority is not None) is elder


def test_a_number_is_given_back_once_and_only_by_its_owner(task_code: str) -> None:
    citizen_id = make_citizen()
    ticket_id = take(task_code, citizen_id=citizen_id)
    with pytest.raises(TicketNotFound):
        cancel(make_citizen(), ticket_id)
    cancel(citizen_id, ticket_id)
    cancel(citizen_id, ticket_id)

    assert halls.state(ticket_id) == "cancelled"
    assert halls.told("TicketCancelled") == [{"ticket_id": ticket_id}]
    assert seen(take(task_code, citizen_id=citizen_id)).ticket.number == "A002"


def test_numbers_are_not_run_up_by_taking_and_giving_back(task_code: str) -> None:
    citizen_id = make_citizen()
    for _ in range(service.MOST_A_DAY):
        cancel(citizen_id, take(task_code, citizen_id=citizen_id))
    with pytest.raises(TooManyTickets):
        take(task_code, citizen_id=citizen_id)

    assert seen(check_in(visit(task_code, citizen_id=citizen_id))).ticket.number == "A006"


def test_a_number_being_served_is_not_given_back(task_code: str) -> None:
    citizen_id = make_citizen()
    ticket_id, at = take(task_code, citizen_id=citizen_id), halls.window()
    halls.call(at)
    halls.serve_out(at, ticket_id)
    with pytest.raises(TicketOver):
        cancel(citizen_id, ticket_id)

    assert halls.state(ticket_id) == "served"


def test_coming_to_an_appointment_gives_one_number_however_often(task_code: str) -> None:
    found = visit(task_code)
    first, second = check_in(found), check_in(found)

    assert first == second
    assert seen(first).ticket.due_at == TEN
    assert seen(first).ticket.number == "A001"


def test_coming_to_an_appointment_gives_the_walk_in_number_back(task_code: str) -> None:
    citizen_id = make_citizen()
    walk_in = take(task_code, citizen_id=citizen_id)
    found = visit(task_code, citizen_id=citizen_id)
    check_in(found)

    assert halls.state(walk_in) == "cancelled"
    with pytest.raises(AlreadyWaiting):
        take(task_code, citizen_id=citizen_id)


def test_a_number_of_yesterday_keeps_nobody_from_one_today(task_code: str) -> None:
    citizen_id = make_citizen()
    take(task_code, citizen_id=citizen_id)
    with clock.stopped_at(TEN + timedelta(days=1)):
        again = take(task_code, citizen_id=citizen_id)
        assert seen(again).ticket.number == "A001"
        with unit_of_work() as session:
            assert [one.ticket.id for one in queries.of_citizen(session, citizen_id=citizen_id)] == [again]


def test_somebody_without_a_phone_gets_a_number_in_the_hall(task_code: str) -> None:
    del task_code
    with unit_of_work() as session:
        given = service.hand_out(
            session, centre_id=CENTRE, window_group_id=halls.group_id(), priority=Priority.ELDER
        )
        elsewhere = halls.group_id(centre_id="C03")
        with pytest.raises(NotHandledHere):
            service.hand_out(session, centre_id=CENTRE, window_group_id=elsewhere)

    assert (given.number, given.citizen_id, given.task_name) == ("A001", None, "公安业务")


def test_the_states_of_the_indexes_are_those_of_the_code() -> None:
    indexes = Base.metadata.tables[Ticket.__tablename__].indexes
    index = next(index for index in indexes if index.name == "uq_queue_tickets_live_walk_in")
    condition = str(index.dialect_options["postgresql"]["where"])

    assert all(f"'{state}'" in condition for state in LIVE_TICKET)
    assert condition.count("'") == 2 * len(LIVE_TICKET)
