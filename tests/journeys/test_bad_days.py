"""The days on which something is down: the citizen's step is kept, and finished later."""

import pytest

from tests.journeys.conftest import RunningCity
from tests.journeys.phone import Phone, eventually
from tests.journeys.test_one_day import ERRANDS, find_the_guide

pytestmark = pytest.mark.xdist_group("journeys")


@pytest.fixture
def phone(running_city: RunningCity) -> Phone:
    running_city.sandbox.forget_faults()
    person = running_city.sandbox.post("/_sim/people", name="吴梅", phone="13700003333")
    return Phone(running_city, "wechat", person)


def submit_something(phone: Phone) -> str:
    guide = find_the_guide(phone, ERRANDS[0])
    case = phone.post("/api/v1/cases", {"task_code": guide["task_code"]})
    phone.fill_in(case)
    return str(phone.post(f"/api/v1/cases/{case['case_no']}/submit")["case_no"])


def test_with_redis_down_one_reads_and_submits_and_is_told_when_it_is_back(
    running_city: RunningCity, phone: Phone
) -> None:
    phone.log_in()
    phone.allow_messages("case_progress")
    running_city.redis.stop()
    try:
        case_no = submit_something(phone)
        assert phone.get(f"/api/v1/cases/{case_no}")["state"] == "submitted"
        assert phone.get("/readyz")["redis"] == "away"
    finally:
        running_city.redis.start()

    told = eventually(lambda: phone.messages("wechat_subscribe"), what="the message after Redis came back")
    assert len(told) == 1


def test_with_wechats_messages_down_one_is_told_later_and_once(
    running_city: RunningCity, phone: Phone
) -> None:
    phone.log_in()
    phone.allow_messages("case_progress")
    running_city.sandbox.post("/_sim/faults", op="wechat.send_subscribe_message", kind="-1", times=1)
    submit_something(phone)

    in_app = eventually(lambda: phone.get("/api/v1/messages")["items"], what="the message in the app")
    on_phone = eventually(lambda: phone.messages("wechat_subscribe"), what="the message on the phone")

    assert (len(in_app), len(on_phone)) == (1, 1)


def test_with_wechats_login_down_one_is_told_to_try_again(running_city: RunningCity, phone: Phone) -> None:
    running_city.sandbox.post("/_sim/faults", op="wechat.jscode2session", kind="http_500", times=9)
    code = phone.sim("wechat/login")["code"]
    answer = phone.call("POST", "/api/v1/sessions", json={"platform": "wechat", "code": code})

    assert answer.status_code == 503
    assert "再试" in answer.json()["detail"]
