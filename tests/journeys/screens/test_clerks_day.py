"""A clerk's day at the console (窗口人员的一天): by keys and by mouse, with script and without."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from console import menu
from tests.journeys.conftest import RunningCity
from tests.journeys.phone import Phone
from tests.journeys.screens import errands, steps
from tests.journeys.screens.browser import Desk, desk_in

pytestmark = pytest.mark.xdist_group("journeys")

Desks = Callable[[str], Desk]

ITEM = "居民身份证丢失补领"
HELP = "/console/assistance"
MENUS = {
    "shouli": [
        *("今日", "待办件", "网上预审", "上门与踏勘", "扫码接待", "帮办", "今日预约", "叫号", "事项"),
        *("承诺核查", "失信记录", "送达", "异地代收", "归档", "双告知", "超次跑动"),
    ],
    "shenpi": [
        *(
            "今日",
            "待办件",
            "网上预审",
            "征求意见",
            "上门与踏勘",
            "扫码接待",
            "事项",
            "承诺核查",
            "失信记录",
            "送达",
            "异地代收",
            "归档",
            "审管联动",
            "政策解读",
        ),
        *("指南草稿", "搜索用词", "秒批"),
        *("好差评", "双告知", "超次跑动", "热线工单"),
    ],
    "fuze": [
        *("今日", "待办件", "网上预审", "负责人批准", "扫码接待", "事项", "送达", "异地代收", "归档"),
        *("审管联动", "双告知", "超次跑动"),
    ],
    "shoufei": ["今日", "扫码接待", "缴费"],
    # Who watches over the others sees everything, and sits beside nobody.
    "dudao": [entry.label for entry in menu.ENTRIES if entry.path != HELP],
}
FOREIGN = {"shouli": "audit", "shenpi": "queue", "shoufei": "cases"}


@pytest.fixture(scope="module")
def desks(running_city: RunningCity, browser: Browser) -> Iterator[Desks]:
    """The desk of each clerk, who stays logged in; in the end nothing strange may have happened at any."""
    known: dict[str, Desk] = {}

    def of(username: str) -> Desk:
        if username not in known:
            known[username] = desk_in(running_city, browser).sign_in(username)
        return known[username]

    yield of
    for held in known.values():
        held.page.context.close()
    assert [(held.strangers, held.troubles) for held in known.values()] == [([], [])] * len(known)


@pytest.fixture(scope="module")
def citizen(running_city: RunningCity) -> Phone:
    """A citizen who has logged in."""
    running_city.sandbox.forget_faults()
    person = running_city.sandbox.post("/_sim/people", name="林晓明", phone="13800003333")
    phone = Phone(running_city, "wechat", person)
    phone.log_in()
    return phone


@pytest.fixture(scope="module")
def task_code(citizen: Phone) -> str:
    """What the citizen wants to get done."""
    found = citizen.get("/api/v1/guides", q="身份证丢了")["items"][0]
    assert found["name"] == ITEM
    return str(found["task_code"])


@pytest.fixture(scope="module")
def case_no(citizen: Phone, task_code: str) -> str:
    """What the citizen has handed in, with two photos of one material, and a second case after it."""
    handed_in = [errands.hand_in(citizen, task_code, photos=photos) for photos in (2, 1)]
    return handed_in[0]


def test_the_day_begins_with_the_keyboard_alone(desk: Desk, case_no: str) -> None:
    steps.sign_in_by_keys(desk)
    steps.see_the_numbers(desk)
    keys = desk.page.keyboard
    keys.press("/")
    expect(steps.finder(desk)).to_be_focused()
    keys.type(case_no)
    keys.press("Enter")
    expect(steps.heading(desk)).to_have_text(ITEM)


def test_the_work_list_is_walked_by_keys(desks: Desks, case_no: str) -> None:
    desk = desks("shouli").open("/console/cases?view=submitted")
    lines, keys = desk.page.locator("[data-rows] a"), desk.page.keyboard
    steps.leave_the_finder(desk)
    for key, place in (("j", 0), ("j", 1), ("k", 0)):
        keys.press(key)
        expect(lines.nth(place)).to_be_focused()
    keys.press("?")
    expect(desk.page.get_by_role("dialog", name="快捷键")).to_be_visible()
    keys.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    lines.get_by_text(case_no).focus()
    keys.press("Enter")
    expect(steps.heading(desk)).to_have_text(ITEM)


def test_only_the_list_is_fetched_anew(desks: Desks, case_no: str) -> None:
    desk = desks("shouli").open("/console/cases?view=submitted")
    desk.page.evaluate("document.body.dataset.same = 'yes'")
    steps.see_accepted(desk, case_no)
    expect(desk.page.locator("#said")).to_contain_text("办理中")
    expect(desk.page.locator("body[data-same=yes]")).to_have_count(1)
    desk.page.go_back()
    expect(desk.page.locator("main")).to_contain_text(case_no)


def test_without_script_the_list_is_the_same(
    running_city: RunningCity, browser: Browser, case_no: str
) -> None:
    desk = desk_in(running_city, browser, java_script_enabled=False).sign_in("shouli")
    desk.open("/console/cases?view=submitted")
    steps.see_accepted(desk, case_no)
    steps.finder(desk).fill(case_no)
    steps.finder(desk).press("Enter")
    desk.page.get_by_role("link", name="看大图").first.click()
    expect(desk.page.get_by_role("img")).to_have_count(2)
    desk.page.context.close()


def test_a_photo_is_seen_close_up(desks: Desks, case_no: str) -> None:
    desk = desks("shouli").open(f"/console/cases/{case_no}")
    desk.page.get_by_role("link", name="看大图").first.click()
    desk.page.locator("[data-photo]").first.click()
    viewer, keys = desk.page.get_by_role("dialog", name="看照片"), desk.page.keyboard
    picture = viewer.get_by_role("img")
    expect(picture).to_have_js_property("complete", value=True)
    for key, seen in (("+", "scale(1.25)"), ("r", "rotate(90deg)"), ("-", "scale(0.")):
        keys.press(key)
        expect(picture).to_have_attribute("style", re.compile(re.escape(seen)))
    keys.press("ArrowRight")
    expect(viewer).to_contain_text("第 2 页（共 2 页）")
    steps.look_at(desk)
    keys.press("Escape")
    expect(viewer).to_be_hidden()


def test_whoever_comes_is_scanned_and_called(desks: Desks, citizen: Phone, task_code: str) -> None:
    desk, visit = desks("shouli"), errands.book(citizen, task_code)
    steps.scan(desk.open("/console/window"), citizen.get("/api/v1/codes/me")["content"])
    steps.press(desk.page.locator(".visit", has_text=ITEM), "签到")
    expect(steps.said_last(desk)).to_contain_text(f"已签到：{visit['starts_at'][11:16]} {ITEM}")
    steps.take_window(desk, "A01")
    number = steps.call(desk)
    expect(desk.page.locator(".queue-now")).to_contain_text(ITEM)
    for step, said in (("重呼", "又叫了一次{}号"), ("开始办理", "{}号开始办理"), ("办结", "{}号已办结")):
        steps.press(desk.page, step)
        expect(steps.said_last(desk)).to_contain_text(said.format(number))
    steps.press(desk.page, "离开窗口")


def test_a_number_is_passed_over_put_back_and_sent_elsewhere(desks: Desks) -> None:
    desk = desks("shouli")
    steps.take_window(desk, "A01")
    steps.press(desk.page, "取号", exact=True)
    number = steps.call(desk)
    for step in ("重呼", "重呼", "过号", "恢复"):
        steps.press(desk.page, step, exact=True)
    assert steps.call(desk) == number
    desk.page.get_by_text("转窗口", exact=True).click()
    desk.page.get_by_label("转到").select_option(index=1)
    desk.page.get_by_label(re.compile("^原因")).fill("要先办别的")
    steps.press(desk.page, "转过去，不用重新排队")
    expect(steps.said_last(desk)).to_contain_text(f"{number}号已转窗口")
    steps.press(desk.page, "离开窗口")


def test_the_screen_in_the_hall_asks_by_itself(desks: Desks) -> None:
    desk, screen = desks("shouli"), desks("dudao").open(f"/console/queue/board?centre={errands.HALL}")
    steps.take_window(desk, "A01")
    steps.press(desk.page, "取号", exact=True)
    number = steps.call(desk)
    expect(screen.page.get_by_role("row", name=f"{number} A01 窗口")).to_be_visible()
    steps.look_at(screen)
    steps.press(desk.page, "开始办理")
    steps.press(desk.page, "办结")
    steps.press(desk.page, "离开窗口")


def test_a_number_by_phone_stands_in_line_or_the_hall_says_when(
    desks: Desks, citizen: Phone, task_code: str
) -> None:
    answer = citizen.call("POST", f"/api/v1/centres/{errands.HALL}/tickets", json={"task_code": task_code})
    told = answer.json()
    if answer.status_code == 409:
        assert told["code"] == "hall_not_open"
        assert re.search("取号|不开放", told["detail"])
        return
    desk = desks("shouli")
    steps.take_window(desk, "A01")
    expect(desk.page.get_by_role("cell", name=told["number"])).to_be_visible()
    steps.press(desk.page, "离开窗口")
    citizen.post(f"/api/v1/tickets/{told['id']}/cancel")


def test_a_case_goes_from_desk_to_desk(desks: Desks, citizen: Phone, case_no: str) -> None:
    steps.accept(desks("shouli"), case_no)
    refund_no = errands.ask_back(citizen, errands.pay(citizen, case_no))
    steps.approve(desks("shoufei"), refund_no)
    steps.decide(desks("shenpi"), case_no)
    steps.close(desks("shouli"), case_no)
    steps.mend(desks("dudao"), errands.rate_badly(citizen, case_no))
    steps.answer(desks("dudao"), errands.complain(citizen, case_no))
    steps.read_the_log(desks("dudao"), case_no)


@pytest.mark.parametrize("username", MENUS)
def test_everybody_sees_their_own_parts_and_is_refused_the_others(desks: Desks, username: str) -> None:
    desk = desks(username)
    desk.open("/console")
    expect(desk.page.get_by_role("navigation", name="菜单").get_by_role("link")).to_have_text(MENUS[username])
    if username in FOREIGN:
        desk.open(f"/console/{FOREIGN[username]}")
        expect(steps.heading(desk)).to_have_text("这一步不归您的岗位")
        steps.look_at(desk)


@pytest.mark.parametrize("path", [entry.path for entry in menu.ENTRIES])
def test_every_part_is_for_everybody_s_eyes(desks: Desks, path: str) -> None:
    desk = desks("shouli" if path == HELP else "dudao")
    desk.page.set_viewport_size(steps.NARROW)
    desk.open(path)
    expect(desk.page.locator("nav [aria-current=page]").first).to_be_in_viewport()
    steps.look_at(desk)
