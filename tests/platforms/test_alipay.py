"""Alipay's mini-program and cashier against the sandbox: money is never guessed."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from platforms.alipay import Alipay, AlipayConfig
from platforms.errors import BadSignature, Busy, Malformed, Refused, Unknown
from platforms.facts import RefundState, TradeState
from platforms.rsa_keys import private_key
from tests.platforms.conftest import Sandbox
from tests.platforms.keys import PKCS1, private_pem
from tests.platforms.test_tokens import at_once
from tests.platforms.test_wechat_pay import NOWHERE, NewNo

CREATE, QUERY, REFUND = "alipay.trade.create", "alipay.trade.query", "alipay.trade.refund"
PROGRESS = {
    "thing1": "居住证办理",
    "phrase2": "已受理",
    "time3": "2025年6月1日 09:00",
    "thing4": "请留意进度",
}


def create(alipay: Alipay, sandbox: Sandbox, out_trade_no: str, **changes: Any) -> str:
    wanted: dict[str, Any] = {
        "out_trade_no": out_trade_no,
        "amount_fen": 8001,
        "subject": "不动产登记费",
        "buyer_open_id": sandbox.get("/people/lin")["alipay_open_id"],
        "notify_url": NOWHERE,
        "expires_at": datetime.now(UTC) + timedelta(minutes=30),
    }
    return alipay.create(**{**wanted, **changes})


def pay(alipay: Alipay, sandbox: Sandbox, out_trade_no: str, **changes: Any) -> None:
    invoke = alipay.invoke(create(alipay, sandbox, out_trade_no, **changes))
    assert sandbox.post("/people/lin/alipay/pay", **invoke)["resultCode"] == "9000"


def give_back(alipay: Alipay, out_trade_no: str, number: str, amount_fen: int = 3000) -> RefundState:
    arguments = {"out_trade_no": out_trade_no, "out_refund_no": number, "reason": "重复缴费"}
    return alipay.refund(amount_fen=amount_fen, **arguments).state


def test_an_auth_code_tells_who_it_is_once(sandbox: Sandbox, alipay: Alipay) -> None:
    code, lin = sandbox.post("/people/lin/alipay/login")["auth_code"], sandbox.get("/people/lin")
    login = alipay.login(code)
    assert (login.open_id, login.user_id) == (lin["alipay_open_id"], lin["alipay_user_id"])
    with pytest.raises(Refused) as again:
        alipay.login(code)
    assert again.value.platform_code == "isv.code-invalid"


def test_a_trade_is_made_paid_and_proven(sandbox: Sandbox, alipay: Alipay, order_no: NewNo) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    fact = alipay.query(number)
    assert (fact.state, fact.amount_fen, fact.currency) == (TradeState.PAID, 8001, "CNY")
    assert fact.payer == sandbox.get("/people/lin")["alipay_open_id"]
    assert fact.transaction_id
    assert fact.paid_at is not None
    assert abs((datetime.now(UTC) - fact.paid_at).total_seconds()) < 60


def test_a_buyer_of_the_older_kind_is_named_by_user_id(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo
) -> None:
    user_id = sandbox.get("/people/lin")["alipay_user_id"]
    assert create(alipay, sandbox, order_no(), buyer_open_id=None, buyer_user_id=user_id)


def test_the_same_trade_twice_is_one_trade(sandbox: Sandbox, alipay: Alipay, order_no: NewNo) -> None:
    number = order_no()
    assert create(alipay, sandbox, number) == create(alipay, sandbox, number)
    with pytest.raises(Refused) as refused:
        create(alipay, sandbox, number, amount_fen=8002)
    assert refused.value.platform_code == "ACQ.CONTEXT_INCONSISTENT"


def test_unknown_unpaid_and_closed_are_three_things(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo
) -> None:
    number = order_no()
    assert alipay.query(number).state is TradeState.NOT_FOUND
    create(alipay, sandbox, number)
    assert alipay.query(number).state is TradeState.UNPAID
    alipay.close(number)
    assert alipay.query(number).state is TradeState.CLOSED


def test_a_paid_trade_cannot_be_closed(sandbox: Sandbox, alipay: Alipay, order_no: NewNo) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    with pytest.raises(Refused) as refused:
        alipay.close(number)
    assert refused.value.platform_code == "ACQ.REASON_TRADE_STATUS_INVALID"


def test_a_part_refund_and_the_rest(sandbox: Sandbox, alipay: Alipay, order_no: NewNo) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    assert give_back(alipay, number, "R1") is RefundState.SUCCEEDED
    assert alipay.query(number).state is TradeState.PAID
    assert give_back(alipay, number, "R2", 5001) is RefundState.SUCCEEDED
    assert alipay.query(number).state is TradeState.REFUNDED
    found = [alipay.query_refund(number, each) for each in ("R1", "R2", "R3")]
    assert [fact.amount_fen for fact in found] == [3000, 5001, None], "each its own, not the sum"
    assert found[2].state is RefundState.NOT_FOUND
    assert found[0].finished_at is not None
    assert abs((datetime.now(UTC) - found[0].finished_at).total_seconds()) < 60


def test_a_repeated_refund_moves_no_more_money_and_still_says_done(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo
) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    assert give_back(alipay, number, "R1") is RefundState.SUCCEEDED
    assert give_back(alipay, number, "R1") is RefundState.SUCCEEDED
    totals = sandbox.get("/invariants")["orders"]
    assert [each["refunded_fen"] for each in totals if each["out_trade_no"] == number] == [3000]


def test_the_same_refund_with_another_amount_must_be_asked_about(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo
) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    give_back(alipay, number, "R1")
    with pytest.raises(Unknown) as unknown:
        give_back(alipay, number, "R1", 3001)
    assert unknown.value.platform_code == "ACQ.DISCORDANT_REPEAT_REQUEST"


def test_a_refund_that_alipay_took_but_does_not_confirm_is_processing(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo
) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    sandbox.fault(REFUND, "fund_change_n")
    sandbox.fault("alipay.trade.fastpay.refund.query", "lag")
    assert give_back(alipay, number, "R1") is RefundState.PROCESSING
    assert alipay.query_refund(number, "R1").state is RefundState.SUCCEEDED


@pytest.mark.parametrize("kind", ["http_500", "rate_limited", "hang"])
def test_a_refund_taken_is_not_refused_because_asking_about_it_failed(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo, kind: str
) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    sandbox.fault(REFUND, "fund_change_n")
    sandbox.fault("alipay.trade.fastpay.refund.query", kind)
    assert give_back(alipay, number, "R1") is RefundState.PROCESSING


def test_an_empty_merchant_account_is_busy(sandbox: Sandbox, alipay: Alipay, order_no: NewNo) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    sandbox.fault(REFUND, "not_enough")
    with pytest.raises(Busy):
        give_back(alipay, number, "R1")
    assert give_back(alipay, number, "R1") is RefundState.SUCCEEDED


def test_more_than_was_paid_is_refused(sandbox: Sandbox, alipay: Alipay, order_no: NewNo) -> None:
    number = order_no()
    pay(alipay, sandbox, number)
    with pytest.raises(Refused):
        give_back(alipay, number, "R1", 8002)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_fen": 0},
        {"amount_fen": 80.01},
        {"amount_fen": True},
        {"amount_fen": 100_000_000_01},
        {"out_trade_no": "编号"},
        {"out_trade_no": ""},
        {"buyer_open_id": None},
        {"buyer_user_id": "2088000000000002"},
        {"expires_at": datetime(2030, 1, 1)},  # noqa: DTZ001  # without its zone, on purpose
    ],
)
def test_a_trade_that_cannot_be_right_is_refused_here(
    sandbox: Sandbox, alipay: Alipay, order_no: NewNo, changes: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        create(alipay, sandbox, **{"out_trade_no": order_no(), **changes})
    assert sandbox.calls(CREATE) == 0


def test_any_subject_can_be_sent(sandbox: Sandbox, alipay: Alipay, order_no: NewNo) -> None:
    assert create(alipay, sandbox, order_no(), subject="不动产\n登记&=\ud800%" * 100)
    assert create(alipay, sandbox, order_no(), subject="\0")


def test_a_pkcs1_key_works_as_well(sandbox: Sandbox, alipay_config: AlipayConfig) -> None:
    config = replace(
        alipay_config, private_key_pem=private_pem(private_key(alipay_config.private_key_pem), PKCS1)
    )
    assert Alipay(config).query("YM1").state is TradeState.NOT_FOUND


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """A machine whose clock shows another zone's time."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "America/New_York"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def test_the_machines_zone_does_not_matter(
    elsewhere: None, sandbox: Sandbox, alipay: Alipay, order_no: NewNo
) -> None:
    assert create(alipay, sandbox, order_no())
    (entry,) = sandbox.get("/log", op=CREATE)["items"]
    sent = datetime.strptime(entry["query"]["timestamp"] + " +0800", "%Y-%m-%d %H:%M:%S %z")
    assert abs((datetime.now(UTC) - sent).total_seconds()) < 60


