"""Being somebody of the sandbox: the way of a WeChat login, and closed wherever people are real."""

import dataclasses
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import settings
from app.db import unit_of_work
from app.people.models import Citizen, PlatformIdentity
from app.settings import Environment
from platforms import directory
from platforms.demo import DemoPeople
from tests.conftest import Sandbox
from tests.ports import free_port

REAL = "https://api.weixin.qq.com"
HERE = "http://127.0.0.1:8000"


def log_in(client: FlaskClient, key: str = "lin") -> Any:
    return client.post("/api/v1/sessions", json={"platform": "demo", "code": key})


def put(monkeypatch: pytest.MonkeyPatch, people: DemoPeople | None) -> None:
    changed = dataclasses.replace(directory.current(), demo=people)
    monkeypatch.setattr(directory, "_installed", changed)


def codes_given(sandbox: Sandbox) -> int:
    return len(sandbox.get("/_sim/log?op=wechat.jscode2session")["items"])


def test_a_demo_citizen_is_the_one_who_logs_in_by_wechat(client: FlaskClient, sandbox: Sandbox) -> None:
    sandbox.forget_faults()
    demo = log_in(client).get_json()
    code = sandbox.post("/_sim/people/lin/wechat/login")["code"]
    wechat = client.post("/api/v1/sessions", json={"platform": "wechat", "code": code}).get_json()

    assert demo["citizen"] == wechat["citizen"]
    with unit_of_work() as session:
        assert session.scalars(select(PlatformIdentity.platform)).all() == ["wechat"]


def test_every_persona_of_the_list_can_log_in_and_each_is_somebody_else(
    client: FlaskClient, sandbox: Sandbox
) -> None:
    sandbox.forget_faults()
    answers = [log_in(client, key) for key in ("lin", "chen", "wu")]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.get_json()["citizen"]["id"] for answer in answers}) == 3


@pytest.mark.parametrize("key", ["nobody", "../people/lin", "lin/../chen", "lin?x=1", "林", " ", "x" * 200])
def test_nobody_is_made_up(client: FlaskClient, sandbox: Sandbox, key: str) -> None:
    refused = log_in(client, key)

    assert (refused.status_code, refused.get_json()["code"]) == (401, "login_code_refused")
    with unit_of_work() as session:
        assert session.scalars(select(Citizen)).all() == []


def test_while_the_sandbox_is_away_the_person_is_told_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, DemoPeople(f"http://127.0.0.1:{free_port()}", public_url=HERE))
    away = log_in(client)

    assert (away.status_code, away.get_json()["code"]) == (503, "platform_unavailable")


def test_production_refuses_even_with_a_sandbox_beside_it(
    client: FlaskClient, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, DemoPeople(sandbox.url, public_url=HERE))
    live = dataclasses.replace(settings.current(), environment=Environment.PRODUCTION)
    monkeypatch.setattr(settings, "current", lambda: live)
    before = codes_given(sandbox)

    refused = log_in(client)

    assert (refused.status_code, refused.get_json()["code"]) == (403, "demo_login_off")
    assert codes_given(sandbox) == before
    with unit_of_work() as session:
        assert session.scalars(select(Citizen)).all() == []


@pytest.mark.parametrize(
    ("address", "production"),
    [
        (REAL, False),
        (REAL, True),
        ("http://127.0.0.1:8001", True),
        ("http://127.0.0.1.example.com:8001", False),
        ("http://127.0.0.1@example.com", False),
        ("http://localhost@example.com", False),
        ("http://someone:secret@127.0.0.1:8001", False),
        # The standard library reads the last host, and requests calls the first.
        ("http://example.com\\@127.0.0.1:8001", False),
        ("http://example.com#@127.0.0.1:8001", False),
        ("http://127.0.0.1:8001\t.example.com", False),
        ("http://127.0.0.1:8001/elsewhere", False),
        ("http://127.0.0.1:99999", False),
        ("http://[::1", False),
        ("ftp://127.0.0.1:8001", False),
        ("http://10.0.0.7:8001", False),
        ("", False),
    ],
)
def test_no_client_of_the_sandbox_is_made_where_people_are_real(
    address: str,
    *,
    production: bool,
) -> None:
    assert DemoPeople.beside(address, public_url=HERE, production=production) is None


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8001", "http://127.0.0.1:65535/", "http://localhost:8001", "http://[::1]:8001"],
)
def test_beside_the_sandbox_there_is_one(address: str) -> None:
    assert DemoPeople.beside(address, public_url=HERE, production=False) is not None


def test_beside_the_real_wechat_a_development_start_refuses(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, DemoPeople.beside(REAL, public_url=HERE, production=False))
    refused = log_in(client)

    assert (refused.status_code, refused.get_json()["code"]) == (403, "demo_login_off")
    assert "demo" not in client.get("/api/v1/bootstrap").get_json()["login"]
