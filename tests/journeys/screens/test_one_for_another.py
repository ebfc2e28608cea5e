"""A mother has her son apply for her, and ends it (授权代办): on two phones, hers small with large letters.

Where the money goes is for her to say: he is told so, and goes on once she has.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import phone as wire
from tests.journeys.conftest import RunningCity
from tests.journeys.desk import Desk
from tests.journeys.proven import checked_at_the_window
from tests.journeys.screens.browser import SMALL_PHONE, Phone, phone_in
from tests.journeys.screens.test_one_case import fill_in_the_form, photograph

pytestmark = pytest.mark.xdist_group("journeys")

ITEM, NAME = "11350100MB990002133350590040000", "高龄津贴申领"
HERS_ALONE = "居民身份证丢失补领"
HIS_PART = {"联系地址": "示例市台江区示例路1号"}
HER_PART = {"收款人姓名": "林秀英", "开户银行": "示例银行", "收款账号": "6222000000000000"}


def test_a_son_applies_for_his_mother_until_she_ends_it(
    running_city: RunningCity, browser: Browser, phone: Phone, tmp_path: Path
) -> None:
    mother = somebody(running_city, "林秀英", "13800004421", "350102194203151324")
    son = somebody(running_city, "陈小军", "13800004422", "350102197608220010")
    hers = phone_in(running_city, browser, SMALL_PHONE)
    hers.open("pages/home/home", persona=mother["person_id"]).enlarge("elder")
    phone.open("pages/home/home", persona=son["person_id"])
    accept(phone, authorise(hers))
    case_no = begin(phone)
    fill_in_her_part(hers, case_no)
    hand_in(phone, case_no, tmp_path)
    see_that_he_did(hers, case_no)
    end_it(hers)
    be_locked_out(phone, case_no)
    assert (hers.strangers, hers.troubles) == ([], [])
    hers.page.context.close()


def somebody(city: RunningCity, name: str, phone: str, number: str) -> Any:
    """Somebody whose identity card was checked at a window."""
    person = city.sandbox.post("/_sim/people", name=name, phone=phone)
    citizen = wire.Phone(city, "wechat", person)
    citizen.log_in()
    checked_at_the_window(Desk(city, "shouli").sign_in(), citizen, number)
    return person


def authorise(hers: Phone) -> str:
    """She chooses what he may apply for: not what only she may do. What she sends him."""
    hers.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hers.open("pages/delegations/give")
    hers.press("添加事项")
    search, listed = hers.page.get_by_label("您要办什么事"), hers.page.locator(".y-sheet")
    search.fill(HERS_ALONE)
    expect(listed.get_by_text("社会保障卡补领、换领")).to_be_visible()
    expect(listed.get_by_text(HERS_ALONE, exact=True)).to_have_count(0)
    search.fill(NAME)
    listed.get_by_text(NAME, exact=True).click()
    expect(hers.page.get_by_text("收款账户要您自己填")).to_be_visible()
    assert not hers.sticks_out()
    hers.press("生成授权码")
    hers.press("复制授权码")
    hers.picture("60-authorised")
    return str(hers.page.evaluate("navigator.clipboard.readText()"))


def accept(phone: Phone, sent: str) -> None:
    """He pastes all that she sent, and reads what it is for before he takes it on."""
    phone.open("pages/delegations/accept")
    phone.page.get_by_role("textbox", name=re.compile("授权码")).fill(sent)
    phone.press("看看授权了什么")
    expect(phone.page.get_by_text(NAME)).to_be_visible()
    phone.picture("61-offered")
    phone.press("接受授权")
    expect(phone.page.get_by_role("button", name="回到办自己的事")).to_be_visible()


def begin(phone: Phone) -> str:
    """Begun and filled in for her, but for the account; every page says for whom."""
    phone.open("pages/guides/detail", task_code=ITEM)
    expect(phone.page.get_by_text("您正在替")).to_be_visible()
    phone.press("在线申请")
    expect(phone.page.get_by_role("textbox", name=re.compile("申请人姓名"))).to_have_value("林秀英")
    expect(phone.page.get_by_text("要申请人本人填")).to_have_count(len(HER_PART))
    fill_in_the_form(phone, HIS_PART)
    phone.picture("62-his-part")
    phone.press("保存并继续")
    found = re.search(r"no=(\w+)", phone.page.url)
    assert found is not None
    return found[1]


def fill_in_her_part(hers: Phone, case_no: str) -> None:
    hers.open("pages/apply/form", no=case_no)
    fill_in_the_form(hers, HER_PART)
    assert not hers.sticks_out()
    hers.press("保存并继续")


def hand_in(phone: Phone, case_no: str, folder: Path) -> None:
    phone.open("pages/apply/materials", no=case_no)
    photograph(phone, folder)
    phone.press("下一步")
    phone.page.get_by_role("checkbox", name=re.compile("真实")).click()
    phone.press("提交申请")
    expect(phone.page.get_by_text("申请已经交上去了")).to_be_visible()
    phone.picture("63-handed-in-for-her")


def see_that_he_did(hers: Phone, case_no: str) -> None:
    hers.open("pages/cases/detail", no=case_no)
    expect(hers.page.get_by_text("由代办人提交")).to_be_visible()
    assert not hers.sticks_out()
    hers.picture("64-her-case")


def end_it(hers: Phone) -> None:
    """With his steps in view, in her own list of authorities."""
    hers.open("pages/delegations/list").press(re.compile("替我办"), "link")
    expect(hers.page.get_by_text(NAME).first).to_be_visible()
    expect(hers.page.get_by_text("已提交").first).to_be_visible()
    assert not hers.sticks_out()
    hers.picture("65-what-he-did")
    hers.press("停止授权")
    hers.page.locator(".uni-modal__btn_primary").click()
    expect(hers.page.get_by_text("已经结束的")).to_be_visible()


def be_locked_out(phone: Phone, case_no: str) -> None:
    """He is told at the next tap, and is himself again; her case is not his to see."""
    phone.page.goto("about:blank")
    phone.page.goto(f"{phone.city.url}/m/#/pages/cases/detail?no={case_no}")
    expect(phone.page.get_by_text(re.compile("您不能再替.*办事了"))).to_be_visible()
    phone.picture("66-locked-out")
    phone.page.locator(".uni-modal__btn_primary").click()
    expect(phone.page.get_by_text("您正在替")).to_have_count(0)
    phone.open("pages/cases/detail", no=case_no)
    expect(phone.page.get_by_text("没有找到这个办件")).to_be_visible()
