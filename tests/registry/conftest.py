"""A citizen with a phone who wants a name for a company (企业名称申报)."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from tests.conftest import Sandbox
from tests.people_fixtures import log_in_as, make_citizen

NAME = "示例市榕树下茶馆有限公司"


class Founder:
    """A citizen who founds something, in front of the API and the stand-in of the registry."""

    _taps = itertools.count()

    def __init__(self, client: FlaskClient, sandbox: Sandbox) -> None:
        self._client = client
        self._sandbox = sandbox
        self.id = make_citizen("林老板")
        self._headers = log_in_as(self.id)

    def get(self, path: str, **query: str) -> TestResponse:
        return self._client.get(f"/api/v1{path}", query_string=query, headers=self._headers)

    def look_up(self, name: str = NAME) -> TestResponse:
        return self.get("/enterprise-names", name=name)

    def reserve(self, name: str = NAME, *, tap: str | None = None, promise: bool = True) -> TestResponse:
        key = tap or f"reserve-{next(self._taps):06d}"
        return self._client.post(
            "/api/v1/enterprise-names",
            json={"name": name, "promise": promise},
            headers={**self._headers, "Idempotency-Key": key},
        )

    def mine(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.get("/enterprise-names/mine").get_json()["items"]
        return listed

    def messages(self) -> list[str]:
        return [each["title"] for each in self.get("/messages").get_json()["items"]]

    def fault(self, op: str, kind: str, **more: Any) -> None:
        self._sandbox.post("/_sim/faults", op=f"registry.{op}", kind=kind, **more)

    def kept_at_the_registry(self) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = self._sandbox.get("/_sim/registry/reservations")["items"]
        return kept


def later(**distance: int) -> Any:
    """So much later."""
    return clock.stopped_at(clock.now() + timedelta(**distance))


@pytest.fixture
def fresh_sandbox(sandbox: Sandbox) -> Sandbox:
    """A stand-in that has forgotten what was reserved."""
    sandbox.forget_faults()
    sandbox.post("/_sim/reset")
    return sandbox


@pytest.fixture
def founder(client: FlaskClient, fresh_sandbox: Sandbox) -> Founder:
    return Founder(client, fresh_sandbox)
