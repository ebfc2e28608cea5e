"""The phone on bad days: a network that lies, a browser that forgets, two tabs, lost answers (坏天气)."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.phone import photo_of
from tests.journeys.screens.browser import Phone
from tests.journeys.screens.test_one_case import fill_in_the_form

pytestmark = pytest.mark.xdist_group("journeys")

GUIDES = "pages/guides/detail"
FIRST, SECOND = "11350100MB990001383350790001000", "11350100MB990001383350790003000"
PORTAL = {"status": 200, "content_type": "text/html", "body": "<html>请先登录本店无线网络</html>"}
LIES = [PORTAL, {**PORTAL, "content_type": "application/json", "body": '{"items":[{"task_co'}]
NO_STORE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})"
TYPE_AND_PRESS = """(field, words) => {
  field.focus()
  for (const text of ["示例", "示例路", "示例路1号"]) {
    field.value = text
    field.dispatchEvent(new InputEvent("input", {bubbles: true}))
  }
  field.blur()
  const buttons = [...document.querySelectorAll("[role=button]")]
  buttons.find((each) => each.textContent.trim() === words).click()
}"""
WORDS = "窗口让我跑了三次，都说缺材料"


@pytest.fixture
def citizen(phone: Phone) -> Phone:
    """Somebody of the demo city who has logged in."""
    person = phone.city.sandbox.post("/_sim/people", name="周晓晴", phone="13800007777")
    phone.open("pages/home/home", persona=person["person_id"])
    phone.open("pages/cases/list")
    expect(phone.page.get_by_text("这里还没有办件")).to_be_visible()
    return phone


def title(phone: Phone) -> Any:
    return phone.page.locator("[aria-level='1']").first


@pytest.mark.parametrize("lie", LIES)
def test_a_network_that_answers_for_us_is_named(citizen: Phone, lie: dict[str, Any]) -> None:
    citizen.page.route("**/api/v1/**", lambda route: route.fulfill(**lie))
    for page in ("pages/guides/list", "pages/cases/list", "pages/bills/list", "pages/code/code"):
        citizen.open(page)

        expect(citizen.page.get_by_text("现在连的网络打不开一码办").first).to_be_visible()


def test_a_browser_that_keeps_nothing_still_shows_everything(phone: Phone) -> None:
    phone.page.add_init_script(NO_STORE)
    phone.open("pages/home/home", persona="lin")

    expect(phone.page.get_by_text("出示我的一码")).to_be_visible()
    expect(phone.page.get_by_text("没有取到")).to_have_count(0)
    person = phone.city.sandbox.post("/_sim/people", name="吴晓雨", phone="13800007778")
    begin_with_materials(phone, persona=person["person_id"])
    expect(phone.page.get_by_text("还没交").first).to_be_visible()


def test_an_address_changed_by_hand_opens_what_it_names(phone: Phone) -> None:
    phone.open(GUIDES, task_code=FIRST)
    expect(title(phone)).to_have_text("居民身份证首次申领")
    phone.page.evaluate("hash => { location.hash = hash }", f"#/{GUIDES}?task_code={SECOND}")

    expect(title(phone)).to_have_text("居民身份证丢失补领")
    phone.page.go_back()
    expect(title(phone)).to_have_text("居民身份证首次申领")


def test_two_tabs_that_renew_at_once_stay_logged_in(citizen: Phone) -> None:
    asked: list[str] = []
    tabs = [citizen.page, citizen.page.context.new_page()]
    tabs[1].goto(f"{citizen.city.url}/m/#/pages/me/me")
    make_the_access_token_useless(citizen.page)
    for tab in tabs:
        tab.on("request", lambda request: asked.append(request.url) if "/sessions" in request.url else None)
        # Nothing may be asked before the reload, which would break it off.
        tab.evaluate("history.replaceState(null, '', '#/pages/cases/list')")
    for tab in tabs:
        tab.reload(wait_until="commit")
    for tab in tabs:
        expect(tab.get_by_text("这里还没有办件")).to_be_visible()

    assert [url.rpartition("/api/v1")[2] for url in asked] == ["/sessions/refresh"]


def make_the_access_token_useless(page: Page) -> None:
    kept = json.loads(str(page.evaluate("localStorage.getItem('session')")))
    kept["data"]["access_token"] = "over"
    page.evaluate("kept => localStorage.setItem('session', kept)", json.dumps(kept))


def test_what_was_handed_in_when_the_line_broke_is_not_handed_in_twice(citizen: Phone) -> None:
    """The server has taken the complaint, the phone does not hear of it; the citizen presses again."""
    broken: list[str] = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST" and len(broken) < 2:  # the client tries twice by itself
            broken.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    citizen.page.route("**/api/v1/complaints", lose_the_answer)
    citizen.open("pages/me/complaint")
    citizen.page.get_by_role("radio", name="投诉").first.click()
    citizen.page.get_by_label("请写下来").fill(WORDS)
    citizen.press("提交")
    expect(citizen.page.get_by_text("网络不通").first).to_be_visible()
    citizen.press("提交")
    expect(citizen.page.get_by_text("已经收到")).to_be_visible()

    numbers = {json.loads(body)["complaint_no"] for body in broken}
    assert len(numbers) == 1
    assert numbers.pop() in citizen.text()


def test_the_last_letters_before_a_press_are_handed_in_on_a_slow_network(citizen: Phone) -> None:
    """The framework tells letters up to a tenth of a second late, and a weak network takes its time."""
    sent: list[dict[str, str]] = []

    def take_time(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "{}"))
        time.sleep(0.6)
        route.continue_()

    citizen.open(GUIDES, task_code=SECOND)
    citizen.press("在线申请")
    field = citizen.page.get_by_label(re.compile("联系地址"))
    expect(field).to_be_visible()
    citizen.page.route("**/api/v1/cases/*/form", take_time)
    field.evaluate(TYPE_AND_PRESS, "保存并继续")
    expect(citizen.page).to_have_url(re.compile("apply/materials"))

    assert sent[-1]["address"] == "示例路1号"


def test_a_photo_that_waits_for_the_network_outlives_the_app(citizen: Phone, tmp_path: Path) -> None:
    begin_with_materials(citizen)
    citizen.page.route("**/photos", lambda route: route.abort())
    choose_a_photo(citizen, tmp_path / "paper.jpg")
    expect(citizen.page.get_by_text("还没传上去，等一会儿自动再传")).to_be_visible()
    citizen.picture("96-photo-waits")

    start_anew(citizen)
    expect(citizen.page.get_by_text("还没传上去，等一会儿自动再传")).to_be_visible()
    shown = citizen.page.locator(".upload-line img")
    assert shown.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0

    citizen.page.unroute("**/photos")
    citizen.press(re.compile("现在再传"))
    expect(citizen.page.get_by_text("已交1张")).to_have_count(1)
    start_anew(citizen)
    expect(citizen.page.get_by_text("已交1张")).to_have_count(1)
    assert citizen.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unsent:'))") == []


def begin_with_materials(phone: Phone, **query: str) -> None:
    phone.open(GUIDES, task_code=SECOND, **query)
    phone.press("在线申请")
    fill_in_the_form(phone)
    phone.press("保存并继续")
    expect(phone.page).to_have_url(re.compile("apply/materials"))


def choose_a_photo(phone: Phone, paper: Path) -> None:
    paper.write_bytes(photo_of("paper"))
    with phone.page.expect_file_chooser() as asked:
        phone.page.get_by_role("button", name="拍照或从相册选").first.click()
    asked.value.set_files(paper)


def start_anew(phone: Phone) -> None:
    """Close the app and come back to the same page."""
    address = phone.page.url
    phone.page.goto("about:blank")
    phone.page.goto(address)
    phone.ready()


def test_a_renewal_whose_answer_is_lost_logs_nobody_out(citizen: Phone) -> None:
    asked: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        asked.append(route.request.post_data or "")
        answer = route.fetch()
        if len(asked) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    make_the_access_token_useless(citizen.page)
    citizen.page.evaluate("localStorage.removeItem('persona')")  # nothing but the session says who it is
    citizen.page.route("**/api/v1/sessions/refresh", lose_the_first_answer)
    start_anew(citizen)
    expect(citizen.page.get_by_text("网络不通").first).to_be_visible()
    start_anew(citizen)

    expect(citizen.page.get_by_text("这里还没有办件")).to_be_visible()
    assert len(asked) == 2
    assert asked[0] == asked[1]
