"""What a clerk does on the pages of the console (工作人员在工作台上)."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, ViewportSize, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.staff import service as staff
from app.staff.service import NewClerk
from commands.demo import PASSWORD_FILE
from tests.journeys.conftest import RunningCity
from tests.journeys.screens.browser import DESK, Desk

NARROW = ViewportSize(width=390, height=844)
SMALL_DESK = ViewportSize(width=1024, height=768)


def look_at(desk: Desk) -> None:
    """Nothing serious is wrong with the page, wide or narrow, and nothing sticks out."""
    for size in (DESK, NARROW):
        desk.page.set_viewport_size(size)
        assert desk.faults() == []
    for size in (SMALL_DESK, NARROW):
        desk.page.set_viewport_size(size)
        assert not desk.sticks_out()
    desk.page.set_viewport_size(DESK)


def employ(city: RunningCity, *clerks: NewClerk) -> None:
    """More clerks than the demo city has, with its password; straight into its tables, since a program of
    its own takes seconds for each."""
    password = Path(city.environment["YIMA_DATA_DIR"], PASSWORD_FILE).read_text()
    engine = create_engine(city.environment["DATABASE_URL"])
    with Session(engine) as session, session.begin():
        for clerk in clerks:
            staff.add(session, clerk=clerk, password=password, second_factor=False)
    engine.dispose()


def heading(desk: Desk) -> Locator:
    return desk.page.get_by_role("heading", level=1)


def finder(desk: Desk) -> Locator:
    return desk.page.get_by_role("search").get_by_label("扫码，或输入办件编号")


def leave_the_finder(desk: Desk) -> None:
    """Out of the field in which a page begins, which is where letters are typed and no shortcuts."""
    expect(finder(desk)).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(finder(desk)).not_to_be_focused()


def said_last(desk: Desk) -> Locator:
    return desk.page.locator("main [role=status]")


def press(where: Page | Locator, words: str, *, exact: bool = False) -> None:
    where.get_by_role("button", name=words, exact=exact).click()


def sign_in_by_keys(desk: Desk) -> None:
    desk.open("/console/login")
    look_at(desk)
    keys = desk.page.keyboard
    for typed in ("shouli", desk.password()):
        keys.type(typed)
        keys.press("Tab")
    keys.press("Enter")
    expect(heading(desk)).to_have_text("今日")


def see_the_numbers(desk: Desk) -> None:
    expect(desk.page.locator(".day-tiles .tile b").first).to_have_text(re.compile(r"^\d"))
    expect(desk.page.locator("[data-chart] svg").first).to_be_visible()
    desk.page.get_by_text("看数字").first.click()
    expect(desk.page.locator("details[open]").get_by_role("rowheader").first).to_be_visible()
    look_at(desk)


def see_accepted(desk: Desk, case_no: str) -> None:
    """From those that wait to be accepted, where the case stands, to those that are."""
    expect(desk.page.locator("[data-rows]")).to_contain_text(case_no)
    desk.page.locator("#view-accepted").click()
    expect(desk.page).to_have_url(re.compile("view=accepted"))
    expect(desk.page.locator("#view-accepted")).to_have_attribute("aria-current", "page")
    expect(desk.page.locator("#work")).not_to_contain_text(case_no)


def scan(desk: Desk, content: str) -> None:
    """What a scanner does: it types into the field that waits for it, and Enter."""
    expect(desk.page.locator("#content")).to_be_focused()
    desk.page.keyboard.type(content)
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text("前可以查看")).to_be_visible()
    look_at(desk)


def take_window(desk: Desk, window: str) -> None:
    desk.open("/console/queue")
    desk.page.get_by_label("窗口", exact=True).select_option(window)
    press(desk.page, "就在这里")
    expect(desk.page.get_by_text(f"{window} 窗口")).to_be_visible()


def call(desk: Desk) -> str:
    """Call the next one; the number."""
    press(desk.page, "叫下一位")
    number = desk.page.locator(".queue-number").inner_text()
    expect(said_last(desk)).to_contain_text(f"已叫{number}号")
    look_at(desk)
    return number


def accept(desk: Desk, case_no: str) -> None:
    desk.open(f"/console/cases/{case_no}")
    look_at(desk)
    press(desk.page, "受理", exact=True)
    expect(said_last(desk)).to_contain_text("已受理。")


def approve(desk: Desk, refund_no: str) -> None:
    desk.open("/console/payments/refunds")
    look_at(desk)
    desk.page.get_by_role("link", name=refund_no).click()
    look_at(desk)
    press(desk.page, "同意退")
    expect(said_last(desk)).to_be_visible()
    desk.page.locator("a[href*='/payments/orders/']").click()
    look_at(desk)


def decide(desk: Desk, case_no: str) -> None:
    desk.open(f"/console/cases/{case_no}")
    desk.page.get_by_label("准予").check()
    desk.page.get_by_label("我已核对申请表和材料").check()
    look_at(desk)
    press(desk.page, "提交决定")
    expect(said_last(desk)).to_contain_text("决定已作出")


def close(desk: Desk, case_no: str) -> None:
    desk.open(f"/console/cases/{case_no}")
    press(desk.page, "办结")
    expect(said_last(desk)).to_contain_text("已办结")


def mend(desk: Desk, comment: str) -> None:
    desk.open("/console/ratings")
    desk.page.locator("[data-rows] a").first.click()
    expect(desk.page.locator("main")).to_contain_text(comment)
    desk.page.get_by_label(re.compile("做了什么整改")).fill("已向市民道歉，并改了一次性告知单")
    look_at(desk)
    press(desk.page, "整改到位")
    expect(said_last(desk)).to_contain_text("已记下整改情况")


def answer(desk: Desk, complaint_no: str) -> None:
    desk.open("/console/hotline")
    desk.page.get_by_role("link", name=complaint_no).click()
    desk.page.get_by_label(re.compile("答复内容")).fill("对不起，窗口已经改正")
    desk.page.get_by_label("最终答复，办结").check()
    look_at(desk)
    press(desk.page, "发给市民")
    expect(said_last(desk)).to_contain_text("已答复")


def read_the_log(desk: Desk, case_no: str) -> None:
    desk.open("/console/audit")
    expect(desk.page.get_by_text("哈希链完整")).to_be_visible()
    desk.page.get_by_label("办件编号", exact=True).fill(case_no)
    press(desk.page.get_by_role("search", name="查找审计日志"), "查找")
    expect(desk.page.get_by_role("link", name=case_no).first).to_be_visible()
    expect(desk.page.locator(".note.good")).to_contain_text(re.compile("没有被改动|核对无误"))
    look_at(desk)
