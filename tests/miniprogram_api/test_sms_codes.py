import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import unit_of_work
from app.people.models import SmsCode
from tests.conftest import Sandbox
from tests.phone import Phone


@pytest.fixture
def phone(client: FlaskClient, sandbox: Sandbox) -> Phone:
    return Phone(client, sandbox)


def row() -> SmsCode:
    with unit_of_work() as session:
        return session.scalars(select(SmsCode)).one()


def test_a_code_arrives_and_its_outcome_is_kept(phone: Phone) -> None:
    answered = phone.ask("POST", "/sms-codes", phone=phone.number)

    assert answered.status_code == 202
    assert answered.get_json() == {"expires_in": 300, "retry_after": 60}
    assert len(phone.read_sms()) == 6
    assert row().message_id is not None


def test_a_second_code_within_a_minute_is_refused_with_the_time_to_wait(phone: Phone) -> None:
    phone.sms_code()

    refused = phone.ask("POST", "/sms-codes", phone=phone.number)

    assert refused.status_code == 429
    assert refused.get_json()["code"] == "too_many_sms_codes"
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_wrong_codes_are_counted_although_they_are_refused(phone: Phone) -> None:
    code = phone.sms_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        refused = phone.ask("POST", "/sessions", platform="h5", phone=phone.number, code=wrong)
        assert (refused.status_code, refused.get_json()["code"]) == (401, "sms_code_wrong")

    assert phone.ask("POST", "/sessions", platform="h5", phone=phone.number, code=code).status_code == 401


@pytest.mark.parametrize("number", ["123", "12345678901", "138 0013 800", "一三八", "'; DROP TABLE citizens"])
def test_what_is_no_number_gets_no_code(phone: Phone, number: str) -> None:
    refused = phone.ask("POST", "/sms-codes", phone=number)

    assert refused.status_code == 422
    assert refused.get_json()["errors"]["phone"]


def test_when_the_gateway_takes_nothing_the_phone_may_ask_again_at_once(
    phone: Phone, sandbox: Sandbox
) -> None:
    sandbox.post("/_sim/faults", op="sms.send", kind="http_429", times=1)
    away = phone.ask("POST", "/sms-codes", phone=phone.number)
    assert (away.status_code, away.get_json()["code"]) == (503, "platform_unavailable")

    assert phone.sms_code()


def test_a_number_that_the_gateway_refuses_is_to_be_checked(phone: Phone, sandbox: Sandbox) -> None:
    sandbox.post("/_sim/faults", op="sms.send", kind="bad_phone", times=1)

    refused = phone.ask("POST", "/sms-codes", phone=phone.number)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "sms_refused")
    assert row().failure == "bad_phone"


def test_a_code_whose_fate_nobody_knows_works_when_it_arrives(phone: Phone, sandbox: Sandbox) -> None:
    sandbox.post("/_sim/faults", op="sms.send", kind="reset", times=2, after=True)

    late = phone.ask("POST", "/sms-codes", phone=phone.number)

    assert (late.status_code, late.get_json()["code"]) == (503, "sms_maybe_late")
    login = phone.ask("POST", "/sessions", platform="h5", phone=phone.number, code=phone.read_sms())
    assert login.status_code == 201
    assert len(phone.inbox()) == 1


def test_a_caller_behind_our_proxy_is_counted_by_the_last_address_it_forwards(
    phone: Phone, client: FlaskClient
) -> None:
    for last, forged in (("1.2.4.8", "9.9.9.9"), ("1.2.4.8", "8.8.8.8"), ("1.2.4.9", "1.2.4.8")):
        headers = {"X-Forwarded-For": f"{forged}, {last}, 10.0.0.7"}
        number = str(int(phone.number) + len(indexes()) + 1)
        client.post("/api/v1/sms-codes", json={"phone": number}, headers=headers)

    first, second, third = indexes()
    assert first == second != third


def test_a_caller_from_the_open_network_cannot_choose_its_address(phone: Phone, client: FlaskClient) -> None:
    for forged in ("9.9.9.9", "8.8.8.8"):
        number = str(int(phone.number) + len(indexes()) + 1)
        client.post(
            "/api/v1/sms-codes",
            json={"phone": number},
            headers={"X-Forwarded-For": forged},
            environ_base={"REMOTE_ADDR": "1.2.4.8"},
        )

    first, second = indexes()
    assert first == second


def indexes() -> list[bytes]:
    with unit_of_work() as session:
        return list(session.scalars(select(SmsCode.caller_index).order_by(SmsCode.id)))
