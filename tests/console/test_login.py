"""Logging in and out through the pages."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.staff import signing_in, totp
from app.staff.models import Role
from console import callers, cookies
from tests import desk_fixtures as desk
from tests.staff_fixtures import COOKIE, PASSWORD, browser, make_clerk
from web.flask_app import YimaFlask


def sign_in(client: FlaskClient, path: str = "/console/login", **form: str) -> TestResponse:
    """Open the form as a person does, and send it."""
    page = client.get(path).get_data(as_text=True)
    hidden: dict[str, Any] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    return client.post(
        "/console/login",
        data={"username": "wang", "password": PASSWORD, **hidden, **form},
        headers={"X-Forwarded-For": "198.51.100.7"},
    )


def test_a_clerk_logs_in_works_and_logs_out(client: FlaskClient) -> None:
    make_clerk(Role.FRONT_DESK, username="wang", name="王窗口")
    answered = sign_in(client)
    page = client.get("/console/window")

    assert (answered.status_code, answered.headers["Location"]) == (303, "/console")
    assert "王窗口" in page.get_data(as_text=True)
    csrf = re.findall(r'name="csrf" value="(\w+)"', page.get_data(as_text=True))[0]
    assert client.post("/console/logout", data={"csrf": csrf}).status_code == 303
    assert client.get("/console/window").status_code == 303
    assert desk.actions() == ["signed_in", "signed_out"]


def test_the_cookie_is_for_this_site_and_no_script(client: FlaskClient) -> None:
    make_clerk(Role.FRONT_DESK, username="wang")
    given = sign_in(client).headers.getlist("Set-Cookie")
    session = next(cookie for cookie in given if cookie.startswith(f"{COOKIE}="))

    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(session.split("; "))


def test_production_marks_the_cookie_secure_and_for_this_host(
    app: YimaFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = type("Live", (), {"production": True})()
    monkeypatch.setattr("app.settings.current", lambda: live)
    with app.test_request_context():
        response = app.response_class()
        cookies.keep_session(response, "x" * 43)

    kept = response.headers.getlist("Set-Cookie")[0]
    assert kept.startswith("__Host-yima-staff=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(kept.split("; "))
    assert "Domain" not in kept


def test_after_logging_in_a_clerk_is_where_they_wanted_to_be(client: FlaskClient) -> None:
    make_clerk(Role.FRONT_DESK, username="wang")
    sent = client.get("/console/cases?view=accepted").headers["Location"]

    assert sign_in(client, sent).headers["Location"] == "/console/cases?view=accepted"


@pytest.mark.parametrize(
    "aim",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/console",
        "/console//elsewhere.example",
        "/console/../api",
        "/consoles",
        "/console\\elsewhere",
        "/console/cases\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_sent_elsewhere(client: FlaskClient, aim: str) -> None:
    make_clerk(Role.FRONT_DESK, username="wang")

    assert sign_in(client, next=aim).headers["Location"] == "/console"


@pytest.mark.parametrize("form", [{"password": "wrong"}, {"username": "nobody"}, {"username": "a\x00"}])
def test_a_wrong_login_is_a_page_that_says_what_to_do(client: FlaskClient, form: dict[str, str]) -> None:
    make_clerk(Role.FRONT_DESK, username="wang")
    answered = sign_in(client, **form)

    assert answered.status_code == 401
    assert "账号、密码或动态码不对" in answered.get_data(as_text=True)
    assert COOKIE not in str(answered.headers.getlist("Set-Cookie"))


def test_the_second_factor_is_asked_in_the_same_form(client: FlaskClient) -> None:
    secret = totp.new_secret()
    make_clerk(Role.FRONT_DESK, username="wang", totp_secret=secret)
    code = totp.code_at(totp.key_of(secret), totp.step_of(clock.now()))

    assert sign_in(client).status_code == 401
    assert sign_in(client, code=code).status_code == 303


def test_too_many_tries_are_told_how_long_to_wait(client: FlaskClient) -> None:
    for _ in range(signing_in.PER_DESK.most):
        sign_in(client, password="wrong")
    answered = sign_in(client)

    assert answered.status_code == 429
    assert 0 < int(answered.headers["Retry-After"]) <= 900
    assert "15分钟后再登录" in answered.get_data(as_text=True)


def test_a_login_form_from_elsewhere_is_refused(client: FlaskClient) -> None:
    make_clerk(Role.FRONT_DESK, username="wang")
    forged = {"username": "wang", "password": PASSWORD, "csrf": "0" * 64}

    assert client.post("/console/login", data=forged).status_code == 403


def test_the_login_form_of_another_browser_is_refused(app: YimaFlask, client: FlaskClient) -> None:
    make_clerk(Role.FRONT_DESK, username="wang")
    page = app.test_client().get("/console/login").get_data(as_text=True)
    csrf = re.findall(r'name="csrf" value="(\w+)"', page)[0]
    client.get("/console/login")
    form = {"username": "wang", "password": PASSWORD, "csrf": csrf}

    assert client.post("/console/login", data=form).status_code == 403


@pytest.mark.parametrize(
    ("direct", "forwarded", "found"),
    [
        ("198.51.100.1", "203.0.113.9", "203.0.113.9"),
        ("8.8.8.8", "203.0.113.9", "8.8.8.8"),
        ("127.0.0.1", "1.1.1.1, 10.0.0.9", "10.0.0.9"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_own_proxy_added(
    app: YimaFlask, direct: str, forwarded: str, found: str
) -> None:
    with app.test_request_context(
        environ_base={"REMOTE_ADDR": direct}, headers={"X-Forwarded-For": forwarded}
    ):
        assert callers.address() == found


def test_a_session_that_is_over_asks_for_the_login_again(client: FlaskClient) -> None:
    clerk = browser(client, Role.FRONT_DESK)
    clerk.post("/console/logout")
    client.set_cookie(COOKIE, clerk.token, domain="localhost")
    answered = clerk.post("/console/scan", content="x")

    assert answered.status_code == 401
    assert "登录已过期" in answered.get_data(as_text=True)
