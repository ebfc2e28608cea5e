"""The control plane: clock, faults, log, reset, and the phone page."""

import json
import re

import pytest
import requests

from sandbox.message_templates import WECHAT_TEMPLATES

from .conftest import StandIn


def test_the_clock_can_be_moved_and_set(stand_in: StandIn) -> None:
    assert stand_in.sim("/clock", set="2026-03-02T09:00:00+08:00")["now"].startswith("2026-03-02T01:00:0")
    assert stand_in.sim("/clock", advance_s=3600)["now"].startswith("2026-03-02T02:00:0")
    assert stand_in.sim("/reset") == {"status": "ok"}
    assert abs(stand_in.seen("/clock")["offset_s"]) < 1


@pytest.mark.parametrize(
    "wrong", [{"set": "tomorrow"}, {"set": "2026-03-02T09:00:00"}, {"advance_s": "1"}, {"advance_s": 1e12}]
)
def test_a_wrong_moment_is_refused(stand_in: StandIn, wrong: dict[str, str]) -> None:
    answer = stand_in.call("POST", "/_sim/clock", json=wrong)
    assert answer.status_code == 400


def test_faults_are_counted_down(stand_in: StandIn) -> None:
    stand_in.fault("wechat.token", "http_500", times=2)
    assert [stand_in.call("GET", "/cgi-bin/token").status_code for _ in range(3)] == [500, 500, 200]
    assert stand_in.seen("/faults") == {"items": []}


def test_a_fault_for_any_operation_spares_the_control_plane(stand_in: StandIn) -> None:
    stand_in.fault("*", "http_502", times=-1)
    assert stand_in.call("GET", "/cgi-bin/token").status_code == 502
    assert stand_in.seen("/health")["status"] == "ok"


@pytest.mark.parametrize(
    ("kind", "starts"),
    [("html", b"<html>"), ("empty", b""), ("bom", b"\xef\xbb\xbf{"), ("not_utf8", b"{")],
)
def test_rubbish_answers(stand_in: StandIn, kind: str, starts: bytes) -> None:
    stand_in.fault("wechat.token", kind)
    answer = stand_in.call("GET", "/cgi-bin/token")
    assert answer.status_code == 200
    assert answer.content.startswith(starts)
    with pytest.raises(ValueError, match=r"."):
        json.loads(answer.content.decode())


@pytest.mark.parametrize("kind", ["reset", "truncated"])
def test_a_broken_line(stand_in: StandIn, kind: str) -> None:
    stand_in.fault("wechat.token", kind)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        stand_in.call("GET", "/cgi-bin/token")
    assert stand_in.call("GET", "/cgi-bin/token").status_code == 200


def test_a_hanging_call_ends_by_the_clients_own_timeout(stand_in: StandIn) -> None:
    stand_in.fault("wechat.token", "hang", seconds=2)
    with pytest.raises(requests.Timeout):
        requests.get(stand_in.url + "/cgi-bin/token", timeout=0.3)


def test_the_answer_can_be_lost_after_the_work(stand_in: StandIn) -> None:
    code = stand_in.sim("/people/lin/wechat/phone")["code"]
    stand_in.fault("wechat.getuserphonenumber", "http_500", after=True)
    params = {"access_token": stand_in.token()}
    lost = stand_in.call("POST", "/wxa/business/getuserphonenumber", params=params, json={"code": code})
    assert lost.status_code == 500
    (entry,) = stand_in.seen("/log?op=wechat.getuserphonenumber")["items"]
    assert (entry["verdict"], entry["answer_lost_by"]) == ("ok", "http_500")
    assert stand_in.wechat("/wxa/business/getuserphonenumber", code=code)["errcode"] == 40029


def test_a_header_asks_for_a_fault_at_once(stand_in: StandIn) -> None:
    answer = stand_in.call("GET", "/cgi-bin/token", headers={"X-Sim-Fault": "45009"})
    assert answer.json()["errcode"] == 45009


def test_every_platform_call_is_written_down(stand_in: StandIn) -> None:
    stand_in.call("GET", "/cgi-bin/token", params={"appid": "x"})
    (entry,) = stand_in.seen("/log?op=wechat.token")["items"]
    assert (entry["method"], entry["query"], entry["status"]) == ("GET", {"appid": "x"}, 200)
    assert entry["verdict"] == "errcode 40002"
    assert re.fullmatch(r"[0-9a-f]{64}", entry["body_sha256"])


def test_nobody_is_404(stand_in: StandIn) -> None:
    for path in ("/_sim/people/nobody/messages", "/phone?person=nobody", "/phone/state?person=nobody"):
        assert stand_in.call("GET", path).status_code == 404


def test_an_unknown_address_is_404_json(stand_in: StandIn) -> None:
    answer = stand_in.call("GET", "/cgi-bin/nothing")
    assert answer.status_code == 404
    assert "error" in answer.json()


def test_the_phone_page_asks_nobody_else_for_anything(stand_in: StandIn) -> None:
    page = stand_in.call("GET", "/phone?person=chen")
    assert "陈志强的手机" in page.text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    home = stand_in.seen("/health")["app_url"] + "/m/#/pages/home/home?persona=chen"
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert home in linked
    files = [name for name in linked if name != home]
    assert all(name.startswith("/") for name in files)
    assert all(stand_in.call("GET", name).ok for name in files)
    styles = "".join(stand_in.call("GET", name).text for name in files if "/static/" in name)
    names_only = styles.replace('xmlns="http://www.w3.org/2000/svg"', "")  # a name, which nobody fetches
    assert not re.search(r"https?:|url\(", names_only)


def test_the_phone_page_shows_chat_messages_and_prompts(stand_in: StandIn, door: object) -> None:
    stand_in.sim("/people/lin/wechat/text", text="<b>你好</b>")
    state = stand_in.call("GET", "/phone/state?person=lin").json()
    assert [(line["who"], line["text"]) for line in state["chat"]] == [("person", "<b>你好</b>")]
    assert len(state["prompts"]) == len(WECHAT_TEMPLATES)
    assert state["orders"] == []


@pytest.mark.parametrize(
    "wrong", [{}, {"op": "x"}, {"op": "x", "kind": "y", "times": 0}, {"op": "x", "kind": "y", "seconds": "2"}]
)
def test_a_wrong_fault_is_refused_when_planned(stand_in: StandIn, wrong: dict[str, object]) -> None:
    assert stand_in.call("POST", "/_sim/faults", json=wrong).status_code == 400


def test_a_kept_connection_is_clean_after_a_fault(stand_in: StandIn) -> None:
    stand_in.fault("wechat.stable_token", "http_500")
    with requests.Session() as session:
        url = stand_in.url + "/cgi-bin/stable_token"
        statuses = [session.post(url, data=b"{" * 5000, timeout=5).status_code for _ in range(3)]
    assert statuses == [500, 200, 200]


def test_a_body_beyond_eight_megabytes_is_413(stand_in: StandIn) -> None:
    answer = stand_in.call("POST", "/cgi-bin/stable_token", data=b"x" * (8 * 1024 * 1024 + 1))
    assert answer.status_code == 413
