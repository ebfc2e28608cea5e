"""A citizen with a case and a phone (申请人)."""

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import case_fixtures
from tests.catalogue_fixtures import ID_LOST
from tests.people_fixtures import log_in_as


class Owner:
    """A citizen who lost a card, with a phone."""

    def __init__(self, client: FlaskClient, name: str = "王小明") -> None:
        self._client = client
        self.id = case_fixtures.citizen(name)
        self.headers = log_in_as(self.id)
        self._taps = 0

    def call(
        self,
        method: str,
        path: str,
        *,
        tap: str | None = None,
        more: Mapping[str, str] | None = None,
        **options: Any,
    ) -> TestResponse:
        """Call the API; every tap has a key of its own unless one is given."""
        self._taps += 1
        key = {"Idempotency-Key": tap or f"tap-{self.id}-{self._taps:04d}"}
        return self._client.open(
            f"/api/v1{path}", method=method, headers={**self.headers, **key, **(more or {})}, **options
        )

    def start(self, **more: Any) -> str:
        return str(self.call("POST", "/cases", json={"task_code": ID_LOST, **more}).get_json()["case_no"])
