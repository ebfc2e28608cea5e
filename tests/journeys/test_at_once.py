"""Decided at once (秒批), through HTTP, against real processes: on the phone, in the message, at the desk."""

import pytest

from tests.journeys.conftest import RunningCity
from tests.journeys.desk import Desk
from tests.journeys.phone import Phone, eventually
from tests.journeys.proven import prove

pytestmark = pytest.mark.xdist_group("journeys")

PHONE, NAME, NUMBER = "13800007781", "林秒办", "350102199003070047"
UNEMPLOYED = "11350100MB990003XT3350790027000"


@pytest.fixture(scope="module")
def phone(running_city: RunningCity) -> Phone:
    """Somebody whose identity card was checked at a window."""
    running_city.sandbox.forget_faults()
    person = running_city.sandbox.post("/_sim/people", name=NAME, phone=PHONE)
    found = Phone(running_city, "wechat", person)
    found.log_in()
    prove(running_city, found, phone=PHONE, name=NAME, number=NUMBER)
    return found


def apply(phone: Phone, **form: str) -> str:
    """Hand 失业登记 in; its number."""
    case_no = str(phone.post("/api/v1/cases", {"task_code": UNEMPLOYED})["case_no"])
    filled = {
        "applicant_name": NAME,
        "id_number": NUMBER,
        "phone": PHONE,
        "address": "示例路1号",
        "left_on": "2026-01-05",
        "jobless": "是，我承诺属实",
        "delivery": "电子推送",
        **form,
    }
    assert phone.call("PATCH", f"/api/v1/cases/{case_no}/form", json=filled).status_code == 200
    phone.post(f"/api/v1/cases/{case_no}/submit")
    return case_no


def test_all_points_met_is_done_with_the_tap_and_told_once(phone: Phone) -> None:
    case_no = apply(phone)
    shown = phone.get(f"/api/v1/cases/{case_no}")
    assert (shown["state"], shown["decision"]["decided_by"]) == ("closed", "机器审查")
    assert shown["review"]["passed"]

    def told() -> list[str]:
        messages = phone.get("/api/v1/messages")["items"]
        return [one["text"] for one in messages if case_no in one["text"]]

    (text,) = eventually(told, what="the message")
    assert "已秒批" in text


def test_a_doubt_comes_to_the_desk_with_its_name(phone: Phone, running_city: RunningCity) -> None:
    case_no = apply(phone, jobless="不是")
    shown = phone.get(f"/api/v1/cases/{case_no}")
    assert (shown["state"], shown["review"]["passed"]) == ("submitted", False)

    desk = Desk(running_city, "shouli").sign_in()
    page = desk.page(f"/console/cases/{case_no}")
    assert "要人工核对" in page
    assert "承诺现在没有工作" in page
