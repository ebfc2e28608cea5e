"""Login codes, phone codes, and who follows the official account."""

import base64
from typing import Any

import pytest

from .conftest import StandIn


def _log_in(stand_in: StandIn, code: str, **changed: str) -> Any:
    asked = {
        "appid": stand_in.env["WECHAT_MINI_APPID"],
        "secret": stand_in.env["WECHAT_MINI_SECRET"],
        "js_code": code,
        "grant_type": "authorization_code",
    }
    return stand_in.call("GET", "/sns/jscode2session", params=asked | changed).json()


def _user_info(stand_in: StandIn, openid: str, account: str = "OA") -> Any:
    params = {"access_token": stand_in.token(account), "openid": openid, "lang": "zh_CN"}
    return stand_in.call("GET", "/cgi-bin/user/info", params=params).json()


def test_a_code_names_its_person_once(stand_in: StandIn) -> None:
    code = stand_in.sim("/people/lin/wechat/login")["code"]
    session = _log_in(stand_in, code, access_token="stray")
    assert session.keys() == {"session_key", "openid", "unionid"}
    assert session["openid"] == stand_in.person()["mini_openid"]
    assert len(base64.b64decode(session["session_key"])) == 16
    assert _log_in(stand_in, code)["errcode"] == 40163


def test_an_old_or_invented_code_is_refused(stand_in: StandIn) -> None:
    code = stand_in.sim("/people/lin/wechat/login")["code"]
    stand_in.sim("/clock", advance_s=301)
    assert _log_in(stand_in, code)["errcode"] == 40029
    assert _log_in(stand_in, "invented")["errcode"] == 40029


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [({"appid": "wxsandboxoa0000001"}, 40125), ({"secret": "no"}, 40125), ({"js_code": ""}, 41008)],
)
def test_a_wrong_login_call_is_refused(stand_in: StandIn, changed: dict[str, str], errcode: int) -> None:
    code = stand_in.sim("/people/lin/wechat/login")["code"]
    assert _log_in(stand_in, code, **changed)["errcode"] == errcode
    assert "openid" in _log_in(stand_in, code), "a refused call does not burn the code"


def test_a_new_login_changes_the_session_key(stand_in: StandIn) -> None:
    keys = {
        _log_in(stand_in, stand_in.sim("/people/lin/wechat/login")["code"])["session_key"] for _ in range(3)
    }
    assert len(keys) == 3


def test_a_hundred_logins_a_minute_are_enough(stand_in: StandIn) -> None:
    answers = [_log_in(stand_in, stand_in.sim("/people/lin/wechat/login")["code"]) for _ in range(101)]
    assert all("openid" in answer for answer in answers[:100])
    assert answers[100]["errcode"] == 45011


def test_a_phone_code_gives_the_number_of_whoever_pressed_the_button(stand_in: StandIn) -> None:
    code = stand_in.sim("/people/chen/wechat/phone")["code"]
    answer = stand_in.wechat("/wxa/business/getuserphonenumber", code=code)
    assert answer["errcode"] == 0
    assert answer["phone_info"]["purePhoneNumber"] == "13900000002"
    assert answer["phone_info"]["watermark"]["appid"] == stand_in.env["WECHAT_MINI_APPID"]
    assert stand_in.wechat("/wxa/business/getuserphonenumber", code=code)["errcode"] == 40029


def test_login_codes_and_phone_codes_are_not_interchangeable(stand_in: StandIn) -> None:
    login, phone = (stand_in.sim(f"/people/lin/wechat/{kind}")["code"] for kind in ("login", "phone"))
    assert stand_in.wechat("/wxa/business/getuserphonenumber", code=login)["errcode"] == 40029
    assert _log_in(stand_in, phone)["errcode"] == 40029


def test_the_official_account_knows_the_unionid_of_a_follower(stand_in: StandIn) -> None:
    person = stand_in.person()
    answer = _user_info(stand_in, person["oa_openid"])
    assert (answer["subscribe"], answer["unionid"]) == (1, person["unionid"])
    assert _user_info(stand_in, person["mini_openid"])["errcode"] == 40003
    assert _user_info(stand_in, person["oa_openid"], account="MINI")["errcode"] == 48001


def test_who_has_unfollowed_is_not_described(stand_in: StandIn, door: object) -> None:
    person = stand_in.person()
    stand_in.sim("/people/lin/wechat/event", event="unsubscribe")
    assert _user_info(stand_in, person["oa_openid"]) == {"subscribe": 0, "openid": person["oa_openid"]}


def test_somebody_added_again_with_the_same_number_keeps_their_ids(stand_in: StandIn) -> None:
    first = stand_in.sim("/people", name="测试", phone="13700000001")
    twin = stand_in.sim("/people", name="测试二", phone="13700000001")
    assert twin["mini_openid"] != first["mini_openid"]
    stand_in.sim("/reset")
    assert stand_in.sim("/people", name="测试", phone="13700000001") == first
