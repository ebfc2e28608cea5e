"""Messages on their way, through the stand-ins of the platforms."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from app import settings
from app.db import unit_of_work
from app.fees.models import Bill
from app.people.models import Citizen
from notifications import jobs, queries, service
from notifications.models import Dispatch, Message
from tests.notifications.conftest import (
    Reader,
    count,
    credits_left,
    dispatches,
    let_time_pass,
)

Happen = Callable[[], Bill]
SEND = "wechat.send_subscribe_message"
ALIPAY_SEND = "alipay.open.app.mini.templatemessage.send"
SMS_SEND = "sms.send"
BOTH = pytest.mark.parametrize(
    ("platform", "channel"), [("wechat", "wechat_subscribe"), ("alipay", "alipay_template")]
)


@BOTH
def test_a_message_arrives_once_where_its_reader_allowed_it(
    reader: Reader, happen: Happen, platform: str, channel: str
) -> None:
    reader.allow(platform)
    happen()
    jobs.send_waiting()
    jobs.send_waiting()

    assert reader.inbox() == [channel]
    assert (dispatches(), credits_left()) == ([(platform, "sent")], 0)


def test_the_same_event_told_twice_is_one_message(
    reader: Reader, happen: Happen, deliver: Callable[[], None]
) -> None:
    reader.allow("wechat", times=2)
    happen()
    with unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE outbox SET delivered_at = NULL, delivered_to = '{}'")
    deliver()
    jobs.send_waiting()

    assert (count(), reader.inbox(), credits_left()) == (1, ["wechat_subscribe"], 1)


def test_without_leave_what_must_arrive_goes_by_short_message(reader: Reader, happen: Happen) -> None:
    happen()
    jobs.send_waiting()

    assert reader.inbox() == ["sms"]


def test_without_leave_and_phone_it_is_still_readable_in_the_app(reader: Reader, happen: Happen) -> None:
    with unit_of_work() as session:
        session.execute(update(Citizen).values(phone=None, phone_index=None))
    happen()
    jobs.send_waiting()

    with unit_of_work() as session:
        told = queries.of_citizen(session, citizen_id=reader.citizen_id)
    assert (len(told), reader.inbox()) == (1, [])


def test_leave_that_wechat_no_longer_counts_becomes_a_short_message(reader: Reader, happen: Happen) -> None:
    reader.allow("wechat", there=False)
    happen()
    jobs.send_waiting()

    assert dispatches() == [("wechat", "failed"), ("sms", "sent")]
    assert (reader.inbox(), credits_left()) == (["sms"], 0)


@pytest.mark.parametrize("refusal", ["47003", "40037", "41030"])
def test_a_refusal_that_used_up_nothing_gives_the_credit_back(
    reader: Reader, happen: Happen, refusal: str
) -> None:
    reader.allow("wechat")
    reader.sandbox.post("/_sim/faults", op=SEND, kind=refusal, times=1)
    happen()
    jobs.send_waiting()

    assert (reader.inbox(), credits_left()) == (["sms"], 1)


def test_a_template_that_the_operator_forgot_costs_no_credit(
    reader: Reader, happen: Happen, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.allow("wechat")
    monkeypatch.setenv("WECHAT_TEMPLATES", "{}")
    settings.current.cache_clear()
    happen()
    jobs.send_waiting()
    monkeypatch.undo()
    settings.current.cache_clear()

    assert (reader.inbox(), credits_left()) == (["sms"], 1)


def test_one_platform_that_refuses_sends_no_short_message_beside_the_other(
    reader: Reader, happen: Happen
) -> None:
    reader.allow("wechat")
    reader.allow("alipay", there=False)
    happen()
    jobs.send_waiting()

    assert reader.inbox() == ["wechat_subscribe"]


def test_when_both_platforms_refuse_one_short_message_goes(reader: Reader, happen: Happen) -> None:
    reader.allow("wechat", there=False)
    reader.allow("alipay", there=False)
    happen()
    jobs.send_waiting()

    assert reader.inbox() == ["sms"]


@pytest.mark.parametrize("fault", ["-1", "45009", "http_429"])
def test_a_busy_platform_is_asked_again_later(reader: Reader, happen: Happen, fault: str) -> None:
    reader.allow("wechat")
    reader.sandbox.post("/_sim/faults", op=SEND, kind=fault, times=1)
    happen()
    jobs.send_waiting()
    assert (reader.inbox(), dispatches()) == ([], [("wechat", "pending")])

    let_time_pass()
    jobs.send_waiting()

    assert reader.inbox() == ["wechat_subscribe"]


def test_a_platform_that_stays_busy_loses_neither_message_nor_credit(reader: Reader, happen: Happen) -> None:
    reader.allow("wechat")
    reader.sandbox.post("/_sim/faults", op=SEND, kind="-1", times=-1)
    happen()
    for _ in range(8):
        let_time_pass()
        jobs.send_waiting()

    assert (reader.inbox(), credits_left()) == (["sms"], 1)


@pytest.mark.parametrize("after", [False, True])
def test_an_answer_that_is_lost_never_sends_twice(reader: Reader, happen: Happen, *, after: bool) -> None:
    reader.allow("wechat", times=3)
    happen()
    jobs.send_waiting()  # the stand-in has been reset: this call fetches the token of the next one
    reader.sandbox.post("/_sim/faults", op=SEND, kind="http_502", times=1, after=after)
    happen()
    for _ in range(3):
        jobs.send_waiting()
        let_time_pass()

    assert dispatches() == [("wechat", "sent"), ("wechat", "unknown")]
    assert reader.inbox() == ["wechat_subscribe"] * (2 if after else 1)


def test_a_short_message_whose_answer_is_lost_is_repeated_and_arrives_once(
    reader: Reader, happen: Happen
) -> None:
    reader.sandbox.post("/_sim/faults", op=SMS_SEND, kind="http_502", times=2, after=True)
    happen()
    for _ in range(3):
        jobs.send_waiting()
        let_time_pass()

    assert (reader.inbox(), dispatches()) == (["sms"], [("sms", "sent")])


def test_somebody_elses_message_is_neither_shown_nor_marked_as_read(reader: Reader, happen: Happen) -> None:
    happen()

    with unit_of_work() as session:
        other = reader.citizen_id + 1
        message_id = session.scalars(select(Message.id)).one()
        assert queries.of_citizen(session, citizen_id=other) == []
        assert service.mark_read(session, citizen_id=other, message_ids=[message_id]) == 0
        assert session.scalars(select(Dispatch.way)).all() == ["sms"]
