"""Two taps at once on a consent, with the control that shows the bug when the guard is off."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app import clock
from app.consents import queries, service
from app.consents.models import Consent
from app.consents.purposes import Purpose
from app.db import engine, unit_of_work
from tests.people_fixtures import make_citizen
from tests.races import Meeting, together

PREFILL = Purpose.PREFILL
INDEX = "CREATE UNIQUE INDEX uq_consents_live ON consents (citizen_id, purpose) WHERE ended_at IS NULL"


@pytest.fixture
def citizen(database: None) -> int:
    del database
    return make_citizen()


@pytest.fixture
def no_index(citizen: int) -> Iterator[None]:
    """The last wall taken down, and put up again."""
    del citizen
    with engine().begin() as connection:
        connection.execute(text("DROP INDEX uq_consents_live"))
    yield
    with engine().begin() as connection:
        connection.execute(text("DELETE FROM consents"))
        connection.execute(text(INDEX))


def give(citizen_id: int, meeting: Meeting) -> None:
    meeting.wait()
    with unit_of_work() as session:
        service.give(session, citizen_id=citizen_id, purpose=PREFILL, version=1, channel="wechat")


def look_then_give(citizen_id: int, meeting: Meeting) -> None:
    """How it would be done without the index: look first, then write."""
    with unit_of_work() as session:
        if queries.allows(session, citizen_id=citizen_id, purpose=PREFILL):
            return
        meeting.wait()
        session.add(
            Consent(
                citizen_id=citizen_id,
                purpose=PREFILL,
                text_version=1,
                channel="wechat",
                given_at=clock.now(),
            )
        )


def withdraw(citizen_id: int, meeting: Meeting) -> None:
    meeting.wait()
    with unit_of_work() as session:
        service.withdraw(session, citizen_id=citizen_id, purpose=PREFILL, channel="wechat")


def live(citizen_id: int) -> int:
    with unit_of_work() as session:
        found = queries.of_citizen(session, citizen_id=citizen_id, limit=100)
        return sum(consent.ended_at is None for consent in found)


def test_two_taps_at_once_are_one_consent(citizen: int) -> None:
    meeting = Meeting()

    together(lambda: give(citizen, meeting), lambda: give(citizen, meeting))

    assert live(citizen) == 1


def test_control_without_the_index_two_taps_are_two_consents(citizen: int, no_index: None) -> None:
    del no_index
    meeting = Meeting()

    together(lambda: look_then_give(citizen, meeting), lambda: look_then_give(citizen, meeting))

    assert live(citizen) == 2


def test_agreeing_and_taking_back_at_once_leave_one_clear_answer(citizen: int) -> None:
    meeting = Meeting()

    together(lambda: give(citizen, meeting), lambda: withdraw(citizen, meeting))

    assert live(citizen) <= 1
    withdraw(citizen, Meeting(1))
    assert live(citizen) == 0
