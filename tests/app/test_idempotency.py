import contextlib
import threading

import pytest
from sqlalchemy import text

from app import idempotency
from app.db import unit_of_work
from app.idempotency import Answer, Claim, KeyReused, StillRunning

pytestmark = pytest.mark.usefixtures("database")

TAP = Claim("citizen:1", "POST /things", "key-of-this-tap", b"body")


def work_once(claim: Claim = TAP) -> Answer | None:
    with unit_of_work() as session:
        earlier = idempotency.begin(session, claim)
        if earlier is None:
            session.execute(
                text(
                    "INSERT INTO outbox (name, payload, created_at, next_attempt_at)"
                    " VALUES ('w', '{}', now(), now())"
                )
            )
            idempotency.keep(session, claim, Answer(201, b"done"))
        return earlier


def effects() -> int:
    with unit_of_work() as session:
        return session.scalar(text("SELECT count(*) FROM outbox")) or 0


def test_the_second_tap_gets_the_first_answer() -> None:
    assert work_once() is None
    assert work_once() == Answer(201, b"done")
    assert effects() == 1


def test_another_body_under_the_same_key_is_refused() -> None:
    work_once()

    with pytest.raises(KeyReused):
        work_once(Claim(TAP.owner, TAP.route, TAP.key, b"another body"))


def test_somebody_elses_key_is_another_key() -> None:
    work_once()
    work_once(Claim("citizen:2", TAP.route, TAP.key, TAP.fingerprint))

    assert effects() == 2


def test_a_key_in_flight_says_so_instead_of_waiting() -> None:
    refused: list[type[Exception]] = []

    def tap_again() -> None:
        try:
            work_once()
        except StillRunning as error:
            refused.append(type(error))

    with unit_of_work() as session:
        idempotency.begin(session, TAP)
        other = threading.Thread(target=tap_again)
        other.start()
        other.join()

    assert refused == [StillRunning]


def test_a_crash_leaves_a_key_that_a_retry_can_finish() -> None:
    with pytest.raises(RuntimeError), unit_of_work() as session:
        idempotency.begin(session, TAP)
        raise RuntimeError

    assert work_once() is None
    assert effects() == 1


def tap_in_parallel(times: int = 8) -> None:
    def tap() -> None:
        with contextlib.suppress(StillRunning):
            work_once()

    taps = [threading.Thread(target=tap) for _ in range(times)]
    for started in taps:
        started.start()
    for started in taps:
        started.join()


def test_taps_in_parallel_have_one_effect() -> None:
    tap_in_parallel()

    assert effects() == 1


def test_control_without_the_lock_taps_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "begin", lambda session, claim: None)
    monkeypatch.setattr(idempotency, "keep", lambda session, claim, answer: None)

    tap_in_parallel()

    assert effects() > 1
