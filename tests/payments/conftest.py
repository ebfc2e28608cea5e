"""Payers, bills and the cashier of the stand-in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock, settings
from app.db import unit_of_work
from app.fees import service as fees
from app.fees.models import Bill
from app.fees.service import FeeLine
from app.people import service as people
from app.people.models import Platform, PlatformIdentity
from tests.conftest import Sandbox
from tests.people_fixtures import log_in_as


@dataclass(frozen=True)
class Payer:
    """A citizen with an account at both channels, as a person in the sandbox."""

    citizen_id: int
    person_id: str
    headers: dict[str, str]
    sandbox: Sandbox
    client: FlaskClient

    def pay(self, *bills: Bill, channel: str = "wechat", key: str | None = None) -> Any:
        """Tap 去缴费."""
        return self.client.post(
            "/api/v1/payments",
            json={"bill_nos": [bill.bill_no for bill in bills], "channel": channel},
            headers={**self.headers, "Idempotency-Key": key or secrets.token_hex(8)},
        )

    def confirm(self, started: dict[str, Any]) -> Any:
        """Enter the password in the channel's own window."""
        return self.sandbox.post(
            f"/_sim/people/{self.person_id}/{started['channel']}/pay", **started["invoke"]
        )

    def look(self, payment_no: str) -> Any:
        """Look at the result."""
        return self.client.get(f"/api/v1/payments/{payment_no}", headers=self.headers).get_json()


@pytest.fixture
def payer(client: FlaskClient, sandbox: Sandbox, served: str) -> Payer:
    """A person of the sandbox who has logged in from both platforms."""
    del served
    sandbox.post("/_sim/reset")
    person = sandbox.post("/_sim/people", name="林", phone="13800000001")
    with unit_of_work() as session:
        configured = settings.current()
        citizen = people.enter_by_wechat(
            session, app_id=configured.wechat.mini_appid, open_id=person["mini_openid"], union_id=None
        )
        session.add(
            PlatformIdentity(
                citizen_id=citizen.id,
                platform=Platform.ALIPAY,
                app_id=configured.alipay.app_id,
                open_id=person["alipay_open_id"],
                created_at=clock.now(),
            )
        )
    return Payer(citizen.id, person["person_id"], log_in_as(citizen.id), sandbox, client)


@pytest.fixture
def bill(payer: Payer) -> Callable[..., Bill]:
    """Issue a bill to the payer."""

    def issue(amount_fen: int = 4000) -> Bill:
        with unit_of_work() as session:
            line = FeeLine("FEE-ID-LOST", "居民身份证丢失补领工本费", amount_fen, "发改价格〔2003〕2322号")
            issued = fees.issue(
                session,
                citizen_id=payer.citizen_id,
                case_id=None,
                task_code="11350100MB990001383350790003000",
                task_name="居民身份证丢失补领",
                lines=[line],
            )
            assert issued is not None
            return issued

    return issue
