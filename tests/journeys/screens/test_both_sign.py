"""An application that husband and wife sign, each on their own phone (共同申请人签名).

She is shown everything; what he changes afterwards she signs anew; then it can be handed in.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import phone as wire
from tests.journeys.conftest import RunningCity
from tests.journeys.screens.browser import SMALL_PHONE, Desk, Phone, phone_in

pytestmark = pytest.mark.xdist_group("journeys")

ITEM = "11350100MB990001383350790007000"
ANSWERS = {"配偶姓名": "吴芳", "配偶公民身份号码": "350102198802140027"}


def test_husband_and_wife_sign_on_two_phones(
    running_city: RunningCity, browser: Browser, phone: Phone, desk: Desk
) -> None:
    his, hers = (
        running_city.sandbox.post("/_sim/people", name=name, phone=number)
        for name, number in (("周文", "13800004411"), ("吴芳", "13800004412"))
    )
    case_no = draft_of(running_city, his)
    phone.open("pages/home/home", persona=his["person_id"])
    wife = phone_in(running_city, browser, SMALL_PHONE)
    wife.open("pages/home/home", persona=hers["person_id"]).enlarge("elder")
    invitation = invite(phone, case_no)
    sign_what_is_shown(wife, invitation)
    change_a_field(phone, case_no)
    sign_anew(wife)
    hand_in(phone, case_no)
    wife.open("pages/cases/co-sign").press(re.compile("市外户口迁入"), "link")
    expect(wife.page.get_by_text(re.compile("申请已经提交给部门"))).to_be_visible()
    desk.sign_in("shouli").open(f"/console/cases/{case_no}")
    expect(desk.page.get_by_text(re.compile("共同申请人.*在自己的手机上看过全部内容并签名"))).to_be_visible()
    assert (wife.strangers, wife.troubles) == ([], [])
    wife.page.context.close()


def draft_of(city: RunningCity, person: Any) -> str:
    """His application, filled in and with every photo."""
    citizen = wire.Phone(city, "wechat", person)
    citizen.log_in()
    case = citizen.fill_in(citizen.post("/api/v1/cases", {"task_code": ITEM}))
    own = {
        field["key"]: ANSWERS[field["label"]] for field in case["form_fields"] if field["label"] in ANSWERS
    }
    saved = citizen.call("PATCH", f"/api/v1/cases/{case['case_no']}/form", json={**case["form"], **own})
    assert saved.status_code == 200, saved.text
    return str(case["case_no"])


def invite(phone: Phone, case_no: str) -> str:
    """What he sends her: the sentence that the button copies."""
    phone.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.open("pages/apply/check", no=case_no)
    expect(phone.page.get_by_text("还差配偶签名")).to_be_visible()
    phone.press("邀请配偶签名")
    phone.press("复制邀请")
    phone.picture("50-invitation")
    copied = str(phone.page.evaluate("navigator.clipboard.readText()"))
    assert "请我签名的" in copied
    return copied


def sign_what_is_shown(wife: Phone, invitation: str) -> None:
    """She pastes all of it, and is shown the form with its numbers masked, and every photo."""
    wife.open("pages/cases/co-sign")
    wife.page.get_by_role("textbox", name=re.compile("邀请码")).fill(invitation)
    wife.press("看看要签什么")
    expect(wife.page.get_by_text("配偶姓名：吴芳")).to_be_visible()
    assert "350102198802140027" not in wife.text()
    sign(wife)
    wife.picture("51-signed")


def sign(wife: Phone) -> None:
    assert not wife.sticks_out()
    wife.page.get_by_role("checkbox", name=re.compile("我已看过全部内容和照片")).click()
    wife.page.get_by_role("button", name="签名", exact=True).click()
    expect(wife.page.get_by_text("您已签名")).to_be_visible()


def change_a_field(phone: Phone, case_no: str) -> None:
    phone.open("pages/apply/check", no=case_no)
    expect(phone.page.get_by_text("配偶已签名", exact=True)).to_be_visible()
    phone.open("pages/apply/form", no=case_no)
    phone.page.get_by_role("textbox", name=re.compile("户口现在在哪里")).fill("邻市示例路9号")
    phone.press("保存并继续")
    phone.open("pages/apply/check", no=case_no)
    phone.press("发消息请对方签名")
    phone.picture("52-changed")


def sign_anew(wife: Phone) -> None:
    """The message that asks her leads to what she signs."""
    wife.open("pages/messages/list")
    wife.page.get_by_text("请您重新签名").first.click()
    expect(wife.page.get_by_text("户口现在在哪里：邻市示例路9号")).to_be_visible()
    expect(wife.page.get_by_text("内容改过，请您重新签")).to_be_visible()
    sign(wife)


def hand_in(phone: Phone, case_no: str) -> None:
    phone.open("pages/apply/check", no=case_no)
    expect(phone.page.get_by_text("都齐了")).to_be_visible()
    phone.page.get_by_role("checkbox", name=re.compile("真实")).click()
    phone.press("提交申请")
    expect(phone.page.get_by_text("申请已经交上去了")).to_be_visible()
