"""The official account, over the real push protocol in safe mode."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app import clock
from app.cases import service as cases
from app.db import unit_of_work
from app.inbox import TakenMessage
from tests.conftest import Sandbox

Write = Callable[[str], str]
LOST_ID = "11350100MB990001383350790003000"


def test_a_question_is_answered_with_the_guide_it_quotes(write: Write) -> None:
    reply = write("身份证丢了怎么办")

    assert "居民户口簿" in reply or "材料" in reply
    assert f"摘自办事指南《居民身份证丢失补领》第1版，{clock.today()}公布" in reply
    assert "演示数据" in reply


def test_the_fee_is_quoted_from_the_guide(write: Write) -> None:
    assert "40元" in write("补办身份证多少钱")


def test_what_has_nothing_to_do_with_the_city_is_not_answered(write: Write) -> None:
    reply = write("今天天气怎么样")

    assert "12345" in reply
    assert "摘自" not in reply


def test_somebody_who_never_logged_in_is_told_how_to_see_their_cases(write: Write) -> None:
    assert "登录" in write("查进度")


def test_a_citizen_sees_their_own_cases(member: int, write: Write) -> None:
    with unit_of_work() as session:
        case_no = cases.start(session, citizen_id=member, task_code=LOST_ID)[0].case_no

    assert case_no in write("查进度")


def test_another_citizens_cases_are_not_shown(member: int, write: Write, sandbox: Sandbox) -> None:
    with unit_of_work() as session:
        case_no = cases.start(session, citizen_id=member, task_code=LOST_ID)[0].case_no
    other = sandbox.post("/_sim/people", name="陈", phone="13800000002")
    told = sandbox.post(f"/_sim/people/{other['person_id']}/wechat/text", text="查进度")

    assert case_no not in told["reply"]["text"]
    assert case_no in write("查进度")


def test_a_person_is_always_one_word_away(write: Write) -> None:
    assert "12345" in write("转人工")


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_only_encrypted_pushes_enter(
    sandbox: Sandbox, follower: dict[str, Any], city: None, mode: str
) -> None:
    del city
    sandbox.post("/_sim/push", mode=mode)
    told = sandbox.post(f"/_sim/people/{follower['person_id']}/wechat/text", text="你好")

    assert (told["reply"] is not None) is (mode == "safe")


@pytest.mark.parametrize(
    "fault", ["tampered_signature", "old_timestamp", "wrong_appid", "bad_padding", "oversize", "doctype"]
)
def test_a_forged_push_changes_nothing(
    sandbox: Sandbox, follower: dict[str, Any], city: None, fault: str
) -> None:
    del city
    sandbox.post("/_sim/faults", op="push", kind=fault, times=5)
    sandbox.post(f"/_sim/people/{follower['person_id']}/wechat/text", text="你好")

    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(TakenMessage)) == 0


def test_a_push_that_comes_again_gets_the_first_reply(
    sandbox: Sandbox, follower: dict[str, Any], city: None
) -> None:
    del city
    sandbox.post("/_sim/faults", op="push", kind="duplicate", times=1, copies=3)
    told = sandbox.post(f"/_sim/people/{follower['person_id']}/wechat/text", text="你好")

    with unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(TakenMessage)) == 1
    assert "小助手" in told["reply"]["text"]


def test_with_wechats_api_away_the_bot_still_answers(
    sandbox: Sandbox, follower: dict[str, Any], write: Write
) -> None:
    del follower
    sandbox.post("/_sim/faults", op="wechat.user_info", kind="http_500", times=9)

    assert "登录" in write("查进度")


def test_wechat_can_verify_the_address(sandbox: Sandbox, served: str) -> None:
    del served

    assert sandbox.post("/_sim/push/verify")["ok"] is True


def test_with_wechats_api_hanging_the_reply_still_comes_in_time(sandbox: Sandbox, write: Write) -> None:
    sandbox.post("/_sim/faults", op="wechat.user_info", kind="hang", times=9, seconds=8)

    assert "登录" in write("查进度")