def test_a_template_message_arrives_once_per_consent(sandbox: Sandbox, alipay: Alipay) -> None:
    template = json.loads(sandbox.env["ALIPAY_TEMPLATES"])["case_progress"]
    lin = sandbox.get("/people/lin")["alipay_open_id"]
    sandbox.post("/people/lin/alipay/subscribe", template_id=template, result="accept")
    arguments = {"open_id": lin, "template_id": template, "page": "pages/cases/detail?no=1"}
    alipay.send_template_message(**arguments, data=PROGRESS)
    (message,) = sandbox.get("/people/lin/messages")["items"]
    assert message["data"]["phrase2"] == "已受理"
    with pytest.raises(Refused):
        alipay.send_template_message(**arguments, data=PROGRESS)


def test_the_phone_button_tells_the_number(sandbox: Sandbox, alipay: Alipay) -> None:
    envelope = sandbox.post("/people/lin/alipay/phone")
    assert alipay.phone_number(json.dumps(envelope)) == "13900000001"


def test_a_phone_number_from_the_client_must_be_alipays(sandbox: Sandbox, alipay: Alipay) -> None:
    envelope = sandbox.post("/people/lin/alipay/phone")
    other = sandbox.post("/people/chen/alipay/phone")
    with pytest.raises(BadSignature):
        alipay.phone_number(json.dumps({**envelope, "response": other["response"]}))
    with pytest.raises(BadSignature):
        alipay.phone_number(json.dumps({**envelope, "response": '{"code":"10000","mobile":"13900000009"}'}))


def test_a_person_who_declines_the_phone_button_is_a_refusal(sandbox: Sandbox, alipay: Alipay) -> None:
    envelope = sandbox.post("/people/lin/alipay/phone?press=cancel")
    with pytest.raises(Refused) as refused:
        alipay.phone_number(json.dumps(envelope))
    assert refused.value.platform_code == "isv.user-cancel"


@pytest.mark.parametrize(
    "envelope", ["", "[]", "{}", '{"response":"x"}', "{" * 5000, '{"response":1,"sign":2}']
)
def test_a_phone_envelope_out_of_shape_is_refused(alipay: Alipay, envelope: str) -> None:
    with pytest.raises((Malformed, BadSignature)):
        alipay.phone_number(envelope)


def test_many_threads_share_one_client(sandbox: Sandbox, alipay: Alipay, order_no: NewNo) -> None:
    numbers = [order_no() for _ in range(16)]
    made = at_once(16, lambda index: create(alipay, sandbox, numbers[index], amount_fen=100 + index))
    assert len(set(made)) == 16
    facts = at_once(16, lambda index: alipay.query(numbers[index]))
    assert [fact.amount_fen for fact in facts] == [100 + index for index in range(16)]
