"""The payments page: differences, and the day's sums."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.console.money import arrive, asked, difference, paid, text
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def cashier(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.CASHIER)


def test_a_difference_says_what_to_do_and_is_seen_to_with_a_note(cashier: Browser) -> None:
    number = difference()
    path = f"/console/payments/differences/{number}/resolve"
    waiting = text(cashier, "/console/payments/differences")
    empty = cashier.post(path, note=" ")
    cashier.post(path, note="渠道后台查过，没有收款")
    again = cashier.post(path, note="又来一次")

    assert all(word in waiting for word in ("渠道查不到订单", "请按单号到渠道后台核实", "渠道说 1.00 元"))
    assert (empty.status_code, again.status_code) == (422, 409)
    assert "没有差异，账都对得上" in text(cashier, "/console/payments/differences")
    resolved = text(cashier, "/console/payments/differences?state=resolved")
    assert ("渠道后台查过，没有收款" in resolved, "王窗口" in resolved) == (True, True)
    assert desk.actions() == ["payment_exception_resolved"]


def test_differences_go_on_by_their_number(cashier: Browser) -> None:
    for kind in range(22):
        difference(f"kind{kind}")
    first = text(cashier, "/console/payments/differences")
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    assert (first.count('class="difference"'), "需要人工核对" in first) == (20, True)
    assert text(cashier, following).count('class="difference"') == 2


def test_a_difference_that_is_nobodys_payment_is_for_the_whole_city(client: FlaskClient) -> None:
    difference("orphan")

    assert "收到没有订单的款" in text(browser(client, Role.SUPERVISOR), "/console/payments/differences")
    limited = browser(client, Role.CASHIER, department=desk.POLICE)
    assert "收到没有订单的款" not in text(limited, "/console/payments/differences")


@pytest.mark.parametrize("number", [0, 2**63, 10**30])
def test_a_difference_that_is_not_there_is_404(cashier: Browser, number: int) -> None:
    answered = cashier.post(f"/console/payments/differences/{number}/resolve", note="好了")

    assert answered.status_code == 404


def test_the_days_sums_are_those_of_the_channels_times(cashier: Browser) -> None:
    with clock.stopped_at(MONDAY - timedelta(days=1)):
        request = asked(amount_fen=1500)
    paid()
    cashier.post(f"/console/payments/refunds/{request.refund_no}/approve", case_state="accepted")
    arrive(request.refund_no)
    today = text(cashier, "/console/payments/day")
    before = text(cashier, f"/console/payments/day?day={clock.today() - timedelta(days=1)}")

    def numbers(page: str) -> list[str]:
        return re.findall(r'class="fen">(?:<b>)?([-\d.]+)', page)

    assert numbers(today)[:5] == ["1", "40.00", "1", "15.00", "25.00"]
    assert numbers(today)[-5:] == numbers(today)[:5]
    assert numbers(before)[:5] == ["1", "40.00", "0", "0.00", "40.00"]


def test_more_may_go_back_than_comes_in(cashier: Browser) -> None:
    with clock.stopped_at(MONDAY - timedelta(days=1)):
        request = asked(amount_fen=150)
    cashier.post(f"/console/payments/refunds/{request.refund_no}/approve", case_state="accepted")
    arrive(request.refund_no)

    assert ">-1.50<" in text(cashier, "/console/payments/day")
