"""The payments page: orders, and refunds to decide; each only for its department."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.cases.models import Case
from app.db import unit_of_work
from app.staff.models import Role
from payments.models import Attempt
from platforms.facts import RefundState
from tests import case_fixtures
from tests import desk_fixtures as desk
from tests.city_fixtures import MONDAY
from tests.console.money import arrive, asked, difference, paid, state_of, text
from tests.console.test_pages import Shape
from tests.miniprogram_api.paid import counted
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def cashier(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.CASHIER)


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.APPROVER])
def test_who_does_not_handle_money_does_not_see_it(client: FlaskClient, role: Role) -> None:
    clerk = browser(client, role)

    assert {clerk.get(f"/console/payments{path}").status_code for path in ("", "/refunds", "/day")} == {403}


@pytest.mark.parametrize("role", [Role.CASHIER, Role.SUPERVISOR])
def test_cashier_and_supervisor_find_it_in_their_menu(client: FlaskClient, role: Role) -> None:
    assert 'href="/console/payments"' in text(browser(client, role), "/console/payments")


def test_todays_orders_show_a_masked_payer_and_the_others_are_a_tab_away(cashier: Browser) -> None:
    with clock.stopped_at(MONDAY - timedelta(days=1)):
        _, yesterdays = paid()
    _, todays = paid()
    today, everything = text(cashier, "/console/payments"), text(cashier, "/console/payments?day=all")

    assert (todays in today, yesterdays in today) == (True, False)
    assert (todays in everything, yesterdays in everything) == (True, True)
    assert ("**明" in today, "王小明" in today, "40.00" in today) == (True, False, True)


@pytest.mark.parametrize("column", ["payment_no", "out_trade_no", "transaction_id", "bill_no", "refund_no"])
def test_an_order_is_found_by_any_of_its_numbers(cashier: Browser, column: str) -> None:
    request = asked()
    _, other = paid()
    with unit_of_work() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.payment_no == request.payment_no)).one()
    source = {"bill_no": request.bill, "refund_no": request}.get(column, attempt)
    page = text(cashier, f"/console/payments?no={getattr(source, column)}")

    assert (f"orders/{request.payment_no}" in page, f"orders/{other}" in page) == (True, False)


@pytest.mark.parametrize("number", ["P0", "%00", "1 OR 1=1", "单号"])
def test_a_number_that_names_nothing_is_told(cashier: Browser, number: str) -> None:
    paid()

    assert "没有找到这个号码的订单" in text(cashier, f"/console/payments?no={number}")


def test_orders_go_on_by_a_mark_and_ask_the_database_as_often_for_many_as_for_one(cashier: Browser) -> None:
    numbers = [paid()[1]]
    with counted() as for_one:
        text(cashier, "/console/payments")
    numbers += [paid()[1] for _ in range(21)]
    with counted() as for_many:
        first = text(cashier, "/console/payments")
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text(cashier, following)

    assert len(for_one) == len(for_many)
    assert [number in first for number in numbers] == [False] * 2 + [True] * 20
    assert [number in second for number in numbers] == [True] * 2 + [False] * 20


@pytest.mark.parametrize("path", ["?after=x", "?after=1-", "?day=never", "/refunds?after=0", "/day?day=x"])
def test_an_address_that_cannot_be_is_told(cashier: Browser, path: str) -> None:
    assert cashier.get(f"/console/payments{path}").status_code == 422


def test_an_order_shows_all_that_happened_to_its_money_and_the_look_is_written_down(cashier: Browser) -> None:
    request = asked(amount_fen=1500)
    cashier.post(f"/console/payments/refunds/{request.refund_no}/approve", case_state="accepted")
    arrive(request.refund_no)
    difference("refund_mismatch", request.payment_no)
    page = text(cashier, f"/console/payments/orders/{request.payment_no}")

    assert all(word in page for word in ("15.00", "已退回", "退款金额对不上", request.refund_no, "部分退款"))
    assert desk.actions()[-1] == "payment_viewed"


def test_what_the_channel_could_not_bring_is_not_shown_as_on_its_way(cashier: Browser) -> None:
    request = asked()
    cashier.post(f"/console/payments/refunds/{request.refund_no}/approve", case_state="accepted")
    arrive(request.refund_no, RefundState.ABNORMAL)
    page = text(cashier, f"/console/payments/orders/{request.payment_no}")

    assert ("没有退成" in page, "待退回" in page) == (True, True)
    assert ("途中" in page, "退款中" in page) == (False, False)


def test_the_waiting_requests_stand_in_the_order_they_came(cashier: Browser) -> None:
    numbers = [asked().refund_no for _ in range(2)]
    page = text(cashier, "/console/payments/refunds")

    assert page.index(numbers[0]) < page.index(numbers[1])
    assert ("**明" in page, "王小明" in page, "我改主意了" in page) == (True, False, False)


def test_an_approval_lets_the_money_go_and_keeps_who_gave_it(cashier: Browser) -> None:
    request = asked()
    shown = text(cashier, f"/console/payments/refunds/{request.refund_no}")
    answered = cashier.post(f"/console/payments/refunds/{request.refund_no}/approve", case_state="accepted")
    after = text(cashier, answered.headers["Location"])

    assert ("我改主意了" in shown, "同意退 40.00 元" in shown, "王小明" in shown) == (True, True, True)
    assert state_of(request.refund_no) == ("approved", cashier.clerk_id)
    assert ("已同意退费" in after, "王窗口" in after) == (True, True)
    assert desk.actions() == ["refund_viewed", "refund_approved", "refund_viewed"]


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(cashier: Browser) -> None:
    request = asked()
    path = f"/console/payments/refunds/{request.refund_no}/refuse"
    empty, long = cashier.post(path, reason="  "), cashier.post(path, reason="长" * 201)
    answered = cashier.post(path, reason="证件已经制作")

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "请写明不予退费的理由" in empty.get_data(as_text=True)
    assert "长" * 201 in long.get_data(as_text=True)
    assert "证件已经制作" in text(cashier, answered.headers["Location"])
    assert (state_of(request.refund_no)[0], desk.actions()[-2]) == ("refused", "refund_refused")


def test_the_second_clerk_is_told_that_it_is_decided(cashier: Browser) -> None:
    request = asked()
    path = f"/console/payments/refunds/{request.refund_no}"
    cashier.post(f"{path}/approve", case_state="accepted")
    late = cashier.post(f"{path}/refuse", reason="晚了一步")

    assert (late.status_code, state_of(request.refund_no)[0]) == (409, "approved")
    assert "已经有同事处理过了" in late.get_data(as_text=True)


def test_nobody_approves_a_refund_of_a_case_that_was_decided_meanwhile(cashier: Browser) -> None:
    request = asked()
    with unit_of_work() as session:
        case_no = session.scalars(select(Case.case_no).where(Case.id == request.bill.case_id)).one()
    case_fixtures.decide(case_no)
    path = f"/console/payments/refunds/{request.refund_no}/approve"
    surprised = cashier.post(path, case_state="accepted")
    knowing = cashier.post(path, case_state="decided")

    assert (surprised.status_code, "状态刚刚有变化" in surprised.get_data(as_text=True)) == (409, True)
    assert "申请之后这件事已经作出决定" in surprised.get_data(as_text=True)
    assert (knowing.status_code, state_of(request.refund_no)[0]) == (303, "approved")


def test_money_of_another_department_is_not_there(client: FlaskClient) -> None:
    request = asked()
    number = difference("mismatch", request.payment_no)
    other = browser(client, Role.CASHIER, department=desk.CIVIL_AFFAIRS)
    paths = [f"orders/{request.payment_no}", f"refunds/{request.refund_no}"]
    writes = [(f"refunds/{request.refund_no}/approve", {"case_state": "accepted"})]
    writes += [(f"refunds/{request.refund_no}/refuse", {"reason": "不行"})]
    writes += [(f"differences/{number}/resolve", {"note": "好了"})]

    assert {other.get(f"/console/payments/{path}").status_code for path in paths} == {404}
    assert {other.post(f"/console/payments/{path}", **form).status_code for path, form in writes} == {404}
    for path in ("?day=all", "/refunds", "/differences", f"?no={request.payment_no}"):
        assert f"/{request.refund_no}" not in text(other, f"/console/payments{path}")
        assert f"orders/{request.payment_no}" not in text(other, f"/console/payments{path}")
    assert "这一天没有收款" in text(other, "/console/payments/day")


def test_money_of_the_own_department_is_there(client: FlaskClient) -> None:
    request = asked()
    difference("mismatch", request.payment_no)
    own = browser(client, Role.CASHIER, department=desk.POLICE)

    assert f"orders/{request.payment_no}" in text(own, "/console/payments")
    assert request.refund_no in text(own, "/console/payments/refunds")
    assert f"orders/{request.payment_no}" in text(own, "/console/payments/differences")
    assert "40.00" in text(own, "/console/payments/day")


def test_every_page_of_money_is_whole_and_names_its_fields(cashier: Browser) -> None:
    request = asked()
    difference("mismatch", request.payment_no)
    paths = ["", "/refunds", f"/refunds/{request.refund_no}", f"/orders/{request.payment_no}", "/differences"]
    for path in [*paths, "/day", "/differences?state=resolved", "?no=x"]:
        page = text(cashier, f"/console/payments{path}")
        shape = Shape(page)
        assert (path, shape.open, shape.crossed, sorted(shape.ids)) == (path, [], [], sorted(set(shape.ids)))
        assert set(shape.unnamed) <= shape.labels, path
        assert re.search(r"<style|\sstyle=|\son\w+=", page) is None, path
