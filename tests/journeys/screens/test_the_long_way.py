"""One case on the long way: a paper left out, a correction, an extension, a pick-up (容缺、补正、延长、领取).

A phone, a window, an approver and a head of department, all on real pages in browsers.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.staff.models import Role
from app.staff.service import NewClerk
from tests.journeys.conftest import RunningCity
from tests.journeys.phone import photo_of
from tests.journeys.screens.browser import Desk, Phone, desk_in
from tests.journeys.screens.steps import employ
from tests.journeys.screens.test_one_case import APPLICANT, fill_in_the_form

pytestmark = pytest.mark.xdist_group("journeys")

ITEM = "护士执业注册"
LEFT_OUT = "健康体检证明"
WRONG = "学历证书"
ANSWERS = {**APPLICANT, "执业机构": "示例市第一医院"}


def test_one_case_on_the_long_way(
    running_city: RunningCity, browser: Browser, phone: Phone, desk: Desk, tmp_path: Path
) -> None:
    person = running_city.sandbox.post("/_sim/people", name="林晓明", phone="13800005555")
    phone.open("pages/home/home", persona=person["person_id"])
    case_no = hand_in_without_one_paper(phone, tmp_path)
    desk.sign_in("shouli")
    have_one_thing_mended(desk, case_no)
    mend_it(phone, case_no, tmp_path)
    accept_what_is_there(desk, case_no)
    approver = desk_in(running_city, browser).sign_in("shenpi")
    ask_for_more_days(approver, case_no)
    head = desk_in(running_city, browser).sign_in("fuze")
    grant_them(head, case_no)
    bring_what_was_left_out(phone, case_no, tmp_path)
    find_it_in_order(approver, case_no)
    decide(approver, case_no)
    employ(running_city, NewClerk("dongcheng", "赵东城", (Role.FRONT_DESK,), centre_id="C02"))
    other_hall = desk_in(running_city, browser).sign_in("dongcheng")
    fetch_it_at_the_window(phone, other_hall, case_no)
    for other in (approver, head, other_hall):
        other.page.context.close()


def hand_in_without_one_paper(phone: Phone, folder: Path) -> str:
    phone.press(re.compile("想办什么"), "link")
    phone.page.get_by_label("搜索办事项").fill(ITEM)
    phone.page.get_by_text("搜索", exact=True).last.click()
    phone.page.locator(".guide-card").filter(has_text=ITEM).first.click()
    phone.press("在线申请")
    fill_in_the_form(phone, ANSWERS)
    phone.press("保存并继续")
    sign_that_it_follows(phone)
    for paper in ("居民身份证", WRONG, "拟执业机构聘用确认"):
        photograph(phone, paper, folder)
    phone.press("下一步")
    phone.page.get_by_role("checkbox", name=re.compile("真实")).click()
    phone.press("提交申请")
    expect(phone.page.get_by_text("申请已经交上去了")).to_be_visible()
    found = re.search(r"no=(\w+)", phone.page.url)
    assert found is not None
    return found[1]


def sign_that_it_follows(phone: Phone) -> None:
    phone.page.get_by_role("button", name=f"{LEFT_OUT}：稍后补交").click()
    phone.page.get_by_role("checkbox", name=re.compile("我已读完全文")).click()
    phone.press("签署")
    expect(phone.page.get_by_text("已签承诺，稍后补交")).to_be_visible()


def photograph(phone: Phone, paper: str, folder: Path) -> None:
    card = phone.page.locator(".material-card").filter(has_text=paper)
    there = card.locator(".photo-line").count()
    picture = folder / f"{paper}-{there}.jpg"
    picture.write_bytes(photo_of(f"{paper} {there}"))
    with phone.page.expect_file_chooser() as asked:
        card.get_by_role("button", name=re.compile("拍照或从相册选|再加一张")).click()
    asked.value.set_files(picture)
    expect(card.get_by_text(f"已交{there + 1}张")).to_be_visible()


def have_one_thing_mended(desk: Desk, case_no: str) -> None:
    desk.open(f"/console/cases/{case_no}/correction")
    line = desk.page.locator(".material").filter(has_text=WRONG)
    line.get_by_role("checkbox").check()
    desk.page.get_by_role("button", name="预览告知").click()
    expect(desk.page.locator("ol li")).to_have_count(1)
    desk.page.get_by_role("button", name="发出告知").click()
    expect(desk.page.locator("main [role=status]").first).to_contain_text("补正")


def mend_it(phone: Phone, case_no: str, folder: Path) -> None:
    phone.open("pages/cases/detail", no=case_no)
    expect(phone.page.get_by_text("需要补正1项", exact=True)).to_be_visible()
    phone.picture("30-correction")
    photograph(phone, WRONG, folder)
    phone.press("补正后提交")
    expect(phone.page.get_by_text("现在由市卫生健康委员会办理")).to_be_visible()


def accept_what_is_there(desk: Desk, case_no: str) -> None:
    desk.open(f"/console/cases/{case_no}")
    desk.page.get_by_role("button", name="容缺受理").click()
    expect(desk.page.locator("main [role=status]").first).to_contain_text("已受理")


def ask_for_more_days(approver: Desk, case_no: str) -> None:
    approver.open(f"/console/cases/{case_no}")
    form = approver.page.locator("form[action$='/extend']")
    approver.page.locator("summary").filter(has_text="延长").click()
    form.locator("[name=more_days]").fill("5")
    form.locator("[name=extend_reason]").fill("体检医院的复核结果要等一周")
    form.get_by_role("button").click()
    expect(approver.page.get_by_text("已报请负责人批准")).to_be_visible()


def grant_them(head: Desk, case_no: str) -> None:
    head.open("/console/approvals")
    head.page.locator("main .card").filter(has_text=case_no).get_by_role(
        "button", name="批准", exact=True
    ).click()
    expect(head.page.locator("main [role=status]").first).to_be_visible()


def bring_what_was_left_out(phone: Phone, case_no: str, folder: Path) -> None:
    phone.open("pages/cases/detail", no=case_no)
    expect(phone.page.get_by_text("等您补交")).to_be_visible()
    expect(phone.page.get_by_text("体检医院的复核结果要等一周").first).to_be_visible()
    phone.picture("31-to-follow")
    photograph(phone, LEFT_OUT, folder)
    phone.page.get_by_role("button", name=f"补交{LEFT_OUT}").click()
    expect(phone.page.get_by_text("已补交，等待核对", exact=True)).to_be_visible()


def find_it_in_order(approver: Desk, case_no: str) -> None:
    approver.open(f"/console/cases/{case_no}")
    approver.page.locator("#owed").get_by_role("button", name="核对符合").click()
    expect(approver.page.locator("main [role=status]").first).to_be_visible()


def decide(approver: Desk, case_no: str) -> None:
    approver.open(f"/console/cases/{case_no}")
    approver.page.get_by_text("准予", exact=True).click()
    approver.page.get_by_text("我已核对申请表和材料").click()
    approver.page.get_by_role("button", name="提交决定").click()
    expect(approver.page.get_by_text("决定已作出")).to_be_visible()


def fetch_it_at_the_window(phone: Phone, desk: Desk, case_no: str) -> None:
    phone.open("pages/cases/delivery", no=case_no)
    phone.press("改领取方式")
    phone.page.get_by_role("radio", name=re.compile("窗口领取")).click()
    phone.press("保存")
    code = phone.page.locator(".pick-up, .y-page").last.get_by_text(re.compile(r"^\d{4} \d{4}$"))
    expect(code).to_be_visible()
    phone.picture("32-pick-up")
    desk.open("/console/deliveries")
    desk.page.get_by_label(re.compile("取件码")).fill(code.inner_text())
    desk.page.get_by_role("button", name="查取件码").click()
    desk.page.get_by_role("button", name="本人已签收").click()
    expect(desk.page.locator("main [role=status]").first).to_be_visible()
    phone.open("pages/cases/detail", no=case_no)
    expect(phone.page.get_by_text("已办结").first).to_be_visible()
