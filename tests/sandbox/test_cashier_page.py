"""The cashier in a browser: what it shows, whom it believes, and where it sends people."""

import base64
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from . import alipay_merchant
from .conftest import StandIn
from .wechat_pay_merchant import Merchant

NUMBER = "YM202501010001"


@pytest.fixture
def merchant(stand_in: StandIn) -> Merchant:
    return Merchant(stand_in)


@pytest.fixture
def home(stand_in: StandIn) -> str:
    """Where the program is, as the sandbox was told."""
    address: str = stand_in.seen("/health")["app_url"]
    return f"{address}/m/#/pages/bills/result?no=P1"


def handed(invoke: Any) -> str:
    """What the client writes into the address."""
    return base64.urlsafe_b64encode(json.dumps(invoke).encode()).decode().rstrip("=")


def visit(stand_in: StandIn, invoke: Any, **other: str) -> requests.Response:
    asked = {"person": "lin", "channel": "wechat", "invoke": handed(invoke), **other}
    return stand_in.call("GET", "/cashier", params=asked)


def press(stand_in: StandIn, invoke: Any, button: str = "pay", **other: str) -> requests.Response:
    asked = {"person": "lin", "channel": "wechat", "invoke": handed(invoke), "press": button, **other}
    return stand_in.call("POST", "/cashier", data=asked)


def placed(merchant: Merchant) -> dict[str, str]:
    return merchant.invoke(merchant.prepay().body["prepay_id"])


def test_it_says_what_is_paid_to_whom_and_changes_nothing(merchant: Merchant) -> None:
    page = visit(merchant.stand_in, placed(merchant))

    assert page.status_code == 200
    assert all(word in page.text for word in ("88.00", "不动产登记费", NUMBER, "林晓燕", "确认支付", "取消"))
    assert merchant.query(NUMBER).body["trade_state"] == "NOTPAY"


def test_what_is_paid_here_is_paid_at_wechat(merchant: Merchant, home: str) -> None:
    page = press(merchant.stand_in, placed(merchant), **{"return": home})

    assert "支付成功" in page.text
    assert f'href="{home}"' in page.text
    assert merchant.query(NUMBER).body["trade_state"] == "SUCCESS"


def test_whoever_cancels_has_not_paid(merchant: Merchant) -> None:
    page = press(merchant.stand_in, placed(merchant), "cancel")

    assert "没有付款" in page.text
    assert merchant.query(NUMBER).body["trade_state"] == "NOTPAY"


def test_two_quick_taps_pay_once_and_both_see_it_paid(merchant: Merchant) -> None:
    invoke = placed(merchant)
    with ThreadPoolExecutor(2) as taps:
        pages = list(taps.map(lambda _: press(merchant.stand_in, invoke), range(2)))

    assert all("支付成功" in page.text for page in pages)
    assert merchant.stand_in.seen("/invariants")["totals"]["wechat"]["paid_fen"] == 8800
    assert "已经付过了" in visit(merchant.stand_in, invoke).text


@pytest.mark.parametrize("changed", ["timeStamp", "nonceStr", "package", "paySign"])
def test_parameters_that_the_merchant_did_not_sign_are_refused(merchant: Merchant, changed: str) -> None:
    invoke = placed(merchant) | {changed: "1" * 20}

    assert "不能付款" in visit(merchant.stand_in, invoke).text
    assert "没有付成" in press(merchant.stand_in, invoke).text
    assert merchant.query(NUMBER).body["trade_state"] == "NOTPAY"


def test_somebody_elses_order_is_neither_shown_nor_paid(merchant: Merchant) -> None:
    invoke = placed(merchant)

    assert "不动产登记费" not in visit(merchant.stand_in, invoke, person="chen").text
    assert "没有付成" in press(merchant.stand_in, invoke, person="chen").text
    assert merchant.query(NUMBER).body["trade_state"] == "NOTPAY"


def test_a_closed_order_is_not_paid(merchant: Merchant) -> None:
    invoke = placed(merchant)
    merchant.close(NUMBER)

    assert "没有付成" in press(merchant.stand_in, invoke).text


def test_a_trade_of_alipay_is_paid_by_its_number(stand_in: StandIn) -> None:
    merchant = alipay_merchant.Merchant(stand_in)
    invoke = {"tradeNO": merchant.create()["trade_no"]}
    stranger = press(stand_in, invoke, channel="alipay", person="chen")
    page = press(stand_in, invoke, channel="alipay")

    assert "没有付成" in stranger.text
    assert "支付成功" in page.text
    assert merchant.status() == "TRADE_SUCCESS"


@pytest.mark.parametrize(
    "other",
    [
        {"person": "nobody"},
        {"channel": "cash"},
        {"invoke": ""},
        {"invoke": "%%%"},
        {"invoke": "林"},
        {"invoke": handed([1])},
        {"invoke": handed({"a": "x" * 4096})},
        {"invoke": handed("x")[:-1]},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_makes_no_sense_is_said_plainly(stand_in: StandIn, method: str, other: dict[str, str]) -> None:
    asked = {"person": "lin", "channel": "wechat", "invoke": handed({}), **other}
    sent = {"params": asked} if method == "GET" else {"data": asked}
    page = stand_in.call(method, "/cashier", **sent)

    assert page.status_code == 400
    assert "没有读懂要付的款" in page.text


def test_an_empty_wish_is_told_what_the_phone_would_say(stand_in: StandIn) -> None:
    assert "parameter.timeStamp should be String" in visit(stand_in, {}).text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/m/",
        "javascript:alert(1)",
        "{app}.evil.example/",
        "{app}@evil.example/",
        "{app}0/",
        "{app}\\@evil.example/",
        "{app}/m/ x",
        '{app}/"onclick="x',
        "http://evil.example/#{app}/",
        "",
    ],
)
def test_nobody_is_sent_anywhere_but_back(merchant: Merchant, elsewhere: str) -> None:
    wanted = elsewhere.format(app=merchant.stand_in.seen("/health")["app_url"])
    page = press(merchant.stand_in, placed(merchant), **{"return": wanted})

    assert "支付成功" in page.text
    assert re.findall(r'<a [^>]*href="([^"]*)"', page.text) == []
    assert "请关闭本页" in page.text


def test_a_browser_that_came_by_another_name_of_this_machine_goes_back_by_it(merchant: Merchant) -> None:
    port = merchant.stand_in.seen("/health")["app_url"].rpartition(":")[2]
    asked = {"person": "lin", "channel": "wechat", "invoke": handed(placed(merchant)), "press": "pay"}
    there = {"Host": "phone-of-lin.local:8001"}
    for home, shown in ((f"http://phone-of-lin.local:{port}/m/", 1), (f"http://other.local:{port}/m/", 0)):
        page = merchant.stand_in.call("POST", "/cashier", data={**asked, "return": home}, headers=there)
        assert page.text.count(f'href="{home}"') == shown


def test_the_page_asks_nobody_else_for_anything(merchant: Merchant) -> None:
    page = visit(merchant.stand_in, placed(merchant))
    files = re.findall(r'(?:src|href|action)="([^"]+)"', page.text)

    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert all(name.startswith("/") for name in files)
    assert all(merchant.stand_in.call("GET", name).ok for name in files if "/static/" in name)
    assert not re.search(r"<script|\s(?:style|on\w+)=", page.text)
