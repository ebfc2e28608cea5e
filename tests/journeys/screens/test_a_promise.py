"""A promise instead of a paper, found untrue, answered, and upheld after all (告知承诺、核查、陈述申辩).

The citizen on a real phone; who looks into it and who settles it are two.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from app.staff.models import Role
from app.staff.service import NewClerk
from tests.journeys import phone as wire
from tests.journeys.conftest import RunningCity
from tests.journeys.screens.browser import Desk, Phone, desk_in
from tests.journeys.screens.steps import employ
from tests.journeys.screens.test_one_case import decide

pytestmark = pytest.mark.xdist_group("journeys")

ITEM = "11350100MB990003XT3350590026000"
CARD, PROMISED = "UNEMPLOY-PAY-M01", "失业状态说明"
ANSWERS = {
    "申请人姓名": "林晓明",
    "公民身份号码": "11010519491231002X",
    "手机号": "13800006666",
    "哪天离职的": "2026-08-31",
    "结果领取方式": "电子推送",
}
OBJECTION = "那家公司9月就没有开工，我一天也没有上过班，可以向居委会核实"


def test_a_promise_is_looked_into_and_its_giver_is_heard(
    running_city: RunningCity, browser: Browser, phone: Phone, desk: Desk
) -> None:
    person = running_city.sandbox.post("/_sim/people", name="林晓明", phone="13800006666")
    case_no = draft_of(running_city, person)
    phone.open("pages/home/home", persona=person["person_id"])
    promise(phone, case_no)
    desk.sign_in("shouli")
    desk.open(f"/console/cases/{case_no}")
    desk.page.get_by_role("button", name="受理", exact=True).click()
    approver = desk_in(running_city, browser).sign_in("shenpi")
    decide(approver, case_no)
    find_it_untrue(approver, case_no)
    answer(phone, case_no)
    employ(running_city, NewClerk("fuhe", "孙复核", (Role.APPROVER,)))
    second = desk_in(running_city, browser).sign_in("fuhe")
    uphold(second, case_no)
    phone.open("pages/cases/detail", no=case_no)
    expect(phone.page.get_by_text(re.compile("申辩成立")).first).to_be_visible()
    for other in (approver, second):
        other.page.context.close()


def draft_of(city: RunningCity, person: Any) -> str:
    """A filled form with the identity card photographed; the promise is still to be chosen."""
    citizen = wire.Phone(city, "wechat", person)
    citizen.log_in()
    case = citizen.post("/api/v1/cases", {"task_code": ITEM})
    answers = {field["key"]: ANSWERS.get(field["label"], "无") for field in case["form_fields"]}
    saved = citizen.call("PATCH", f"/api/v1/cases/{case['case_no']}/form", json=answers)
    assert saved.status_code == 200, saved.text
    citizen.photograph(case["case_no"], CARD)
    return str(case["case_no"])


def promise(phone: Phone, case_no: str) -> None:
    phone.open("pages/apply/materials", no=case_no)
    phone.page.get_by_role("button", name=f"{PROMISED}：用告知承诺").click()
    expect(phone.page.get_by_text("记入信用记录").first).to_be_visible()
    phone.picture("40-promise")
    phone.page.get_by_role("checkbox", name=re.compile("我已读完全文")).click()
    phone.press("签署")
    expect(phone.page.get_by_text("已签告知承诺书，不用交")).to_be_visible()
    phone.press("下一步")
    phone.page.get_by_role("checkbox", name=re.compile("真实")).click()
    phone.press("提交申请")
    expect(phone.page.get_by_text("申请已经交上去了")).to_be_visible()


def find_it_untrue(approver: Desk, case_no: str) -> None:
    approver.open("/console/promise-checks")
    line = approver.page.locator("main .card").filter(has_text=case_no)
    line.get_by_label("不实", exact=True).check()
    line.get_by_label(re.compile("怎样核查")).fill("社保记录显示9月1日起有单位参保")
    line.get_by_role("button", name="记下结论").click()
    expect(approver.page.locator("main [role=status]")).to_contain_text("可以陈述申辩")


def answer(phone: Phone, case_no: str) -> None:
    phone.open("pages/cases/detail", no=case_no)
    expect(phone.page.get_by_text("社保记录显示9月1日起有单位参保")).to_be_visible()
    phone.page.get_by_role("textbox", name=re.compile("陈述申辩")).fill(OBJECTION)
    phone.press("提交陈述申辩")
    phone.picture("41-heard")


def uphold(second: Desk, case_no: str) -> None:
    second.open("/console/promise-checks")
    line = second.page.locator("main .card").filter(has_text=case_no)
    expect(line).to_contain_text(OBJECTION)
    line.get_by_label(re.compile("成立")).check()
    line.get_by_label(re.compile("^理由")).fill("居委会证明单位没有开工，承诺属实")
    line.get_by_role("button", name="作出处理").click()
    expect(second.page.locator("main [role=status]")).to_be_visible()
