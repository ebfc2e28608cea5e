"""Items as pages: list, search, versions, differences; reading alone."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app import clock
from app.staff.models import Role
from tests.catalogue_fixtures import ID_LOST, MARRY, item, publish
from tests.city_fixtures import MONDAY
from tests.staff_fixtures import Browser, browser

pytestmark = pytest.mark.usefixtures("city")
ITEM = f"/console/items/{ID_LOST}"


@pytest.fixture
def approver(client: FlaskClient, city: None) -> Browser:
    del city
    return browser(client, Role.APPROVER)


@pytest.fixture
def changed(approver: Browser) -> Browser:
    """The item has a second version with one more day and one material less."""
    one = item("id-lost")
    with clock.stopped_at(MONDAY + timedelta(days=1)):
        publish({**one, "promise_day": 13, "materials": one["materials"][:-1]})
    return approver


def test_the_list_names_items_with_their_state(approver: Browser) -> None:
    page = approver.get("/console/items").text

    assert f'href="{ITEM}"' in page
    assert "居民身份证丢失补领" in page
    assert page.count("在用</span>") == 2


@pytest.mark.parametrize("asked", ["q=%E7%BB%93%E5%A9%9A&state=", "q=jiehun", f"q={MARRY}&state=1"])
def test_a_search_finds_what_is_meant(approver: Browser, asked: str) -> None:
    page = approver.get(f"/console/items?{asked}").text

    assert MARRY in page
    assert page.index(MARRY) < page.find(ITEM) or ITEM not in page


def test_a_search_for_nothing_known_says_so(approver: Browser) -> None:
    assert "没有找到“甲乙丙丁”" in approver.get(f"/console/items?q={quote('甲乙丙丁')}").text


def test_a_version_is_read_whole(changed: Browser) -> None:
    page = changed.get(f"{ITEM}/versions/1").text

    for word in ("申请材料", "收费项目", "40.00 元", "办理流程", "常见问题", "已失效", "演示数据"):
        assert word in page
    assert "现行" in changed.get(f"{ITEM}/versions/2").text


def test_the_history_leads_to_what_changed(changed: Browser) -> None:
    page = changed.get(ITEM).text
    difference = changed.get(f"{ITEM}/difference?before=1&after=2").text

    assert f'href="{ITEM}/difference?before=1&amp;after=2"' in page
    assert "<ins>13</ins>" in difference
    assert "删去" in difference
    assert changed.get(f"{ITEM}/difference?before=2&after=1").text == difference


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{ITEM}/versions/9", 404),
        (f"{ITEM}/versions/{2**70}", 404),
        (f"{ITEM}/difference?before=1&after=1", 404),
        (f"{ITEM}/difference?before=1&after={2**70}", 404),
        (f"{ITEM}/difference?before=1", 422),
        (f"{ITEM}/difference?before=x&after=2", 422),
        ("/console/items/x", 404),
        ("/console/items?state=7", 422),
        (f"/console/items?after={2**70}", 200),
        ("/console/items?q=" + "x" * 100, 422),
    ],
)
def test_odd_addresses_are_told(approver: Browser, path: str, status: int) -> None:
    assert approver.get(path).status_code == status


def test_a_cashier_reads_no_items(client: FlaskClient) -> None:
    assert browser(client, Role.CASHIER).get("/console/items").status_code == 403
