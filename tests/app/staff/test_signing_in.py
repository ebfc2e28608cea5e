"""Logging in: what fits, what is refused, how often one may try."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app import clock, settings
from app.audit import queries as audit
from app.db import unit_of_work
from app.settings import Environment
from app.staff import passwords, service, sessions, signing_in, totp
from app.staff.errors import SignInBusy, StaffSessionOver, TooManySignIns
from app.staff.models import Clerk, Role, SignInAttempt
from tests.races import Meeting, refusals, together
from tests.staff_fixtures import PASSWORD, REAL_HASHER, make_clerk

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    live = dataclasses.replace(settings.current(), environment=Environment.PRODUCTION)
    monkeypatch.setattr(settings, "current", lambda: live)


def sign_in(
    username: str, password: str = PASSWORD, *, code: str = "", address: str = "198.51.100.1"
) -> str | None:
    with unit_of_work() as session:
        attempt = signing_in.begin(session, username=username, address=address)
    proof = signing_in.check(attempt, password=password, code=code)
    with unit_of_work() as session:
        return signing_in.finish(session, attempt=attempt, proof=proof)


def code_now(secret: str) -> str:
    return totp.code_at(totp.key_of(secret), totp.step_of(clock.now()))


def waiting_attempts() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count(SignInAttempt.id))) or 0


def actions() -> list[str]:
    with unit_of_work() as session:
        verdict = audit.verify(session)
        assert verdict.broken_at is None
        return [entry.action for entry in audit._batch_after(session, 0)]


def test_a_clerk_logs_in_and_is_found_by_the_token() -> None:
    clerk_id = make_clerk(Role.FRONT_DESK, username="wang")
    token = sign_in("wang")

    assert token is not None
    with unit_of_work() as session:
        assert sessions.find(session, token=token).clerk_id == clerk_id


def test_the_account_may_be_typed_with_capitals_blanks_and_full_width_letters() -> None:
    make_clerk(Role.FRONT_DESK, username="wang")

    assert sign_in("  ＷＡＮＧ ") is not None


@pytest.mark.parametrize("username", ["wang", "nobody", "", "a\x00b", "x" * 500])
def test_a_wrong_password_and_an_unknown_account_are_refused_alike(username: str) -> None:
    make_clerk(Role.FRONT_DESK, username="wang")

    assert sign_in(username, "wrong") is None
    assert actions() == ["sign_in_refused"]
    assert waiting_attempts() == 1


def test_an_unknown_account_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    hasher = passwords._HASHER

    class Watched:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored.split("$")[3])
            return hasher.verify(stored, password)

    make_clerk(Role.FRONT_DESK, username="wang")
    passwords._nobodys()
    monkeypatch.setattr(passwords, "_HASHER", Watched())
    sign_in("wang", "wrong")
    sign_in("nobody", "wrong")

    assert len(verified) == 2
    assert len(set(verified)) == 1


def test_nobody_gets_in_with_the_password_that_unknown_accounts_are_compared_with() -> None:
    assert sign_in("nobody", "nobody has this password") is None


def test_passwords_are_kept_as_argon2id_with_the_memory_that_rfc_9106_wants() -> None:
    assert REAL_HASHER.hash("a long password").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_older_hash_is_renewed_by_logging_in(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk_id = make_clerk(Role.FRONT_DESK, username="wang")
    monkeypatch.setattr(passwords, "is_outdated", lambda _stored: True)

    assert sign_in("wang") is not None
    with unit_of_work() as session:
        renewed = session.get_one(Clerk, clerk_id).password_hash
    assert renewed.startswith("$argon2id$")
    assert passwords.fits(renewed, PASSWORD)


def test_a_clerk_with_a_second_factor_needs_it() -> None:
    secret = totp.new_secret()
    make_clerk(Role.APPROVER, username="li", totp_secret=secret)

    assert sign_in("li") is None
    assert sign_in("li", code="000000" if code_now(secret) != "000000" else "111111") is None
    assert sign_in("li", code=code_now(secret)) is not None


def test_a_code_works_once() -> None:
    secret = totp.new_secret()
    make_clerk(Role.APPROVER, username="li", totp_secret=secret)
    code = code_now(secret)

    assert sign_in("li", code=code) is not None
    assert sign_in("li", code=code) is None


def test_of_two_with_the_same_code_one_gets_in() -> None:
    secret = totp.new_secret()
    make_clerk(Role.APPROVER, username="li", totp_secret=secret)
    code = code_now(secret)
    tokens = together(
        lambda: sign_in("li", code=code), lambda: sign_in("li", code=code, address="198.51.100.2")
    )

    assert sum(token is not None for token in tokens) == 1


def test_after_five_failures_at_a_desk_the_sixth_waits() -> None:
    make_clerk(Role.FRONT_DESK, username="wang")
    for _ in range(signing_in.PER_DESK.most):
        sign_in("wang", "wrong")

    with pytest.raises(TooManySignIns, match="too_many_sign_ins") as refused:
        sign_in("wang")
    assert 0 < (refused.value.retry_after or 0) <= 900
    assert sign_in("wang", address="198.51.100.2") is not None


def test_waiting_helps() -> None:
    make_clerk(Role.FRONT_DESK, username="wang")
    for _ in range(signing_in.PER_DESK.most):
        sign_in("wang", "wrong")

    with clock.shifted_by(timedelta(minutes=16)):
        assert sign_in("wang") is not None


def test_an_operator_lets_a_clerk_try_again_at_once() -> None:
    make_clerk(Role.FRONT_DESK, username="wang")
    for _ in range(signing_in.PER_DESK.most):
        sign_in("wang", "wrong")
    with unit_of_work() as session:
        service.reset_password(session, username="wang", password="another long one")

    assert sign_in("wang", "another long one") is not None


def test_logging_in_forgets_the_failures_of_this_desk() -> None:
    make_clerk(Role.FRONT_DESK, username="wang")
    for _ in range(signing_in.PER_DESK.most - 1):
        sign_in("wang", "wrong")
    sign_in("wang")

    assert waiting_attempts() == 0


def test_many_addresses_do_not_help_against_one_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "fits", lambda _stored, _password: False)
    make_clerk(Role.FRONT_DESK, username="wang")
    for number in range(signing_in.PER_ACCOUNT.most):
        sign_in("wang", "wrong", address=f"198.51.100.{number}")

    with pytest.raises(TooManySignIns):
        sign_in("wang", address="203.0.113.9")


def test_many_accounts_do_not_help_from_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "fits", lambda _stored, _password: False)
    for number in range(signing_in.PER_ADDRESS.most):
        sign_in(f"name{number}", "wrong", address="2001:db8::1")

    with pytest.raises(TooManySignIns):
        sign_in("another", address="2001:db8::ffff")


def guess() -> str | None:
    return sign_in("wang", "wrong")


def test_parallel_guesses_are_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "fits", lambda _stored, _password: False)
    results = together(*[guess] * 12)

    assert refusals(results, TooManySignIns) == 12 - signing_in.PER_DESK.most


def test_without_the_lock_parallel_guesses_slip_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "fits", lambda _stored, _password: False)
    for _ in range(signing_in.PER_DESK.most - 1):
        guess()
    meeting, counted = Meeting(4), signing_in._refuse_too_many

    def count_then_meet(*asked: Any) -> None:
        counted(*asked)
        meeting.wait()

    monkeypatch.setattr(signing_in, "_one_at_a_time", lambda *_: None)
    monkeypatch.setattr(signing_in, "_refuse_too_many", count_then_meet)

    assert refusals(together(*[guess] * 4), TooManySignIns) == 0


def test_only_so_many_passwords_are_checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_PATIENCE_S", 0.01)
    taken = [passwords._ROOM.acquire(), passwords._ROOM.acquire()]
    try:
        with pytest.raises(SignInBusy):
            passwords.fits(None, "anything")
    finally:
        for _ in taken:
            passwords._ROOM.release()


@pytest.mark.usefixtures("production")
def test_production_refuses_demo_clerks_and_clerks_without_second_factor() -> None:
    secret = totp.new_secret()
    make_clerk(Role.FRONT_DESK, username="demo", demo=True, totp_secret=secret)
    make_clerk(Role.FRONT_DESK, username="plain")
    make_clerk(Role.FRONT_DESK, username="whole", totp_secret=secret)

    assert sign_in("demo", code=code_now(secret)) is None
    assert sign_in("plain") is None
    assert sign_in("whole", code=code_now(secret)) is not None


@pytest.mark.usefixtures("production")
def test_production_ends_a_session_of_a_demo_clerk() -> None:
    clerk_id = make_clerk(Role.FRONT_DESK, demo=True)
    with unit_of_work() as session:
        token = sessions.open_for(session, clerk_id=clerk_id)

    with pytest.raises(StaffSessionOver), unit_of_work() as session:
        sessions.find(session, token=token)


def test_old_tries_are_forgotten() -> None:
    sign_in("nobody", "wrong")
    with clock.shifted_by(timedelta(days=2)), unit_of_work() as session:
        assert signing_in.forget_old(session) == 1
    assert waiting_attempts() == 0
