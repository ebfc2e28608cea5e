"""The way out: what a host may do to us, and what may not leave the process."""

import logging
import os
import pickle
import traceback
from collections.abc import Callable

import pytest
import requests

from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.transport import LARGEST_ANSWER, failure, hide_secrets, open_session
from tests.platforms.conftest import RawHost, http_answer
from tests.ports import free_port

MakeHost = Callable[..., RawHost]


def said(url: str, **options: float) -> PlatformError | bytes:
    """What a call came to: the body, or our error."""
    session = open_session(timeout=(1, options.get("silence", 1)))
    try:
        return session.get(url).content
    except requests.RequestException as error:
        return failure(error, platform="wechat", operation="probe")


def test_a_host_that_nobody_runs_is_busy_since_nothing_was_sent() -> None:
    error = said(f"http://127.0.0.1:{free_port()}/")
    assert isinstance(error, Busy)
    assert error.platform_code == "unreachable"


def test_a_host_that_says_nothing_is_unknown(raw_host: MakeHost) -> None:
    error = said(raw_host(b"", pause=3).url)
    assert isinstance(error, Unknown)
    assert error.platform_code == "timeout"


def test_a_dripping_answer_ends_at_the_deadline(raw_host: MakeHost) -> None:
    head, drips = http_answer(b"x" * 100)[:-100], [b"x"] * 100
    error = said(raw_host(head, *drips, pause=0.3).url)
    assert isinstance(error, Unknown), "whoever waits for the end gets an answer"


def test_an_answer_without_end_is_given_up(raw_host: MakeHost) -> None:
    error = said(raw_host(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x" * (LARGEST_ANSWER + 1)).url)
    assert isinstance(error, Unknown)


def test_an_answer_cut_short_is_unknown(raw_host: MakeHost) -> None:
    assert isinstance(said(raw_host(http_answer(b'{"errcode":0}')[:-4]).url), Unknown)


def test_an_answer_that_is_no_http_is_unknown(raw_host: MakeHost) -> None:
    assert isinstance(said(raw_host(b"SSH-2.0-OpenSSH\r\n").url), Unknown)


def test_no_redirect_is_followed_with_our_secrets(raw_host: MakeHost) -> None:
    other = raw_host(http_answer(b"caught"))
    host = raw_host(http_answer(b"", status="302 Found", Location=other.url))
    assert isinstance(said(host.url), Unknown)
    assert other.heard == []


def test_no_cookie_travels_to_the_next_call(raw_host: MakeHost) -> None:
    host = raw_host(http_answer(b"{}", Set_Cookie="citizen=lin; Path=/"))
    session = open_session(timeout=(1, 1))
    session.get(host.url)
    session.get(host.url)
    assert b"cookie" not in host.heard[1].lower()


def test_a_netrc_does_not_replace_our_authorization(
    raw_host: MakeHost, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    host = raw_host(http_answer(b"{}"))
    open_session(timeout=(1, 1)).get(host.url, headers={"Authorization": "ours"})
    assert b"Authorization: ours" in host.heard[0]


def test_json_bodies_say_that_they_are_json(raw_host: MakeHost) -> None:
    host = raw_host(http_answer(b"{}"))
    open_session(timeout=(1, 1)).post(host.url, data=b'{"a":1}')
    assert b"Content-Type: application/json" in host.heard[0]


def test_a_forked_worker_opens_connections_of_its_own() -> None:
    session = open_session(timeout=(1, 1))
    adapter = session.get_adapter("http://127.0.0.1/")
    before = adapter.poolmanager  # type: ignore[attr-defined]
    adapter._process = os.getpid() + 1  # type: ignore[attr-defined]
    with pytest.raises(requests.ConnectionError):
        session.get(f"http://127.0.0.1:{free_port()}/")
    assert adapter.poolmanager is not before  # type: ignore[attr-defined]


def test_secrets_in_an_address_reach_neither_log_nor_error(caplog: pytest.LogCaptureFixture) -> None:
    address = f"http://127.0.0.1:{free_port()}/cgi-bin/x?access_token=TOKEN-42&secret=SECRET-42"
    with caplog.at_level(logging.DEBUG):
        session = open_session(timeout=(1, 1))
        try:
            session.get(address)
        except requests.RequestException as error:
            told = failure(error, platform="wechat", operation="probe")
    assert "-42" not in str(told) + "".join(traceback.format_exception(told)) + caplog.text


def test_urllib3_debug_lines_are_blanked(raw_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    host = raw_host(http_answer(b"{}"))
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="urllib3"):
        open_session(timeout=(1, 1)).get(f"{host.url}/cgi-bin/x?access_token=TOKEN-42&a=1")
    assert "access_token=***" in caplog.text
    assert "TOKEN-42" not in caplog.text


def test_hiding_leaves_the_rest_readable() -> None:
    assert hide_secrets("GET /x?a=1&js_code=abc&b=2") == "GET /x?a=1&js_code=***&b=2"


def test_an_error_can_be_handed_to_another_process() -> None:
    error = Refused("alipay", "refund", platform_code="ACQ.X", detail="why")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (Refused, str(error))
    assert str(error) == "Refused: alipay.refund [ACQ.X] why"
