"""A clerk has a message leave once more, a few times at most, and not twice by two taps."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.db import unit_of_work
from app.people import service as people
from app.people.models import Citizen
from notifications import queries, resending
from notifications.errors import JustSent, MessageNotFound, NoTelephone, SentOftenEnough, StillBeingSent
from notifications.jobs import send_waiting
from notifications.models import MOST_ROUNDS, Dispatch, DispatchState, Message
from tests import desk_fixtures as desk
from tests.case_fixtures import citizen
from tests.city_fixtures import MONDAY
from tests.conftest import Sandbox
from tests.people_fixtures import make_citizen
from tests.races import Meeting, refusals, together


@pytest.fixture
def message(database: None, deliver: Any) -> Message:
    """What somebody with a telephone was told of a case, in the app alone."""
    del database
    with clock.stopped_at(MONDAY):
        desk.open_city()
        desk.submitted()
        deliver()
        with unit_of_work() as session:
            told = session.scalars(select(Message)).one()
            people.bind_phone(session, citizen_id=told.citizen_id, phone="13900000077")
    return told


def again(message: Message, *, minutes: int = 0, subject: str | None = None) -> None:
    with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
        press(message, subject=subject)


def press(message: Message, *, subject: str | None = None) -> None:
    with unit_of_work() as session:
        resending.resend(
            session,
            message_id=message.id,
            readers=[message.citizen_id],
            subjects=[subject or message.subject.rpartition(":")[0]],
            by="林受理",
        )


def settle(state: DispatchState = DispatchState.SENT) -> None:
    """Every dispatch has come to an end."""
    with unit_of_work() as session:
        for each in session.scalars(select(Dispatch).where(Dispatch.state == DispatchState.PENDING)):
            each.state, each.sent_at = state.value, each.next_attempt_at


def rounds(message: Message) -> list[tuple[int, str | None]]:
    with unit_of_work() as session:
        found = queries.dispatches_of(session, message_id=message.id)
        return [(each.round, each.requested_by) for each in found]


def test_a_message_leaves_once_more_and_who_asked_stays_written(message: Message, sandbox: Sandbox) -> None:
    sandbox.post("/_sim/reset")
    again(message)
    send_waiting()

    assert rounds(message) == [(1, "林受理")]
    with unit_of_work() as session:
        assert session.scalars(select(Dispatch.state)).one() == DispatchState.SENT


def test_what_was_sent_before_stays_written_down(message: Message) -> None:
    again(message)
    settle()
    again(message, minutes=11)

    assert rounds(message) == [(1, "林受理"), (2, "林受理")]


def test_one_that_is_on_its_way_or_just_left_is_not_sent_again(message: Message) -> None:
    again(message)
    with pytest.raises(StillBeingSent):
        again(message, minutes=11)
    settle()

    with pytest.raises(JustSent):
        again(message, minutes=9)


def test_nobody_is_bothered_without_end(message: Message) -> None:
    for turn in range(MOST_ROUNDS):
        again(message, minutes=11 * turn)
        settle(DispatchState.FAILED)

    with pytest.raises(SentOftenEnough):
        again(message, minutes=60)


def test_two_taps_send_once(message: Message) -> None:
    assert refusals(together(lambda: press(message), lambda: press(message)), StillBeingSent) == 1
    assert len(rounds(message)) == 1


def test_two_taps_that_only_look_would_both_send(message: Message) -> None:
    """The control: look without holding the message, and the second tap knows nothing of the first."""
    meeting = Meeting()

    def look_first() -> bool:
        with unit_of_work() as session:
            none = not session.scalars(select(Dispatch).where(Dispatch.message_id == message.id)).all()
            meeting.wait()
            return none

    assert together(look_first, look_first) == [True, True]


def test_a_reader_without_a_telephone_is_told_another_way(message: Message) -> None:
    with unit_of_work() as session:
        reader = session.get_one(Citizen, message.citizen_id)
        reader.phone = reader.phone_index = None

    with pytest.raises(NoTelephone):
        again(message)


@pytest.mark.parametrize("subject", ["case:99", "bill:1", "%"])
def test_a_message_about_something_else_is_not_there(message: Message, subject: str) -> None:
    with pytest.raises(MessageNotFound):
        again(message, subject=subject)


def test_somebody_elses_message_is_not_there(message: Message) -> None:
    stranger = Message(id=message.id, citizen_id=make_citizen("李四"), subject=message.subject)

    with pytest.raises(MessageNotFound):
        again(stranger)
    assert citizen("王五") != stranger.citizen_id
