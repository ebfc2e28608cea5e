from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import true

from app import clock
from app.db import unit_of_work
from app.people import sessions
from app.people.models import Platform
from tests.people_fixtures import make_citizen
from tests.races import Meeting, together

pytestmark = pytest.mark.usefixtures("database")

KEY = "what the phone made by chance"


@pytest.fixture
def tokens(database: None) -> sessions.Tokens:
    del database
    citizen = make_citizen()
    with unit_of_work() as session:
        return sessions.open_for(session, citizen_id=citizen, platform=Platform.WECHAT)


def rotate(refresh_token: str, key: str | None = None) -> sessions.Tokens | None:
    with unit_of_work() as session:
        rotated = sessions.rotate(session, refresh_token=refresh_token, key=key)
    return None if rotated is None else rotated[0]


def caller_of(access_token: str) -> sessions.Caller:
    return sessions.authenticate(access_token)


def test_a_refreshed_session_is_the_same_person_in_the_same_family(tokens: sessions.Tokens) -> None:
    before = caller_of(tokens.access_token)
    rotated = rotate(tokens.refresh_token)

    assert rotated is not None
    after = caller_of(rotated.access_token)
    assert (after.citizen_id, after.family) == (before.citizen_id, before.family)


def test_a_refresh_token_used_twice_ends_the_whole_family(tokens: sessions.Tokens) -> None:
    rotated = rotate(tokens.refresh_token)
    assert rotated is not None

    assert rotate(tokens.refresh_token) is None

    for token in (tokens.access_token, rotated.access_token):
        with pytest.raises(sessions.SessionOver):
            caller_of(token)
    assert rotate(rotated.refresh_token) is None


def test_a_renewal_whose_answer_was_lost_is_answered_again(tokens: sessions.Tokens) -> None:
    lost = rotate(tokens.refresh_token, KEY)
    with clock.shifted_by(timedelta(minutes=20)):
        again = rotate(tokens.refresh_token, KEY)

    assert lost is not None
    assert again is not None
    assert (again.access_token, again.refresh_token) == (lost.access_token, lost.refresh_token)
    assert 6000 - 60 < again.expires_in <= 6000
    assert caller_of(again.access_token) == caller_of(lost.access_token)


@pytest.mark.parametrize("key", [None, "another key of sixteen"])
def test_a_used_token_without_the_key_of_its_renewal_ends_the_family(
    tokens: sessions.Tokens, key: str | None
) -> None:
    rotated = rotate(tokens.refresh_token, KEY)
    assert rotated is not None

    assert rotate(tokens.refresh_token, key) is None

    with pytest.raises(sessions.SessionOver):
        caller_of(rotated.access_token)


def test_a_renewal_from_which_somebody_went_on_is_not_answered_again(tokens: sessions.Tokens) -> None:
    rotated = rotate(tokens.refresh_token, KEY)
    assert rotated is not None
    gone_on = rotate(rotated.refresh_token)
    assert gone_on is not None

    assert rotate(tokens.refresh_token, KEY) is None

    with pytest.raises(sessions.SessionOver):
        caller_of(gone_on.access_token)


def test_after_a_logout_a_lost_renewal_opens_nothing(tokens: sessions.Tokens) -> None:
    rotated = rotate(tokens.refresh_token, KEY)
    assert rotated is not None
    with unit_of_work() as session:
        sessions.end(session, family=caller_of(rotated.access_token).family)

    assert rotate(tokens.refresh_token, KEY) is None


def test_the_same_key_gives_nothing_to_another_token(tokens: sessions.Tokens) -> None:
    rotated = rotate(tokens.refresh_token, KEY)
    assert rotated is not None
    on = rotate(rotated.refresh_token, KEY)

    assert on is not None
    assert len({tokens.access_token, rotated.access_token, on.access_token}) == 3


def test_an_unknown_refresh_token_opens_nothing_and_ends_nothing(tokens: sessions.Tokens) -> None:
    assert rotate("nobody's token") is None
    assert caller_of(tokens.access_token).platform == Platform.WECHAT


def test_logging_out_ends_every_token_at_once(tokens: sessions.Tokens) -> None:
    family = caller_of(tokens.access_token).family
    with unit_of_work() as session:
        sessions.end(session, family=family)
        sessions.end(session, family=family)

    assert rotate(tokens.refresh_token) is None
    with pytest.raises(sessions.SessionOver):
        caller_of(tokens.access_token)


def test_an_access_token_lives_two_hours_and_a_refresh_token_thirty_days(tokens: sessions.Tokens) -> None:
    with clock.shifted_by(timedelta(hours=2, minutes=1)), pytest.raises(sessions.SessionOver):
        caller_of(tokens.access_token)
    with clock.shifted_by(timedelta(days=30, minutes=1)):
        assert rotate(tokens.refresh_token) is None


def test_of_two_refreshes_at_once_one_at_most_goes_on(tokens: sessions.Tokens) -> None:
    results = together(*[lambda: rotate(tokens.refresh_token)] * 4)

    assert len([result for result in results if result is not None]) == 1


def test_of_one_renewal_asked_twice_at_once_both_hear_the_same(tokens: sessions.Tokens) -> None:
    results = together(*[lambda: rotate(tokens.refresh_token, KEY)] * 4)

    assert None not in results
    assert len({result.refresh_token for result in results if isinstance(result, sessions.Tokens)}) == 1


def test_control_without_the_condition_a_token_is_used_twice(
    tokens: sessions.Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_not_refreshed_yet", true)

    results = together(*[lambda: rotate(tokens.refresh_token)] * 4)

    assert len([result for result in results if result is not None]) > 1


def test_no_token_outlives_a_logout_that_meets_a_refresh(
    tokens: sessions.Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not survives_logout(tokens, monkeypatch)


def test_control_without_the_lock_a_refreshed_token_outlives_the_logout(
    tokens: sessions.Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_one_at_a_time", lambda session, family: None)

    assert survives_logout(tokens, monkeypatch)


def test_old_sessions_are_forgotten_and_living_ones_are_not(tokens: sessions.Tokens) -> None:
    with unit_of_work() as session:
        assert sessions.forget_old(session) == 0
    with clock.shifted_by(timedelta(days=31)), unit_of_work() as session:
        assert sessions.forget_old(session) == 1


def survives_logout(tokens: sessions.Tokens, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the token of a refresh still works after a log-out that began before the refresh was kept."""
    family = caller_of(tokens.access_token).family
    about_to_end, kept = Meeting(), Meeting()
    open_for = sessions.open_for

    def open_slowly(*given: object, **named: object) -> sessions.Tokens:
        opened: sessions.Tokens = open_for(*given, **named)  # type: ignore[arg-type]
        about_to_end.wait()
        kept.wait()
        return opened

    def log_out(family: UUID) -> None:
        about_to_end.wait()
        with unit_of_work() as session:
            sessions.end(session, family=family)

    monkeypatch.setattr(sessions, "open_for", open_slowly)
    rotated, _ = together(lambda: rotate(tokens.refresh_token), lambda: log_out(family))
    assert isinstance(rotated, sessions.Tokens)
    try:
        caller_of(rotated.access_token)
    except sessions.SessionOver:
        return False
    return True
