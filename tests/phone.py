"""A citizen's phone for tests: the sandbox drives the person, the API is called as the client does (手机)."""

import itertools
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Sandbox

_numbers = itertools.count(13_100_000_000 + 7)


class Phone:
    """One person of the sandbox in front of the API, logged in or not; planned faults are cleared."""

    def __init__(self, client: FlaskClient, sandbox: Sandbox, *, name: str = "林") -> None:
        sandbox.forget_faults()
        self._client = client
        self._sandbox = sandbox
        self.number = str(next(_numbers))
        self.person: dict[str, Any] = sandbox.post("/_sim/people", name=name, phone=self.number)
        self.headers: dict[str, str] = {}

    def press(self, button: str, **body: Any) -> dict[str, Any]:
        """What a platform hands the client: `wechat/login`, `wechat/phone`, `alipay/login`…"""
        pressed: dict[str, Any] = self._sandbox.post(
            f"/_sim/people/{self.person['person_id']}/{button}", **body
        )
        return pressed

    def ask(self, method: str, path: str, **body: Any) -> TestResponse:
        """Call the API as whoever is logged in."""
        return self._client.open(
            f"/api/v1{path}", method=method, json=body if method != "GET" else None, headers=self.headers
        )

    def log_in(self, platform: str) -> dict[str, Any]:
        """Log in by `wechat`, `alipay` or `h5` and stay so; what the API answered."""
        answered = self.ask("POST", "/sessions", platform=platform, **self._proof(platform))
        assert answered.status_code == 201, answered.get_data(as_text=True)
        session: dict[str, Any] = answered.get_json()
        self.headers = {"Authorization": f"Bearer {session['access_token']}"}
        return session

    def sms_code(self) -> str:
        """Ask for a code and read it from the message."""
        assert self.ask("POST", "/sms-codes", phone=self.number).status_code == 202
        return self.read_sms()

    def read_sms(self) -> str:
        """The six digits of the newest message."""
        newest = self.inbox()[-1]
        found = re.search(r"(?<!\d)\d{6}(?!\d)", newest["text"])
        assert found is not None, newest
        return found[0]

    def inbox(self) -> list[dict[str, Any]]:
        """Every message the person has received, newest last."""
        messages: list[dict[str, Any]] = self._sandbox.get(
            f"/_sim/people/{self.person['person_id']}/messages"
        )["items"]
        return messages

    def _proof(self, platform: str) -> dict[str, str]:
        if platform == "wechat":
            return {"code": self.press("wechat/login")["code"]}
        if platform == "alipay":
            return {"code": self.press("alipay/login")["auth_code"]}
        return {"phone": self.number, "code": self.sms_code()}
