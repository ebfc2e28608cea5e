"""Subscribe messages with their credits and field rules; customer-service messages with their window."""

import json
import threading
from typing import Any

import pytest

from .conftest import Door, StandIn

GOOD = {
    "thing1": "新生儿落户",
    "phrase2": "已受理",
    "time3": "2026年3月2日 09:30",
    "thing4": "请留意后续通知",
}


def _template(stand_in: StandIn, key: str = "case_progress") -> str:
    return str(json.loads(stand_in.env["WECHAT_TEMPLATES"])[key])


def _accept(stand_in: StandIn, result: str = "accept") -> Any:
    template_id = _template(stand_in)
    return stand_in.sim("/people/lin/wechat/subscribe", template_id=template_id, result=result)


def _send(stand_in: StandIn, **changed: Any) -> Any:
    data = {name: {"value": value} for name, value in (GOOD | changed.pop("data", {})).items()}
    message = {"touser": stand_in.person()["mini_openid"], "template_id": _template(stand_in), "data": data}
    return stand_in.wechat("/cgi-bin/message/subscribe/send", **(message | changed))


def _inbox(stand_in: StandIn) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = stand_in.seen("/people/lin/messages")["items"]
    return items


def test_one_accepted_prompt_is_one_message(stand_in: StandIn) -> None:
    template_id = _template(stand_in)
    assert _accept(stand_in) == {"errMsg": "requestSubscribeMessage:ok", template_id: "accept"}
    assert _send(stand_in, page="pages/case/detail?no=1")["errcode"] == 0
    assert _send(stand_in)["errcode"] == 43101
    (message,) = _inbox(stand_in)
    assert (message["channel"], message["data"], message["page"]) == (
        "wechat_subscribe",
        GOOD,
        "pages/case/detail?no=1",
    )
    assert "事项：新生儿落户" in message["text"]


def test_credits_stack_and_a_rejection_gives_none(stand_in: StandIn) -> None:
    for answer in ("accept", "accept", "reject"):
        _accept(stand_in, answer)
    assert [_send(stand_in)["errcode"] for _ in range(3)] == [0, 0, 43101]


def test_after_a_ban_there_are_no_more_prompts(stand_in: StandIn) -> None:
    _accept(stand_in, "ban")
    assert _accept(stand_in)[_template(stand_in)] == "ban"
    assert _send(stand_in)["errcode"] == 43101


def test_a_refused_message_costs_no_credit(stand_in: StandIn) -> None:
    _accept(stand_in)
    assert _send(stand_in, data={"thing1": "长" * 21})["errcode"] == 47003
    assert _send(stand_in)["errcode"] == 0


def test_one_credit_is_spent_once_by_many_at_a_time(stand_in: StandIn) -> None:
    _accept(stand_in)
    codes: list[int] = []
    threads = [threading.Thread(target=lambda: codes.append(_send(stand_in)["errcode"])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [0] + [43101] * 7


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("thing1", "", "is empty"),
        ("thing1", "长" * 21, "invalid"),
        ("thing1", "一行\n两行", "invalid"),
        ("phrase2", "正在办理当中", "invalid"),
        ("phrase2", "done", "invalid"),
        ("time3", "下午三点", "invalid"),
        ("time3", "2026-13-02 09:30", "invalid"),
        ("time3", "24:00", "invalid"),
    ],
)
def test_a_field_that_breaks_its_rule_is_named(
    stand_in: StandIn, field: str, value: str, reason: str
) -> None:
    _accept(stand_in)
    answer = _send(stand_in, data={field: value})
    assert answer["errcode"] == 47003
    assert f"data.{field}.value {reason}" in answer["errmsg"]


def test_unknown_and_missing_fields_are_refused(stand_in: StandIn) -> None:
    _accept(stand_in)
    assert _send(stand_in, data={"thing9": "多余"})["errcode"] == 47003
    only_one = {"thing1": {"value": "新生儿落户"}}
    message = {
        "touser": stand_in.person()["mini_openid"],
        "template_id": _template(stand_in),
        "data": only_one,
    }
    assert stand_in.wechat("/cgi-bin/message/subscribe/send", **message)["errcode"] == 47003


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"touser": "oNobody"}, 40003),
        ({"template_id": "nothing"}, 40037),
        ({"page": "/pages/index"}, 41030),
        ({"page": "pages/index 1"}, 41030),
    ],
)
def test_a_wrong_receiver_template_or_page_is_refused(
    stand_in: StandIn, changed: dict[str, str], errcode: int
) -> None:
    _accept(stand_in)
    assert _send(stand_in, **changed)["errcode"] == errcode


