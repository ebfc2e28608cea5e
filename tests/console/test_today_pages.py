"""The first page of the day: each role's own, every chart with its table."""

import html
import json
import re

import pytest
from flask.testing import FlaskClient

from app.staff.models import Role
from tests import desk_fixtures as desk
from tests.people_fixtures import make_citizen
from tests.rating_fixtures import rate
from tests.staff_fixtures import Browser, browser
from web.flask_app import YimaFlask

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def approver(app: YimaFlask) -> Browser:
    return browser(app.test_client(), Role.APPROVER, centre_id="C01")


def tiles(page: str) -> dict[str, str]:
    """Label → number."""
    return {label: number for number, label in re.findall(r"<b>([^<]+)</b><span>([^<]+)</span>", page)}


def test_the_day_begins_with_what_waits(approver: Browser) -> None:
    desk.submitted()
    overdue = desk.accepted(days_ago=60)
    desk.visit(make_citizen())
    page = approver.get("/console").text

    assert tiles(page) == {
        "待受理": "1",
        "黄色预警": "0",
        "红色预警": "0",
        "今日到期": "0",
        "已超期": "1",
        "今日办结": "0",
        "待我决定": "1",
        "今日预约到场": "0/1",
        "差评待整改": "0",
    }
    assert f'href="/console/cases/{overdue}"' in page
    assert "**明" in page
    assert "王小明" not in page


def test_what_is_to_be_done_comes_before_the_pictures(approver: Browser) -> None:
    overdue = desk.accepted(days_ago=60)
    page = approver.get("/console").text

    assert 0 < page.index(overdue) < page.index("data-chart=")


def test_an_approver_is_not_led_where_they_may_not_go(approver: Browser, client: FlaskClient) -> None:
    desk.visit(make_citizen())
    front_desk = browser(client, Role.FRONT_DESK, centre_id="C01")

    assert 'href="/console/appointments"' not in approver.get("/console").text
    assert 'href="/console/appointments"' in front_desk.get("/console").text


def test_every_chart_has_a_table_with_the_same_numbers(approver: Browser) -> None:
    desk.submitted()
    desk.accepted()
    desk.visit(make_citizen())
    page = approver.get("/console").text
    drawn = [json.loads(html.unescape(found)) for found in re.findall(r'data-chart="([^"]*)"', page)]
    tables = re.findall(r'<table class="numbers">(.*?)</table>', page, re.DOTALL)

    assert len(drawn) == len(tables) == 3
    days, shares, load = drawn
    assert days["series"][0]["data"] == [int(cell) for cell in re.findall(r"</th><td>(\d+)</td>", tables[0])]
    assert [part["value"] for part in shares["series"][0]["data"]] == [2]
    assert ">2</td><td>100.0%</td>" in tables[1]
    assert load["xAxis"]["data"] == ["10:00"]
    assert all(chart["legend"]["top"] == 0 for chart in drawn)


def test_what_citizens_thought_is_told_in_stars(approver: Browser) -> None:
    rate(desk.closed(), 1)
    rate(desk.closed(), 4)
    page = approver.get("/console").text

    assert "<b>3.5</b>" in page
    assert "2 个评价，满意 50.0%" in page
    assert tiles(page)["差评待整改"] == "1"


def test_a_quiet_day_says_so(approver: Browser) -> None:
    page = approver.get("/console").text

    assert "可以喘口气" in page
    assert page.count("data-chart=") == 1


def test_a_cashier_sees_money_and_no_cases(client: FlaskClient) -> None:
    waiting = desk.submitted()
    desk.accepted(paid=False)
    desk.accepted()
    cashier = browser(client, Role.CASHIER, centre_id="C01")
    page = cashier.get("/console").text

    assert tiles(page) == {"待缴费": "1", "今日缴清笔数": "1", "今日收款（元）": "40.00"}
    assert waiting not in page
    assert "<td>40.00</td>" in page
    assert page.count("data-chart=") == 1


def test_a_cashier_without_takings_sees_no_empty_chart(client: FlaskClient) -> None:
    page = browser(client, Role.CASHIER).get("/console").text

    assert "data-chart=" not in page
    assert "还没有缴清的费用" in page


def test_nobody_else_sees_the_money(approver: Browser) -> None:
    desk.accepted()

    assert "今日收款" not in approver.get("/console").text
