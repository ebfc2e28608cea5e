"""One case from search to rating (给市长看的一件事): a phone and two desks, all real pages in browsers.

Every picture worth showing is kept under .pictures/.
"""

import re
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import RunningCity
from tests.journeys.phone import photo_of
from tests.journeys.screens.browser import PICTURES, Desk, Phone, desk_in

pytestmark = pytest.mark.xdist_group("journeys")

ITEM = "居民身份证丢失补领"
APPLICANT = {
    "申请人姓名": "林晓明",
    "身份号码": "11010519491231002X",
    "手机号": "13800002222",
    "地址": "示例市台江区示例路1号",
}


def test_one_case_from_search_to_rating(
    running_city: RunningCity, browser: Browser, phone: Phone, desk: Desk, tmp_path: Path
) -> None:
    person = running_city.sandbox.post("/_sim/people", name="林晓明", phone="13800002222")
    phone.open("pages/home/home", persona=person["person_id"])
    phone.picture("01-home")

    find_the_guide(phone)
    book_a_visit(phone)
    case_no = apply(phone, tmp_path)
    desk.sign_in("shouli")
    accept(desk, case_no)
    pay(phone, case_no)
    show_the_code(phone, desk, case_no)
    approver = desk_in(running_city, browser).sign_in("shenpi")
    decide(approver, case_no)
    close(desk, case_no)
    rate(phone, case_no)
    approver.page.context.close()


def find_the_guide(phone: Phone) -> None:
    phone.press(re.compile("想办什么"), "link")
    phone.page.get_by_label("搜索办事项").fill("身份证丢了")
    phone.page.get_by_text("搜索", exact=True).last.click()
    found = phone.page.locator(".guide-card").first
    expect(found).to_contain_text(ITEM)
    phone.picture("02-search")
    found.click()
    expect(phone.page.get_by_role("heading", name=ITEM)).to_be_visible()
    phone.picture("03-guide")


def book_a_visit(phone: Phone) -> None:
    phone.press("预约窗口")
    phone.press(re.compile("选时间|预约"))
    phone.picture("04-slots")
    phone.page.get_by_role("button", name=re.compile(r"\d\d:\d\d.*余")).first.click()
    phone.press(re.compile("^预约$"))
    expect(phone.page.get_by_role("img", name="预约码")).to_be_visible()
    phone.picture("05-ticket")


def apply(phone: Phone, folder: Path) -> str:
    phone.press("看办事指南", "link")
    phone.press("在线申请")
    fill_in_the_form(phone)
    phone.picture("06-form")
    phone.press("保存并继续")
    photograph(phone, folder)
    phone.picture("07-materials")
    phone.press("下一步")
    phone.page.get_by_role("checkbox", name=re.compile("真实")).click()
    phone.picture("08-check")
    phone.press("提交申请")
    expect(phone.page.get_by_text("申请已经交上去了")).to_be_visible()
    phone.picture("09-handed-in")
    found = re.search(r"no=(\w+)", phone.page.url)
    assert found is not None
    return found[1]


def fill_in_the_form(phone: Phone, answers: dict[str, str] = APPLICANT) -> None:
    fields = phone.page.get_by_role("textbox")
    expect(fields.first).to_be_visible()
    for field in fields.all():
        name = field.get_attribute("aria-label") or ""
        known = next((value for words, value in answers.items() if words in name), None)
        if known:
            field.fill(known)
    for group in phone.page.get_by_role("radiogroup").all():
        group.get_by_role("radio").first.click()


def photograph(phone: Phone, folder: Path) -> None:
    empty = phone.page.get_by_role("button", name="拍照或从相册选")
    expect(empty.first).to_be_visible()
    for number in range(1, empty.count() + 1):
        paper = folder / f"{number}.jpg"
        paper.write_bytes(photo_of(f"paper {number}"))
        with phone.page.expect_file_chooser() as asked:
            empty.first.click()
        asked.value.set_files(paper)
        expect(phone.page.get_by_text("已交1张")).to_have_count(number)


def accept(desk: Desk, case_no: str) -> None:
    desk.open("/console")
    desk.picture("10-desk-today")
    desk.open("/console/cases")
    desk.picture("11-desk-list")
    desk.open(f"/console/cases/{case_no}")
    desk.picture("12-desk-case")
    desk.page.get_by_role("button", name="受理", exact=True).click()
    expect(desk.page.locator("main [role=status]")).to_contain_text("已受理。")


def pay(phone: Phone, case_no: str) -> None:
    phone.open("pages/cases/detail", no=case_no)
    phone.picture("13-waiting-for-me")
    phone.press(re.compile("缴费"))
    phone.picture("14-bill")
    phone.page.get_by_role("button", name="立即缴费").last.click()
    expect(phone.page.get_by_role("button", name="确认支付")).to_be_visible()
    phone.picture("15-cashier")
    phone.page.get_by_role("button", name="确认支付").click()
    phone.page.get_by_role("link", name="返回一码办").click()
    expect(phone.page.get_by_role("heading", name="已缴费")).to_be_visible()
    phone.picture("16-paid")


def show_the_code(phone: Phone, desk: Desk, case_no: str) -> None:
    phone.open("pages/code/code")
    expect(phone.page.locator(".y-qr").first).to_be_visible()
    phone.picture("17-code")
    read = zxingcpp.read_barcodes(Image.open(PICTURES / "17-code.png"))
    desk.open("/console/window")
    desk.page.locator("#content").fill(read[0].text)
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text(case_no).first).to_be_visible()
    desk.picture("18-desk-guest")


def decide(approver: Desk, case_no: str) -> None:
    approver.open(f"/console/cases/{case_no}")
    approver.page.get_by_text("准予", exact=True).click()
    approver.page.get_by_text("我已核对申请表和材料").click()
    approver.page.get_by_role("button", name="提交决定").click()
    expect(approver.page.get_by_text("决定已作出")).to_be_visible()
    approver.picture("19-desk-decided")


def close(desk: Desk, case_no: str) -> None:
    desk.open(f"/console/cases/{case_no}")
    desk.page.get_by_role("button", name=re.compile("办结")).click()
    expect(desk.page.get_by_text("已办结，辛苦了")).to_be_visible()


def rate(phone: Phone, case_no: str) -> None:
    phone.open("pages/cases/detail", no=case_no)
    phone.picture("20-done")
    phone.press("评价这次服务")
    phone.page.get_by_role("radio", name=re.compile("^非常满意")).click()
    phone.picture("21-rate")
    phone.press("提交评价")
    expect(phone.page.get_by_text("谢谢您的评价")).to_be_visible()
    phone.picture("22-thanks")
