"""The day of one citizen on WeChat and of one on Alipay, through HTTP, against real processes."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.conftest import RunningCity
from tests.journeys.desk import Desk
from tests.journeys.phone import Phone, eventually

pytestmark = pytest.mark.xdist_group("journeys")


@dataclass(frozen=True)
class Errand:
    """Who wants what: how they say it, what it is called, what it costs."""

    platform: str
    name: str
    says: str
    task_name: str
    fee_fen: int
    certificate: str


ERRANDS = [
    Errand("wechat", "林晓明", "身份证丢了", "居民身份证丢失补领", 4000, "居民身份证丢失补领"),
    Errand("alipay", "陈立", "第一次办护照", "普通护照首次申请", 12000, "普通护照首次申请"),
]


@pytest.fixture(params=ERRANDS, ids=lambda errand: errand.platform)
def errand(request: pytest.FixtureRequest) -> Errand:
    found: Errand = request.param
    return found


@pytest.fixture
def phone(running_city: RunningCity, errand: Errand) -> Phone:
    running_city.sandbox.forget_faults()
    number = {"wechat": "13800001111", "alipay": "13900002222"}[errand.platform]
    person = running_city.sandbox.post("/_sim/people", name=errand.name, phone=number)
    return Phone(running_city, errand.platform, person)


def test_the_whole_day(running_city: RunningCity, phone: Phone, errand: Errand) -> None:
    first = phone.log_in()
    assert phone.log_in()["citizen"]["id"] == first["citizen"]["id"]
    for template, times in (("case_progress", 6), ("payment_result", 1), ("appointment_booked", 1)):
        phone.allow_messages(template, times=times)

    guide = find_the_guide(phone, errand)
    book_a_visit(phone, guide)
    case_no = apply(phone, guide)
    clerk = Desk(running_city, "shouli").sign_in()
    accept(clerk, case_no)
    pay(phone, case_no, errand)
    show_the_code(phone, clerk, case_no)
    decide(Desk(running_city, "shenpi").sign_in(), clerk, case_no)
    see_the_end(phone, case_no)
    ask_the_bot(phone, case_no)
    was_told_once(phone)


def find_the_guide(phone: Phone, errand: Errand) -> Any:
    hits = phone.get("/api/v1/guides", q=errand.says)["items"]
    assert hits[0]["name"] == errand.task_name
    guide = phone.get(f"/api/v1/guides/{hits[0]['task_code']}")
    assert guide["provenance"] == "demo-authored"
    return guide


def book_a_visit(phone: Phone, guide: Any) -> None:
    task_code = guide["task_code"]
    for centre in phone.get("/api/v1/centres", task_code=task_code)["items"]:
        slots = phone.get(f"/api/v1/centres/{centre['id']}/slots", task_code=task_code)["items"]
        free = [slot for slot in slots if slot["free"] > 0]
        if free:
            break
    wish = {"centre_id": centre["id"], "slot_id": free[-1]["slot_id"], "task_code": task_code}
    booked = phone.post("/api/v1/appointments", wish)
    assert booked["id"] in [found["id"] for found in phone.get("/api/v1/appointments")["items"]]


def apply(phone: Phone, guide: Any) -> str:
    case = phone.post("/api/v1/cases", {"task_code": guide["task_code"]})
    filled = phone.fill_in(case)
    assert all(found["photos"] for found in filled["materials"] if found["takes_photos"])
    submitted = phone.post(f"/api/v1/cases/{case['case_no']}/submit")
    assert submitted["state"] == "submitted"
    return str(case["case_no"])


def accept(clerk: Desk, case_no: str) -> None:
    page = clerk.page(f"/console/cases/{case_no}")
    assert "林晓明" in page
    assert "已受理" in clerk.send(f"/console/cases/{case_no}/accept")


def pay(phone: Phone, case_no: str, errand: Errand) -> None:
    bills = phone.get(f"/api/v1/cases/{case_no}")["bills"]
    assert [bill["amount_fen"] for bill in bills] == [errand.fee_fen]
    wish = {"bill_nos": [bills[0]["bill_no"]], "channel": errand.platform}
    started = phone.post("/api/v1/payments", wish)
    phone.sim(f"{errand.platform}/pay", **started["invoke"])
    eventually(
        lambda: phone.get(f"/api/v1/payments/{started['payment_no']}")["state"] == "paid", what="the payment"
    )
    assert phone.get(f"/api/v1/cases/{case_no}")["bills"][0]["state"] == "paid"


def decide(approver: Desk, clerk: Desk, case_no: str) -> None:
    approver.page(f"/console/cases/{case_no}")
    approver.send(f"/console/cases/{case_no}/decide", granted="yes", checked="yes")
    clerk.page(f"/console/cases/{case_no}")
    assert "已办结" in clerk.send(f"/console/cases/{case_no}/close")


def see_the_end(phone: Phone, case_no: str) -> None:
    case = phone.get(f"/api/v1/cases/{case_no}")
    assert (case["state"], case["decision"]["granted"]) == ("closed", True)
    certificates = phone.get("/api/v1/certificates")["items"]
    assert case["certificate"]["identifier"] in [found["identifier"] for found in certificates]
    kinds = [line["kind"] for line in phone.get(f"/api/v1/cases/{case_no}/timeline")["items"]]
    assert [kinds.count(kind) for kind in ("submitted", "accepted", "decided", "closed")] == [1, 1, 1, 1]


def show_the_code(phone: Phone, clerk: Desk, case_no: str) -> None:
    code = phone.get("/api/v1/codes/me")["content"]
    clerk.page("/console/window")
    assert case_no in clerk.send("/console/scan", content=code)
    other = Desk(phone.city, "shoufei").sign_in()
    other.page("/console/window")
    assert "用过" in other.send("/console/scan", statuses=[409], content=code)


def ask_the_bot(phone: Phone, case_no: str) -> None:
    """The official account is WeChat's; on Alipay the same brain answers in the mini-program."""
    if phone.platform == "wechat":
        told = phone.sim("wechat/text", text="查进度")
        assert case_no in told["reply"]["text"]
    asked = phone.post("/api/v1/chat/messages", {"text": "身份证丢了要带什么材料"})["replies"][0]
    assert asked["sources"][0]["field"] == "materials"


def was_told_once(phone: Phone) -> None:
    channel = {"wechat": "wechat_subscribe", "alipay": "alipay_template"}[phone.platform]
    titles = ["预约成功", "已提交", "已受理", "有一笔费用待缴", "缴费成功", "已有办理结果", "已办结"]

    def told() -> bool:
        return {message["title"] for message in phone.get("/api/v1/messages")["items"]} >= set(titles)

    eventually(told, what="every message in the app")
    eventually(lambda: len(phone.messages(channel)) >= len(titles), what="every message on the phone")
    assert len(phone.messages(channel)) == len(titles)
