"""A clerk's session: idle, over, logged out, taken away."""

from datetime import timedelta

import pytest

from app import clock
from app.db import unit_of_work
from app.staff import queries, service, sessions
from app.staff.errors import ClerkNotFound, StaffSessionOver
from app.staff.models import Role, StaffSession
from app.staff.sessions import OnDuty
from tests.city_fixtures import MONDAY
from tests.staff_fixtures import make_clerk

pytestmark = pytest.mark.usefixtures("database")


def opened(**columns: str) -> str:
    clerk_id = make_clerk(Role.FRONT_DESK, **columns)
    with unit_of_work() as session:
        return sessions.open_for(session, clerk_id=clerk_id)


def find(token: str) -> OnDuty:
    with unit_of_work() as session:
        return sessions.find(session, token=token)


def refused(token: str) -> bool:
    try:
        find(token)
    except StaffSessionOver:
        return True
    return False


def test_an_unknown_token_finds_nobody() -> None:
    opened()

    assert refused("A" * 43)


def test_a_session_ends_when_nothing_is_done_for_half_an_hour() -> None:
    with clock.stopped_at(MONDAY):
        token = opened()
    with clock.stopped_at(MONDAY + timedelta(minutes=29)):
        find(token)
    with clock.stopped_at(MONDAY + timedelta(minutes=58)):
        find(token)
    with clock.stopped_at(MONDAY + timedelta(minutes=89)):
        assert refused(token)


def test_a_session_ends_after_a_working_day_whatever_is_done() -> None:
    with clock.stopped_at(MONDAY):
        token = opened()
    for minutes in range(25, 600, 25):
        with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
            find(token)
    with clock.stopped_at(MONDAY + timedelta(minutes=601)):
        assert refused(token)


def test_looking_is_noted_once_a_minute() -> None:
    with clock.stopped_at(MONDAY):
        token = opened()
    with clock.stopped_at(MONDAY + timedelta(seconds=50)):
        session_id = find(token).session_id
    with unit_of_work() as session:
        assert session.get_one(StaffSession, session_id).seen_at == MONDAY


def test_logging_out_ends_the_session() -> None:
    token = opened()
    with unit_of_work() as session:
        sessions.end(session, session_id=sessions.find(session, token=token).session_id)

    assert refused(token)


def test_a_disabled_account_is_out_at_once() -> None:
    token = opened(username="wang")
    with unit_of_work() as session:
        service.disable(session, username="wang")
        service.disable(session, username="wang")

    assert refused(token)


def test_a_new_password_ends_every_session() -> None:
    token = opened(username="wang")
    with unit_of_work() as session:
        service.reset_password(session, username="wang", password="another long password")

    assert refused(token)


def test_a_supervisor_sees_every_department() -> None:
    clerk_id = make_clerk(Role.SUPERVISOR, department="市公安局")
    with unit_of_work() as session:
        token = sessions.open_for(session, clerk_id=clerk_id)

    assert find(token).department is None


def test_only_the_hash_of_the_token_is_stored() -> None:
    token = opened()
    with unit_of_work() as session:
        assert session.get_one(StaffSession, find(token).session_id).token_hash != token.encode()


def test_old_sessions_are_forgotten() -> None:
    opened()
    with clock.shifted_by(timedelta(days=1)), unit_of_work() as session:
        assert sessions.forget_old(session) == 1


def test_names_come_in_one_statement_and_a_stranger_is_named() -> None:
    clerk_id = make_clerk(Role.FRONT_DESK, name="王窗口")
    with unit_of_work() as session:
        assert queries.names(session, clerk_ids=[clerk_id, 99]) == {clerk_id: "王窗口"}
        with pytest.raises(ClerkNotFound):
            queries.clerk(session, clerk_id=99)
