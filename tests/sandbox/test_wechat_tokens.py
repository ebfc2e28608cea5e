"""Access tokens, plain and stable."""

from typing import Any

import pytest

from .conftest import StandIn


def _plain(stand_in: StandIn, **changed: str) -> Any:
    asked = {
        "grant_type": "client_credential",
        "appid": stand_in.env["WECHAT_MINI_APPID"],
        "secret": stand_in.env["WECHAT_MINI_SECRET"],
    }
    return stand_in.call("GET", "/cgi-bin/token", params=asked | changed).json()


def _stable(stand_in: StandIn, **more: Any) -> Any:
    asked = {
        "grant_type": "client_credential",
        "appid": stand_in.env["WECHAT_MINI_APPID"],
        "secret": stand_in.env["WECHAT_MINI_SECRET"],
    }
    return stand_in.call("POST", "/cgi-bin/stable_token", json=asked | more).json()


def _errcode_of(stand_in: StandIn, token: str | None) -> int:
    """What a call with this token meets; 40029 means that the token was good."""
    params = {} if token is None else {"access_token": token}
    answer = stand_in.call("POST", "/wxa/business/getuserphonenumber", params=params, json={"code": "x"})
    return int(answer.json()["errcode"])


def test_a_token_is_long_and_has_no_errcode(stand_in: StandIn) -> None:
    answer = _plain(stand_in)
    assert answer.keys() == {"access_token", "expires_in"}
    assert len(answer["access_token"]) >= 136
    assert answer["expires_in"] == 7200


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"appid": "wxother"}, 40013),
        ({"secret": "0" * 32}, 40125),
        ({"grant_type": "x"}, 40002),
        ({"appid": ""}, 41002),
    ],
)
def test_wrong_credentials_are_named(stand_in: StandIn, changed: dict[str, str], code: int) -> None:
    answer = _plain(stand_in, **changed)
    assert answer["errcode"] == code
    assert " rid: " in answer["errmsg"]


def test_a_new_plain_token_leaves_the_old_one_five_minutes(stand_in: StandIn) -> None:
    old, new = _plain(stand_in)["access_token"], _plain(stand_in)["access_token"]
    assert _errcode_of(stand_in, old) == 40029
    stand_in.sim("/clock", advance_s=301)
    assert _errcode_of(stand_in, old) == 40001
    assert _errcode_of(stand_in, new) == 40029


def test_the_stable_token_is_the_same_until_its_last_five_minutes(stand_in: StandIn) -> None:
    first = _stable(stand_in)["access_token"]
    stand_in.sim("/clock", advance_s=6890)
    again = _stable(stand_in)
    assert again["access_token"] == first
    assert 300 < again["expires_in"] <= 310
    stand_in.sim("/clock", advance_s=20)
    assert _stable(stand_in)["access_token"] != first
    assert _errcode_of(stand_in, first) == 40029


def test_an_expired_token_is_42001_and_an_unknown_one_40001(stand_in: StandIn) -> None:
    token = stand_in.token()
    stand_in.sim("/clock", advance_s=7201)
    assert _errcode_of(stand_in, token) == 42001
    assert _errcode_of(stand_in, "nonsense") == 40001
    assert _errcode_of(stand_in, None) == 41001


def test_forcing_kills_the_old_token_and_needs_thirty_seconds(stand_in: StandIn) -> None:
    old = _stable(stand_in)["access_token"]
    new = _stable(stand_in, force_refresh=True)["access_token"]
    assert _errcode_of(stand_in, old) == 40001
    assert _errcode_of(stand_in, new) == 40029
    assert _stable(stand_in, force_refresh=True)["errcode"] == 45011


def test_forcing_is_allowed_twenty_times_a_day(stand_in: StandIn) -> None:
    stand_in.sim("/clock", set="2026-03-02T00:00:10+08:00")
    for _ in range(20):
        assert "access_token" in _stable(stand_in, force_refresh=True)
        stand_in.sim("/clock", advance_s=31)
    assert _stable(stand_in, force_refresh=True)["errcode"] == 45009


def test_plain_and_stable_tokens_do_not_disturb_each_other(stand_in: StandIn) -> None:
    stable, plain = _stable(stand_in)["access_token"], _plain(stand_in)["access_token"]
    _stable(stand_in, force_refresh=True)
    assert _errcode_of(stand_in, plain) == 40029
    assert _errcode_of(stand_in, stable) == 40001


def test_a_revoked_token_is_followed_by_a_new_one(stand_in: StandIn) -> None:
    token = stand_in.token()
    stand_in.fault("wechat.getuserphonenumber", "token_revoked")
    assert _errcode_of(stand_in, token) == 40001
    assert _errcode_of(stand_in, token) == 40001, "the old one stays dead"
    assert stand_in.token() != token
    assert _errcode_of(stand_in, stand_in.token()) == 40029


def test_42001_once_really_ends_that_token(stand_in: StandIn) -> None:
    token = stand_in.token()
    stand_in.fault("wechat.getuserphonenumber", "42001")
    assert _errcode_of(stand_in, token) == 42001
    assert _errcode_of(stand_in, token) == 42001
    assert _errcode_of(stand_in, stand_in.token()) == 40029


def test_always_40001_lasts_until_the_faults_are_cleared(stand_in: StandIn) -> None:
    stand_in.fault("wechat.getuserphonenumber", "40001", times=-1)
    assert {_errcode_of(stand_in, stand_in.token()) for _ in range(5)} == {40001}
    stand_in.call("DELETE", "/_sim/faults")
    assert _errcode_of(stand_in, stand_in.token()) == 40029


def test_the_wrong_verb_is_named(stand_in: StandIn) -> None:
    assert stand_in.call("POST", "/cgi-bin/token").json()["errcode"] == 43001
    assert stand_in.call("GET", "/cgi-bin/stable_token").json()["errcode"] == 43002
