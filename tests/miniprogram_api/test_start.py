import dataclasses
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import settings
from app.settings import Environment
from platforms import directory
from platforms.demo import DemoPeople
from tests.conftest import Sandbox
from tests.ports import free_port


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    live = dataclasses.replace(settings.current(), environment=Environment.PRODUCTION)
    monkeypatch.setattr(settings, "current", lambda: live)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, app: object) -> Any:
    """Put another client of the sandbox, or none, into this process."""

    def put(people: DemoPeople | None) -> None:
        changed = dataclasses.replace(directory.current(), demo=people)
        monkeypatch.setattr(directory, "_installed", changed)

    return put


def start(client: FlaskClient) -> dict[str, Any]:
    answered = client.get("/api/v1/bootstrap")
    assert answered.status_code == 200
    found: dict[str, Any] = answered.get_json()
    return found


def test_a_phone_learns_where_it_is_and_what_is_offered(client: FlaskClient) -> None:
    found = start(client)

    assert (found["city_name"], found["region_code"], found["hotline"]) == ("示例市", "350100", "12345")
    assert found["record_number"] is None
    assert found["login"] == ["wechat", "alipay", "h5", "demo"]
    assert found["pay"] == ["wechat", "alipay"]


def test_the_record_number_is_the_operators(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    known = dataclasses.replace(settings.current(), record_number="示例备00000000号")
    monkeypatch.setattr(settings, "current", lambda: known)

    assert start(client)["record_number"] == "示例备00000000号"


def test_templates_come_with_the_taps_that_ask_for_them(client: FlaskClient) -> None:
    templates = start(client)["templates"]
    booked = next(one for one in templates["wechat"] if one["key"] == "appointment_booked")

    assert booked["title"] == "预约成功通知"
    assert booked["scenes"] == ["book"]
    assert booked["template_id"] == settings.current().wechat.templates["appointment_booked"]
    assert {one["key"] for one in templates["alipay"]} == set(settings.current().alipay.templates)


def test_a_phone_that_knows_it_all_is_told_so(client: FlaskClient) -> None:
    first = client.get("/api/v1/bootstrap")
    again = client.get("/api/v1/bootstrap", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_in_a_demonstration_one_may_be_somebody_of_the_sandbox(
    client: FlaskClient, sandbox: Sandbox, demo: Any
) -> None:
    demo(DemoPeople(sandbox.url, public_url="http://127.0.0.1:8000"))
    offered = start(client)["demo"]

    assert {"key": "lin", "name": "林晓燕", "note": "手机尾号0001"} in offered["personas"]
    assert offered["cashier_url"] == f"{sandbox.url}/cashier"
    assert offered["phone_url"] == f"{sandbox.url}/phone"


def test_without_its_sandbox_the_program_still_starts(client: FlaskClient, demo: Any) -> None:
    demo(DemoPeople(f"http://127.0.0.1:{free_port()}", public_url="http://127.0.0.1:8000"))

    assert start(client)["demo"]["personas"] == []


@pytest.mark.usefixtures("production")
def test_production_knows_no_demonstration(client: FlaskClient, sandbox: Sandbox, demo: Any) -> None:
    demo(DemoPeople(sandbox.url, public_url="http://127.0.0.1:8000"))
    found = start(client)

    assert found["demo"] is None
