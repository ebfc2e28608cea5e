"""Notifies: signed forms, retried on the ladder, spoiled on request."""

import time
from urllib.parse import parse_qsl

import pytest
from cryptography.exceptions import InvalidSignature

from . import ladders
from .alipay_merchant import CLOSE, NUMBER, REFUND, Merchant
from .conftest import Door, Knock, StandIn

LADDER = [240, 600, 600, 3600, 7200, 21600, 54000]


@pytest.fixture
def merchant(stand_in: StandIn, door: Door) -> Merchant:
    return Merchant(stand_in, f"{door.url}/alipay")


def settle(merchant: Merchant, seconds: float = 0) -> None:
    merchant.stand_in.sim("/clock", advance_s=seconds)


def verdicts(merchant: Merchant) -> list[str]:
    return [each["verdict"] for each in merchant.stand_in.seen("/deliveries")["items"]]


def test_a_payment_is_told(merchant: Merchant, door: Door) -> None:
    trade_no = merchant.paid()
    settle(merchant)
    (knock,) = door.all()
    told = merchant.open(knock)

    assert (told["trade_status"], told["trade_no"], told["total_amount"]) == (
        "TRADE_SUCCESS",
        trade_no,
        "88.00",
    )
    assert (told["app_id"], told["seller_id"]) == (
        merchant.env["ALIPAY_APP_ID"],
        merchant.env["ALIPAY_SELLER_ID"],
    )
    assert told["subject"] == "不动产登记费/首次"
    assert verdicts(merchant) == ["accepted"]


@pytest.mark.parametrize("said", [b"SUCCESS", b"success\n", b"", b"fail", b'"success"'])
def test_only_the_seven_letters_stop_the_ladder(merchant: Merchant, door: Door, said: bytes) -> None:
    door.answer = lambda _knock: (200, said)
    merchant.paid()
    settle(merchant, 241)

    assert verdicts(merchant) == ["refused", "refused"]


def test_success_with_another_status_is_none(merchant: Merchant, door: Door) -> None:
    door.answer = lambda _knock: (500, b"success")
    merchant.paid()
    settle(merchant)

    assert verdicts(merchant) == ["refused"]


def test_the_ladder_has_eight_rungs_in_a_day(merchant: Merchant, door: Door) -> None:
    door.answer = lambda _knock: (200, b"fail")
    knocks = ladders.walked(merchant.stand_in, door, merchant.paid, ladder=LADDER)
    settle(merchant, 90_000)

    told = [merchant.open(knock) for knock in door.all()]
    assert knocks == [(number, number + 1) for number in range(1, 8)]
    assert (len(told), len({each["notify_id"] for each in told})) == (8, 1)


def test_each_refund_is_told_by_the_same_address(merchant: Merchant, door: Door) -> None:
    merchant.paid()
    merchant.refund("30.00")
    settle(merchant)
    merchant.refund("58.00", "R2")
    settle(merchant)
    _, part, whole = sorted(
        (merchant.open(knock) for knock in door.all()), key=lambda told: told.get("refund_fee", "")
    )

    assert (part["trade_status"], part["refund_fee"], part["out_biz_no"]) == ("TRADE_SUCCESS", "30.00", "R1")
    assert (whole["trade_status"], whole["refund_fee"]) == ("TRADE_CLOSED", "88.00")
    assert part["gmt_refund"]


def test_a_refund_may_be_told_before_it_is_answered(merchant: Merchant, door: Door) -> None:
    merchant.paid()
    settle(merchant)
    merchant.stand_in.fault(REFUND, "notify_before_response")
    merchant.refund("30.00")

    assert merchant.open(door.all()[-1])["out_biz_no"] == "R1"


def test_closing_is_told_only_where_it_is_wished(merchant: Merchant, door: Door) -> None:
    merchant.create()
    merchant.ask(CLOSE, {"out_trade_no": NUMBER})
    merchant.stand_in.fault(CLOSE, "tells")
    merchant.create("YM202501010002")
    merchant.ask(CLOSE, {"out_trade_no": "YM202501010002"})
    settle(merchant)
    (knock,) = door.all()

    assert merchant.open(knock)["trade_status"] == "TRADE_CLOSED"


@pytest.mark.parametrize("kind", ["forged_signature", "tampered_body", "missing_signature", "sha1"])
def test_a_forged_notify_does_not_verify_and_the_genuine_one_follows(
    merchant: Merchant, door: Door, kind: str
) -> None:
    merchant.stand_in.fault("alipay.notify", kind)
    merchant.paid()
    settle(merchant)
    forged, genuine = door.all()

    with pytest.raises((InvalidSignature, AssertionError, KeyError)):
        merchant.open(forged)
    assert merchant.open(genuine)["out_trade_no"] == NUMBER
    assert verdicts(merchant) == ["probe_taken", "accepted"]
    assert len(merchant.stand_in.seen("/invariants")["violations"]) == 1


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("wrong_total", "total_amount", "0.01"),
        ("wrong_app_id", "app_id", "2021000000000999"),
        ("wrong_seller", "seller_id", "2088000000000999"),
        ("wrong_out_trade_no", "out_trade_no", "NOSUCHTRADE0001"),
        ("finished", "trade_status", "TRADE_FINISHED"),
    ],
)
def test_a_genuine_notify_may_say_something_else(
    merchant: Merchant, door: Door, kind: str, name: str, value: str
) -> None:
    merchant.stand_in.fault("alipay.notify", kind)
    merchant.paid()
    settle(merchant)

    assert merchant.open(door.all()[0])[name] == value


def test_a_notify_may_come_in_gbk(merchant: Merchant, door: Door) -> None:
    merchant.stand_in.fault("alipay.notify", "gbk")
    merchant.paid()
    settle(merchant)
    (knock,) = door.all()
    told = merchant.open(knock)

    assert (told["charset"], told["subject"]) == ("GBK", "不动产登记费/首次")
    assert "text/html" in knock.headers["Content-Type"]


def test_a_notify_may_carry_a_name_twice(merchant: Merchant, door: Door) -> None:
    merchant.stand_in.fault("alipay.notify", "duplicate_keys")
    merchant.paid()
    settle(merchant)
    pairs = parse_qsl(door.all()[0].body.decode())

    assert [value for name, value in pairs if name == "total_amount"] == ["0.01", "88.00"]


@pytest.mark.parametrize("parallel", [False, True])
def test_a_notify_may_come_many_times(merchant: Merchant, door: Door, *, parallel: bool) -> None:
    merchant.stand_in.fault("alipay.notify", "duplicate", count=3, parallel=parallel)
    merchant.stand_in.fault("alipay.notify", "different_id")
    merchant.paid()
    settle(merchant)
    ids = [merchant.open(knock)["notify_id"] for knock in door.all()]

    assert (len(ids), len(set(ids))) == (5, 2)


def test_five_seconds_is_too_late(merchant: Merchant, door: Door) -> None:
    def think(_knock: Knock) -> tuple[int, bytes]:
        time.sleep(5.5)
        return 200, b"success"

    door.answer = think
    merchant.paid()
    settle(merchant)

    assert verdicts(merchant) == ["timeout"]
