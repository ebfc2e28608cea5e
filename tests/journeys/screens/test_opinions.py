"""Other departments are heard before one decides (征求意见), and one of them says no.

Their answers reach the citizen; they themselves see the number by which they look somebody up, and no
telephone. What the lead grants against an objection its head says yes to.
"""

import re

import pytest
from playwright.sync_api import Browser, expect

from app.staff.models import Role
from app.staff.service import NewClerk
from tests.journeys import desk as wire_desk
from tests.journeys import phone as wire
from tests.journeys.conftest import RunningCity
from tests.journeys.screens.browser import Desk, Phone, desk_in
from tests.journeys.screens.errands import hand_in
from tests.journeys.screens.steps import employ

pytestmark = pytest.mark.xdist_group("journeys")

ITEM = "11350100MB990002133350590043000"
LEAD, JOBS, LAND = "市民政局", "市人力资源和社会保障局", "市自然资源和规划局"
CONDITION = "请先核对9月的养老金发放记录"
OBJECTION, LAW = "名下另有一处住房", "《社会救助暂行办法》第九条"
NOT_NEEDED = "家里没有人看病住院"
WHY_STILL = "那是已经倒塌的老宅，村委会核实过"


def test_departments_are_heard_and_the_citizen_reads_what_they_said(
    running_city: RunningCity, browser: Browser, phone: Phone, desk: Desk
) -> None:
    clerks = (("minzheng", "刘低保", LEAD), ("renshe", "郭社保", JOBS), ("ziran", "许登记", LAND))
    employ(running_city, *(NewClerk(user, name, (Role.APPROVER,), None, dept) for user, name, dept in clerks))
    person = running_city.sandbox.post("/_sim/people", name="林晓明", phone="13800004431")
    case_no = accepted(running_city, person)
    phone.open("pages/home/home", persona=person["person_id"])
    see(phone, case_no, "征求意见 0/3", "到期不回复视为无异议")
    agree_on_condition(wire_desk.Desk(running_city, "renshe").sign_in(), case_no)
    object_to_it(desk.sign_in("ziran"), case_no)
    lead = desk_in(running_city, browser).sign_in("minzheng")
    ask_one_no_more(lead, case_no)
    see(phone, case_no, "征求意见 2/2", CONDITION, OBJECTION, f"依据：{LAW}", f"原因：{NOT_NEEDED}")
    phone.picture("70-opinions")
    grant_all_the_same(lead, case_no)
    say_yes(wire_desk.Desk(running_city, "fuze").sign_in(), case_no)
    see(phone, case_no, "准予办理", WHY_STILL)
    assert not phone.sticks_out()
    lead.page.context.close()


def accepted(city: RunningCity, person: dict[str, str]) -> str:
    citizen = wire.Phone(city, "wechat", person)
    citizen.log_in()
    case_no = hand_in(citizen, ITEM, photos=1)
    clerk = wire_desk.Desk(city, "shouli").sign_in()
    clerk.page(f"/console/cases/{case_no}")
    clerk.send(f"/console/cases/{case_no}/accept")
    return case_no


def see(phone: Phone, case_no: str, *words: str) -> None:
    phone.open("pages/cases/detail", no=case_no)
    for each in words:
        expect(phone.page.get_by_text(each).first).to_be_visible()


def agree_on_condition(clerk: wire_desk.Desk, case_no: str) -> None:
    """Whoever is asked finds it in their list, with what they need to know of the applicant and no more."""
    asked = clerk.line_of(case_no, "/console/opinions")
    page = clerk.page(asked)
    assert "只用于查就业登记和养老待遇发放记录" in page
    assert ("11010519491231002X" in page, "13800004431" in page) == (True, False)
    assert "意见已回复" in clerk.send(asked, answer="on_condition", said=CONDITION)


def object_to_it(clerk: Desk, case_no: str) -> None:
    """An objection without a reason and a law is not taken; with them it is, once."""
    clerk.open("/console/opinions")
    clerk.page.locator("tr").filter(has_text=case_no).get_by_role("link").click()
    clerk.page.get_by_label("不同意", exact=True).check()
    clerk.page.get_by_role("button", name="回复意见").click()
    expect(clerk.page.get_by_text("不同意的要写明法律依据")).to_be_visible()
    clerk.page.get_by_label(re.compile("条件或理由")).fill(OBJECTION)
    clerk.page.get_by_label(re.compile("法律依据")).fill(LAW)
    clerk.page.get_by_role("button", name="回复意见").click()
    expect(clerk.page.get_by_text("意见已回复")).to_be_visible()
    expect(clerk.page.get_by_role("button", name="回复意见")).to_have_count(0)


def ask_one_no_more(lead: Desk, case_no: str) -> None:
    """Nothing can be granted while one is waited for; the lead may say why it waits no more."""
    lead.open(f"/console/cases/{case_no}")
    expect(lead.page.get_by_role("radio", name="准予")).to_have_count(0)
    lead.page.get_by_text("不再征求这个部门的意见").click()
    lead.page.locator("#opinions").get_by_label(re.compile("原因")).fill(NOT_NEEDED)
    lead.page.get_by_role("button", name="撤回").click()
    expect(lead.page.get_by_text("已不再征求这个部门的意见")).to_be_visible()


def grant_all_the_same(lead: Desk, case_no: str) -> None:
    lead.open(f"/console/cases/{case_no}")
    lead.page.get_by_role("radio", name="准予").check()
    lead.page.get_by_label(re.compile("准予、不予都要写明")).fill(WHY_STILL)
    lead.page.get_by_label("我已核对申请表和材料").check()
    lead.picture("71-against-an-objection")
    lead.page.get_by_role("button", name="提交决定").click()
    expect(lead.page.get_by_text("已报请负责人批准；批准后自动准予")).to_be_visible()


def say_yes(head: wire_desk.Desk, case_no: str) -> None:
    asked = head.page("/console/approvals").split(case_no)[-1]
    assert OBJECTION in asked
    found = re.search(r'action="(/console/approvals/\d+)"', asked)
    assert found is not None
    assert "已批准" in head.send(found[1], approved="yes")
