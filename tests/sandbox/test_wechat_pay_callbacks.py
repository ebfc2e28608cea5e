"""Callbacks: sealed and signed, retried on the ladder, spoiled on request."""

import json
import time
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag

from . import ladders
from .conftest import Door, Knock, StandIn
from .wechat_pay_merchant import Merchant

NUMBER = "YM202501010001"
LADDER = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]
DAY_S = 86_700


@pytest.fixture
def merchant(stand_in: StandIn, door: Door) -> Merchant:
    return Merchant(stand_in, f"{door.url}/wechat-pay")


def paid_and_told(merchant: Merchant) -> list[dict[str, Any]]:
    merchant.paid()
    merchant.stand_in.sim("/clock", advance_s=0)  # answers once the callbacks are done
    found: list[dict[str, Any]] = merchant.stand_in.seen("/deliveries")["items"]
    return found


def test_a_payment_is_told_once_it_is_taken(merchant: Merchant, door: Door) -> None:
    (delivery,) = paid_and_told(merchant)
    told = merchant.open(door.all()[0])

    assert (delivery["verdict"], delivery["attempt"], delivery["out_trade_no"]) == ("accepted", 1, NUMBER)
    assert (told["event_type"], told["resource"]["trade_state"]) == ("TRANSACTION.SUCCESS", "SUCCESS")
    assert told["resource"]["transaction_id"] == merchant.query(NUMBER).body["transaction_id"]
    assert len(told["id"]) <= 36


def test_the_ladder_has_sixteen_rungs_in_a_day(merchant: Merchant, door: Door) -> None:
    door.answer = lambda _knock: (500, b'{"code":"FAIL","message":"x"}')
    knocks = ladders.walked(merchant.stand_in, door, merchant.paid, ladder=LADDER)
    merchant.stand_in.sim("/clock", advance_s=DAY_S)

    assert sum(LADDER) == 86_640
    assert knocks == [(number, number + 1) for number in range(1, 16)]
    assert len(door.all()) == 16


def test_each_retry_is_the_same_event_signed_anew(merchant: Merchant, door: Door) -> None:
    door.answer = lambda _knock: (500, b"")
    paid_and_told(merchant)
    merchant.stand_in.sim("/clock", advance_s=DAY_S)
    opened = [merchant.open(knock) for knock in door.all()]

    assert len({each["id"] for each in opened}) == 1
    assert len({knock.headers["Wechatpay-Nonce"] for knock in door.all()}) == 16
    assert all(abs(int(knock.headers["Wechatpay-Timestamp"]) - time.time()) < 60 for knock in door.all())


def test_the_ladder_ends_with_the_first_success(merchant: Merchant, door: Door) -> None:
    door.answer = lambda _knock: (204, b"") if len(door.all()) == 3 else (302, b"")
    paid_and_told(merchant)
    merchant.stand_in.sim("/clock", advance_s=DAY_S)

    verdicts = [each["verdict"] for each in merchant.stand_in.seen("/deliveries")["items"]]
    assert verdicts == ["refused", "refused", "accepted"]


def test_five_seconds_is_too_late(merchant: Merchant, door: Door) -> None:
    def think(_knock: Knock) -> tuple[int, bytes]:
        time.sleep(5.5)
        return 200, b""

    door.answer = think
    (delivery,) = paid_and_told(merchant)

    assert delivery["verdict"] == "timeout"


def test_a_closed_door_is_tried_again(stand_in: StandIn) -> None:
    merchant = Merchant(stand_in, "http://127.0.0.1:9/关闭")
    (first,) = paid_and_told(merchant)
    stand_in.sim("/clock", advance_s=15)

    assert first["verdict"] == "unreachable"
    assert len(stand_in.seen("/deliveries")["items"]) == 2


@pytest.mark.parametrize(
    "kind", ["forged_signature", "signtest", "unknown_serial", "missing_headers", "tampered_body"]
)
def test_a_forged_callback_does_not_verify_and_the_genuine_one_follows(
    merchant: Merchant, door: Door, kind: str
) -> None:
    merchant.stand_in.fault("wechat_pay.callback", kind)
    paid_and_told(merchant)
    forged, genuine = door.all()

    with pytest.raises((InvalidSignature, AssertionError, KeyError, ValueError)):
        merchant.open(forged)
    assert merchant.open(genuine)["resource"]["out_trade_no"] == NUMBER


@pytest.mark.parametrize("kind", ["tampered_ciphertext", "wrong_aad"])
def test_a_broken_seal_is_signed_but_does_not_open(merchant: Merchant, door: Door, kind: str) -> None:
    merchant.stand_in.fault("wechat_pay.callback", kind)
    paid_and_told(merchant)

    with pytest.raises(InvalidTag):
        merchant.open(door.all()[0])


