"""Workers that are killed, doubled or slow while messages are on their way."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from app.db import unit_of_work
from app.fees.models import Bill
from notifications import jobs
from notifications.models import Dispatch, DispatchState
from tests.notifications.conftest import Reader, dispatches, let_time_pass
from tests.races import Meeting, together

Happen = Callable[[], Bill]


class KilledError(BaseException):
    """The worker is gone between two statements."""


def die(*_: object) -> None:
    raise KilledError


def test_a_worker_killed_before_it_has_an_answer_never_sends_that_message_again(
    reader: Reader, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.allow("wechat")
    happen()
    with monkeypatch.context() as killed, pytest.raises(KilledError):
        killed.setattr(jobs, "_finish", die)
        jobs.send_waiting()

    let_time_pass()
    jobs.send_waiting()

    assert (reader.inbox(), dispatches()) == (["wechat_subscribe"], [("wechat", "unknown")])


def test_a_killed_worker_loses_none_of_the_messages_it_had_not_come_to(
    reader: Reader, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.allow("wechat", times=3)
    for _ in range(3):
        happen()
    with monkeypatch.context() as killed, pytest.raises(KilledError):
        killed.setattr(jobs, "_send_one", die)
        jobs.send_waiting()

    let_time_pass()
    jobs.send_waiting()

    assert sorted(state for _, state in dispatches()) == ["sent", "sent", "unknown"]


def test_a_short_message_of_a_killed_worker_goes_out_once(
    reader: Reader, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen()
    with monkeypatch.context() as killed, pytest.raises(KilledError):
        killed.setattr(jobs, "_finish", die)
        jobs.send_waiting()

    let_time_pass()
    jobs.send_waiting()

    assert (reader.inbox(), dispatches()) == (["sms"], [("sms", "sent")])


def test_a_worker_killed_while_it_notes_a_refusal_loses_no_short_message(
    reader: Reader, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.allow("wechat", there=False)
    happen()
    with monkeypatch.context() as killed, pytest.raises(KilledError):
        killed.setattr(jobs, "_send_sms_instead", die)
        jobs.send_waiting()

    # Nothing of the refusal is kept: it is not noted as final without the short message that replaces it.
    assert dispatches() == [("wechat", "sending")]


def test_a_job_ends_before_its_queue_would_kill_it(
    reader: Reader, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.allow("wechat", times=2)
    happen()
    happen()
    monkeypatch.setattr(jobs, "_LONGEST_RUN_S", 0)

    assert jobs.send_waiting() == 0
    assert [state for _, state in dispatches()] == ["pending", "pending"]


def test_two_workers_at_once_send_each_message_once(reader: Reader, happen: Happen) -> None:
    reader.allow("wechat", times=6)
    for _ in range(6):
        happen()

    together(*[jobs.send_waiting] * 2)

    assert reader.inbox() == ["wechat_subscribe"] * 6
    assert {state for _, state in dispatches()} == {"sent"}


def test_control_two_workers_that_do_not_claim_send_twice(
    reader: Reader, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting(2)

    def look_without_claiming() -> int | None:
        with unit_of_work() as session:
            found = session.scalar(select(Dispatch.id).where(Dispatch.state == DispatchState.PENDING))
        meeting.wait()
        with unit_of_work() as session:
            session.execute(update(Dispatch).where(Dispatch.id == found).values(state="sending"))
        return found

    reader.allow("wechat", times=2)
    happen()
    monkeypatch.setattr(jobs, "_claim", look_without_claiming)
    together(*[jobs.send_waiting] * 2)

    assert reader.inbox() == ["wechat_subscribe"] * 2


def test_two_ways_refused_in_the_same_moment_still_end_in_one_short_message(
    reader: Reader, happen: Happen
) -> None:
    reader.allow("wechat", there=False)
    reader.allow("alipay", there=False)
    happen()

    together(*[jobs.send_waiting] * 2)
    jobs.send_waiting()

    assert reader.inbox() == ["sms"]
