"""Results sent by the courier (R074): one parcel whatever gets lost, its trace in order, back and again."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from app import clock, settings
from app.cases.ways import Way
from app.db import unit_of_work
from app.deliveries import tracing
from app.deliveries.choice import Choice
from app.deliveries.errors import AlreadySent, NotPreparing
from app.deliveries.models import ParcelEvent
from app.deliveries.tracing import Told
from couriers import parcels
from tests import delivery_fixtures
from tests.city_fixtures import MONDAY, load_city, publish_items
from tests.conftest import Sandbox
from tests.delivery_fixtures import ADDRESS, choose, decided, parcel, shown, standing, told
from tests.races import Meeting, refusals, together

AT = "2026-11-16T{:02d}:00:00+08:00"


@pytest.fixture
def courier(database: None, sandbox: Sandbox) -> Iterator[Sandbox]:
    """The program, its city on a Monday, and a courier who has forgotten every parcel."""
    del database
    sandbox.forget_faults()
    sandbox.post("/_sim/reset")
    with clock.stopped_at(MONDAY):
        load_city()
        publish_items("id-lost")
        yield sandbox


def kept(courier: Sandbox) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = courier.get("/_sim/courier/orders")["items"]
    return items


def follow(minutes: int = 0) -> None:
    with clock.stopped_at(MONDAY + timedelta(minutes=minutes)):
        parcels.follow()


def sent() -> tuple[int, str, str]:
    """Sent and acknowledged; citizen, case, reference."""
    citizen_id, case_no = decided()
    reference = delivery_fixtures.send(case_no)
    follow()
    return citizen_id, case_no, reference


def happens(courier: Sandbox, reference: str, kind: str, **how: Any) -> None:
    courier.post(f"/_sim/courier/orders/{reference}/happens", kind=kind, quiet=True, **how)


def news(reference: str, kind: str, *, hour: int = 9, number: str = "KD-00000001") -> Told:
    at = MONDAY.replace(hour=hour)
    return Told(reference, "SF0000000000001", number, hour, kind, at, "示例市")


def take(one: Told) -> bool:
    with unit_of_work() as session:
        return tracing.take(session, one)


def test_what_is_signed_for_closes_the_case(courier: Sandbox) -> None:
    _, case_no, reference = sent()
    assert parcel(case_no)["waybill"] == kept(courier)[0]["waybill"]
    for hour, kind in enumerate(("collected", "transit", "delivering", "signed"), start=9):
        happens(courier, reference, kind, at=AT.format(hour), place="示例市")
    follow(minutes=241)
    assert standing(case_no) == ("closed", "delivered")
    assert told(case_no)[1:] == ["邮件已签收", "办件已办结"]
    trace = shown(case_no).parcel
    assert trace is not None
    assert [line.text for line in trace.lines] == ["已签收", "正在派送", "运输中", "快递已揽收"]


@pytest.mark.parametrize("kind", ["reset", "http_502", "truncated", "empty"])
def test_a_lost_acknowledgement_leads_to_one_question_and_no_second_parcel(
    courier: Sandbox, kind: str
) -> None:
    _, case_no = decided()
    delivery_fixtures.send(case_no)
    courier.post("/_sim/faults", op="courier.order", kind=kind, times=1, detail={"after": True})
    follow()
    assert parcel(case_no)["state"] == "ordering"
    follow(minutes=2)
    assert (parcel(case_no)["state"], len(kept(courier))) == ("ordered", 1)


def test_the_day_the_courier_is_away_it_waits_and_is_shown_as_waiting(courier: Sandbox) -> None:
    citizen_id, case_no = decided()
    delivery_fixtures.send(case_no)
    courier.post("/_sim/faults", op="courier.order", kind="http_503", times=9)
    follow()
    waiting = shown(case_no)
    assert waiting.parcel is not None
    assert (waiting.may_change, waiting.parcel.waybill) == (True, None)
    assert "正在等快递公司接单" in waiting.parcel.note
    choose(citizen_id, case_no, Choice(Way.WINDOW))
    courier.forget_faults()
    follow(minutes=2)
    assert (standing(case_no)[1], parcel(case_no)["state"]) == ("waiting", "cancelled")
    assert [one["state"] for one in kept(courier)] == ["cancelled"]


def test_what_was_collected_before_it_was_called_off_goes_on_by_post(courier: Sandbox) -> None:
    citizen_id, case_no = decided()
    reference = delivery_fixtures.send(case_no)
    courier.post("/_sim/faults", op="courier.order", kind="reset", times=1, detail={"after": True})
    follow()
    happens(courier, reference, "collected", at=AT.format(9))
    choose(citizen_id, case_no, Choice(Way.WINDOW))
    follow(minutes=2)
    assert (standing(case_no)[1], parcel(case_no)["state"]) == ("sending", "moving")
    assert parcel(case_no)["waybill"] == kept(courier)[0]["waybill"]
    assert shown(case_no).way is Way.POST
    assert "撤不回来" in told(case_no)[-1]


def test_what_the_courier_forgot_is_not_ordered_a_second_time(courier: Sandbox) -> None:
    _, case_no, _ = sent()
    courier.post("/_sim/reset")
    follow(minutes=241)
    assert (kept(courier), parcel(case_no)["state"]) == ([], "ordered")


def test_a_label_that_nobody_can_read_holds_up_no_other(courier: Sandbox) -> None:
    (_, bad), (_, good) = decided(), decided()
    spoilt, _ = delivery_fixtures.send(bad), delivery_fixtures.send(good)
    with unit_of_work() as session:
        session.execute(text("UPDATE parcels SET sealed_label = '\\x00' WHERE reference = :r"), {"r": spoilt})
    follow()
    assert (len(kept(courier)), parcel(good)["state"]) == (1, "ordered")


def test_what_the_courier_has_cannot_be_changed(courier: Sandbox) -> None:
    del courier
    citizen_id, case_no, _ = sent()
    with pytest.raises(AlreadySent):
        choose(citizen_id, case_no, Choice(Way.WINDOW))
    with pytest.raises(NotPreparing):
        delivery_fixtures.send(case_no)


def test_what_comes_back_is_sent_again_to_another_address_in_a_parcel_of_its_own(courier: Sandbox) -> None:
    citizen_id, case_no, reference = sent()
    happens(courier, reference, "returned", at=AT.format(10))
    follow(minutes=241)
    assert standing(case_no) == ("decided", "returned")
    choose(citizen_id, case_no, ADDRESS)
    delivery_fixtures.send(case_no)
    follow(minutes=242)
    assert (standing(case_no)[1], len(kept(courier))) == ("sending", 2)


def test_an_address_that_the_courier_does_not_reach_comes_back_at_once(courier: Sandbox) -> None:
    del courier
    citizen_id, case_no = decided()
    choose(
        citizen_id, case_no, Choice(Way.POST, recipient="王", phone="13800000000", address="示例市无人区1号")
    )
    delivery_fixtures.send(case_no)
    follow()
    trace = shown(case_no).parcel
    assert trace is not None
    assert (standing(case_no)[1], trace.note) == ("returned", "快递送不到这个地址，请核对后重新填写")


def test_news_in_any_order_end_where_the_newest_says_and_are_shown_in_order(courier: Sandbox) -> None:
    del courier
    _, case_no, reference = sent()
    take(news(reference, "signed", hour=12, number="KD-00000012"))
    take(news(reference, "returning", hour=11, number="KD-00000011"))
    take(news(reference, "collected", hour=9, number="KD-00000009"))
    assert standing(case_no) == ("closed", "delivered")
    trace = shown(case_no).parcel
    assert trace is not None
    assert [line.text for line in trace.lines] == ["已签收", "正在退回", "快递已揽收"]


def test_the_same_news_twice_at_once_close_the_case_once(courier: Sandbox) -> None:
    del courier
    _, case_no, reference = sent()
    assert together(*[lambda: take(news(reference, "signed"))] * 3).count(True) == 1
    assert told(case_no).count("邮件已签收") == 1


def test_control_by_looking_first_the_same_news_would_be_kept_twice(courier: Sandbox) -> None:
    del courier
    _, _, reference = sent()
    meeting = Meeting()

    def look_and_keep() -> bool:
        with unit_of_work() as session:
            new = session.scalar(select(func.count()).select_from(ParcelEvent)) == 0
            meeting.wait()
            return new

    assert together(*[look_and_keep] * 2) == [True, True]
    assert take(news(reference, "signed"))


def test_two_jobs_at_once_order_one_parcel(courier: Sandbox) -> None:
    _, case_no = decided()
    delivery_fixtures.send(case_no)
    together(parcels.follow, parcels.follow)
    assert (len(kept(courier)), parcel(case_no)["state"]) == (1, "ordered")


def test_of_two_clerks_at_once_one_sends(courier: Sandbox) -> None:
    del courier
    _, case_no = decided()
    assert refusals(together(*[lambda: delivery_fixtures.send(case_no)] * 2), NotPreparing) == 1


def letter(told: Told) -> tuple[bytes, dict[str, str]]:
    """A courier's letter, signed with the key that only it has."""
    found = settings.current().courier
    assert found is not None
    body = json.dumps({**asdict(told), "at": told.at.isoformat()}).encode()
    moment = str(int(time.time()))  # the platforms live in the true time
    signature = hmac.new(found.event_key.encode(), f"{moment}\n".encode() + body, hashlib.sha256).hexdigest()
    return body, {"X-Courier-Timestamp": moment, "X-Courier-Signature": signature}


def test_the_courier_tells_by_itself_and_the_same_letter_again_changes_nothing(
    courier: Sandbox, client: FlaskClient
) -> None:
    del courier
    _, case_no, reference = sent()
    body, headers = letter(news(reference, "signed"))
    answers = [client.post("/webhooks/courier/events", data=body, headers=headers).get_json() for _ in "12"]
    assert [answer["taken"] for answer in answers] == [True, False]
    assert standing(case_no) == ("closed", "delivered")


def test_the_courier_s_own_letter_is_verified_before_anything_else(
    courier: Sandbox, client: FlaskClient
) -> None:
    del courier
    _, case_no, _ = sent()
    answer = client.post("/webhooks/courier/events", json={"kind": "signed"})
    assert (answer.status_code, standing(case_no)[0]) == (401, "decided")