@pytest.mark.parametrize("kind", ["replay", "old_timestamp"])
def test_an_old_callback_verifies_but_is_old(merchant: Merchant, door: Door, kind: str) -> None:
    merchant.stand_in.fault("wechat_pay.callback", kind)
    paid_and_told(merchant)
    old = min(door.all(), key=lambda knock: int(knock.headers["Wechatpay-Timestamp"]))

    assert merchant.open(old)["resource"]["out_trade_no"] == NUMBER
    assert int(old.headers["Wechatpay-Timestamp"]) < time.time() - 300


def test_taking_a_probe_for_genuine_is_a_violation(merchant: Merchant) -> None:
    merchant.stand_in.fault("wechat_pay.callback", "signtest")
    paid_and_told(merchant)
    (violation,) = merchant.stand_in.seen("/invariants")["violations"]

    assert (violation["probe"], violation["verdict"]) == ("signtest", "probe_taken")


def test_refusing_a_probe_is_none(merchant: Merchant, door: Door) -> None:
    def careful(knock: Knock) -> tuple[int, bytes]:
        return (401 if "SIGNTEST" in knock.headers["Wechatpay-Signature"] else 204), b""

    door.answer = careful
    merchant.stand_in.fault("wechat_pay.callback", "signtest")
    verdicts = [each["verdict"] for each in paid_and_told(merchant)]

    assert verdicts == ["probe_refused", "accepted"]
    assert merchant.stand_in.seen("/invariants")["violations"] == []


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("wrong_total", ("amount", "total"), 8801),
        ("wrong_currency", ("amount", "currency"), "USD"),
        ("wrong_appid", ("appid",), "wxsandboxother0001"),
        ("wrong_mchid", ("mchid",), "1900000999"),
        ("wrong_openid", ("payer", "openid"), "oMsomebodyelse00000000000000"),
    ],
)
def test_a_genuine_callback_may_say_something_wrong(
    merchant: Merchant, door: Door, kind: str, path: tuple[str, ...], value: object
) -> None:
    merchant.stand_in.fault("wechat_pay.callback", kind, only=True)
    paid_and_told(merchant)
    (knock,) = door.all()
    said: Any = merchant.open(knock)["resource"]
    for step in path:
        said = said[step]

    assert said == value


@pytest.mark.parametrize("parallel", [False, True])
def test_a_callback_may_come_many_times(merchant: Merchant, door: Door, *, parallel: bool) -> None:
    merchant.stand_in.fault("wechat_pay.callback", "duplicate", count=4, parallel=parallel)
    paid_and_told(merchant)

    assert len(door.all()) == 5
    assert len({merchant.open(knock)["id"] for knock in door.all()}) == 1


def test_the_same_transaction_may_come_under_another_id(merchant: Merchant, door: Door) -> None:
    merchant.stand_in.fault("wechat_pay.callback", "different_id")
    paid_and_told(merchant)
    first, second = (merchant.open(knock) for knock in door.all())

    assert first["id"] != second["id"]
    assert first["resource"]["transaction_id"] == second["resource"]["transaction_id"]


def test_a_callback_may_be_late_or_never_come(merchant: Merchant, door: Door) -> None:
    merchant.stand_in.fault("wechat_pay.callback", "delayed", seconds=3600)
    merchant.paid()
    merchant.stand_in.sim("/clock", advance_s=3500)
    assert door.all() == []
    merchant.stand_in.sim("/clock", advance_s=120)
    assert len(door.all()) == 1

    merchant.stand_in.fault("wechat_pay.callback", "never")
    merchant.paid("YM202501010002")
    merchant.stand_in.sim("/clock", advance_s=DAY_S)
    assert len(door.all()) == 1


def test_a_callback_may_come_before_the_answer(merchant: Merchant, door: Door) -> None:
    merchant.stand_in.fault("wechat_pay.prepay", "callback_before_response")
    answer = merchant.prepay()

    # The door keeps what came before it answers, and the answer waited for that.
    assert len(door.all()) == 1
    assert answer.status == 200


def test_nothing_is_told_of_closing(merchant: Merchant, door: Door) -> None:
    merchant.prepay()
    merchant.close(NUMBER)
    merchant.stand_in.sim("/clock", advance_s=60)

    assert door.all() == []


def test_forgetting_everything_stops_the_ladders(merchant: Merchant, door: Door) -> None:
    door.answer = lambda _knock: (500, b"")
    paid_and_told(merchant)
    merchant.stand_in.sim("/reset")
    before = len(door.all())
    merchant.stand_in.sim("/clock", advance_s=DAY_S)

    assert len(door.all()) == before


def test_the_body_is_compact_and_unescaped(merchant: Merchant, door: Door) -> None:
    paid_and_told(merchant)
    body = door.all()[0].body

    assert "支付成功".encode() in body
    assert body == json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode()