def test_an_unpublished_page_is_refused_once_the_pages_are_known(stand_in: StandIn) -> None:
    _accept(stand_in)
    stand_in.sim("/wechat/pages", pages=["pages/index/index"])
    assert _send(stand_in, page="pages/gone/gone")["errcode"] == 41030
    assert _send(stand_in, page="pages/index/index?tab=2")["errcode"] == 0


def test_an_openid_of_the_other_account_is_no_receiver(stand_in: StandIn) -> None:
    _accept(stand_in)
    assert _send(stand_in, touser=stand_in.person()["oa_openid"])["errcode"] == 40003


def test_a_planned_error_after_the_work_leaves_the_message_sent(stand_in: StandIn) -> None:
    _accept(stand_in)
    stand_in.fault("wechat.send_subscribe_message", "-1", after=True)
    assert _send(stand_in)["errcode"] == -1
    assert len(_inbox(stand_in)) == 1


def test_a_planned_busy_answer_before_the_work_sends_nothing(stand_in: StandIn) -> None:
    _accept(stand_in)
    stand_in.fault("wechat.send_subscribe_message", "-1")
    assert [_send(stand_in)["errcode"] for _ in range(2)] == [-1, 0]
    assert len(_inbox(stand_in)) == 1


@pytest.mark.parametrize(
    ("body", "errcode"), [(b"", 44002), (b"{", 47001), (b"[]", 47001), (b"\xff\xfe", 47001)]
)
def test_an_unreadable_body_is_refused(stand_in: StandIn, body: bytes, errcode: int) -> None:
    params = {"access_token": stand_in.token()}
    answer = stand_in.call("POST", "/cgi-bin/message/subscribe/send", params=params, data=body)
    assert answer.json()["errcode"] == errcode


def _custom(stand_in: StandIn, text: str = "您好", person: str = "lin") -> int:
    message = {"touser": stand_in.person(person)["oa_openid"], "msgtype": "text", "text": {"content": text}}
    return int(stand_in.wechat("/cgi-bin/message/custom/send", account="OA", **message)["errcode"])


def test_a_message_of_the_person_allows_five_answers_in_48_hours(stand_in: StandIn, door: Door) -> None:
    assert _custom(stand_in) == 45015
    stand_in.sim("/people/lin/wechat/text", text="在吗")
    assert [_custom(stand_in) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    stand_in.sim("/people/lin/wechat/text", text="还在吗")
    assert _custom(stand_in) == 0
    stand_in.sim("/clock", advance_s=48 * 3600)
    assert _custom(stand_in) == 45015


def test_a_click_allows_three_answers_in_a_minute(stand_in: StandIn, door: Door) -> None:
    stand_in.sim("/people/lin/wechat/event", event="CLICK", event_key="progress")
    assert [_custom(stand_in) for _ in range(4)] == [0, 0, 0, 45047]
    stand_in.sim("/people/lin/wechat/event", event="CLICK", event_key="progress")
    stand_in.sim("/clock", advance_s=61)
    assert _custom(stand_in) == 45015


def test_a_customer_message_is_checked_for_size_and_follower(stand_in: StandIn, door: Door) -> None:
    stand_in.sim("/people/lin/wechat/text", text="在吗")
    assert _custom(stand_in, "长" * 683) == 45002
    assert _custom(stand_in, "") == 44004
    assert _custom(stand_in, "长" * 682) == 0
    stand_in.sim("/people/lin/wechat/event", event="unsubscribe")
    assert _custom(stand_in) == 43004


def test_a_template_of_the_other_platform_is_unknown_here(stand_in: StandIn) -> None:
    foreign = json.loads(stand_in.env["ALIPAY_TEMPLATES"])["case_progress"]
    assert _send(stand_in, template_id=foreign)["errcode"] == 40037
