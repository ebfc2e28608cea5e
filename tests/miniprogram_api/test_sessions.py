from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import unit_of_work
from app.people.models import Citizen, LoginSession, PlatformIdentity
from tests.conftest import Sandbox
from tests.phone import Phone


@pytest.fixture
def phone(client: FlaskClient, sandbox: Sandbox) -> Phone:
    return Phone(client, sandbox)


def citizens() -> int:
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Citizen)) or 0


def test_the_first_wechat_login_makes_the_citizen_and_the_next_finds_them(phone: Phone) -> None:
    first, second = phone.log_in("wechat"), phone.log_in("wechat")

    assert first["citizen"]["id"] == second["citizen"]["id"]
    assert first["citizen"]["platforms"] == ["wechat"]
    assert citizens() == 1


def test_the_first_alipay_login_makes_the_citizen_and_the_next_finds_them(phone: Phone) -> None:
    first, second = phone.log_in("alipay"), phone.log_in("alipay")

    assert first["citizen"]["id"] == second["citizen"]["id"]
    assert citizens() == 1


def test_a_phone_number_and_its_code_log_in_without_any_app(phone: Phone) -> None:
    session = phone.log_in("h5")

    assert session["citizen"]["phone"] == f"{phone.number[:3]}****{phone.number[-4:]}"
    assert session["citizen"]["assurance"] == 1
    assert phone.ask("GET", "/me").status_code == 200


def test_nothing_of_the_platform_reaches_the_phone_or_the_database(phone: Phone) -> None:
    answer = str(phone.log_in("wechat"))

    with unit_of_work() as session:
        stored = str(session.scalars(select(PlatformIdentity)).one().__dict__)
    assert "session_key" not in answer + stored
    assert phone.person["mini_openid"] not in answer


def test_tokens_are_stored_as_hashes_only(phone: Phone) -> None:
    session = phone.log_in("wechat")

    with unit_of_work() as unit:
        stored = str(unit.scalars(select(LoginSession)).one().__dict__)
    assert session["access_token"] not in stored
    assert session["refresh_token"] not in stored


@pytest.mark.parametrize("platform", ["wechat", "alipay"])
def test_a_used_login_code_is_refused_with_a_sentence(phone: Phone, platform: str) -> None:
    code = phone._proof(platform)["code"]
    assert phone.ask("POST", "/sessions", platform=platform, code=code).status_code == 201

    again = phone.ask("POST", "/sessions", platform=platform, code=code)

    assert problem(again) == (401, "login_code_refused")
    assert again.get_json()["detail"] == "登录凭证已失效，请重新打开小程序再试"


@pytest.mark.parametrize("platform", ["wechat", "alipay"])
@pytest.mark.parametrize("code", ["no such code", "二维码", "x" * 256, " "])
def test_a_code_out_of_thin_air_is_refused(phone: Phone, platform: str, code: str) -> None:
    refused = phone.ask("POST", "/sessions", platform=platform, code=code)

    assert problem(refused) == (401, "login_code_refused")
    assert citizens() == 0


@pytest.mark.parametrize("kind", ["http_502", "html", "reset", "empty"])
def test_while_wechat_is_down_the_person_is_told_so(phone: Phone, sandbox: Sandbox, kind: str) -> None:
    code = phone._proof("wechat")["code"]
    sandbox.post("/_sim/faults", op="wechat.jscode2session", kind=kind, times=-1)

    away = phone.ask("POST", "/sessions", platform="wechat", code=code)

    assert problem(away) == (503, "platform_unavailable")
    assert away.get_json()["detail"] == "微信暂时没有回应，请稍后再试"
    assert away.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"platform": "wechat"},
        {"platform": "telegram", "code": "1"},
        {"platform": "h5", "code": "123456"},
        {"platform": ["wechat"], "code": {"$ne": 1}},
        {"platform": "wechat", "code": "x" * 257},
        {"platform": "wechat", "code": "1", "citizen_id": 7},
    ],
)
def test_a_login_that_makes_no_sense_names_the_fields(phone: Phone, body: dict[str, Any]) -> None:
    refused = phone.ask("POST", "/sessions", **body)

    assert problem(refused) == (422, "invalid")
    assert refused.get_json()["errors"]


def test_a_refresh_whose_answer_was_lost_is_answered_again(phone: Phone) -> None:
    renewal = {"refresh_token": phone.log_in("wechat")["refresh_token"], "key": "0123456789abcdef"}
    lost = phone.ask("POST", "/sessions/refresh", **renewal)
    again = phone.ask("POST", "/sessions/refresh", **renewal)

    assert (lost.status_code, again.status_code) == (200, 200)
    assert again.get_json()["refresh_token"] == lost.get_json()["refresh_token"]


def test_refreshing_goes_on_and_the_old_refresh_token_ends_everything(phone: Phone) -> None:
    first = phone.log_in("wechat")
    second = phone.ask("POST", "/sessions/refresh", refresh_token=first["refresh_token"])
    assert second.status_code == 200
    assert second.get_json()["citizen"] == first["citizen"]

    stolen = phone.ask("POST", "/sessions/refresh", refresh_token=first["refresh_token"])

    assert problem(stolen) == (401, "session_over")
    phone.headers = {"Authorization": f"Bearer {second.get_json()['access_token']}"}
    assert problem(phone.ask("GET", "/me")) == (401, "session_over")


def test_logging_out_ends_the_session(phone: Phone) -> None:
    phone.log_in("wechat")

    assert phone.ask("DELETE", "/sessions/current").status_code == 204
    assert problem(phone.ask("GET", "/me")) == (401, "session_over")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer nobody", "Bearer 二"])
def test_without_a_good_token_nobody_has_a_page(client: FlaskClient, header: str) -> None:
    answered = client.get("/api/v1/me", headers={"Authorization": header.encode().decode("latin-1")})

    assert answered.status_code == 401


def problem(answered: Any) -> tuple[int, str]:
    assert answered.mimetype == "application/problem+json"
    return answered.status_code, answered.get_json()["code"]
