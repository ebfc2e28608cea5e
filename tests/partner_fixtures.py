"""A partner system for tests that signs as docs/partners.md says (合作单位夹具)."""

import hashlib
import hmac
import secrets
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.db import unit_of_work
from app.partners import service
from app.partners.models import Partner


def make_partner(**limits: int) -> Partner:
    """A partner with a key in use."""
    with unit_of_work() as session:
        return service.add(session, name="示例区大数据局", **limits)


def headers(partner: Partner, target: str, **changes: str) -> dict[str, str]:
    """The four headers for a GET, put together without our own code; `changes` forge them."""
    told = {
        "Key": partner.key,
        "Timestamp": str(int(clock.now().timestamp())),
        "Nonce": secrets.token_hex(16),
        **changes,
    }
    lines = [
        "YIMA-HMAC-SHA256",
        "GET",
        target,
        told["Timestamp"],
        told["Nonce"],
        hashlib.sha256(b"").hexdigest(),
    ]
    signed = hmac.new(partner.secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    return {f"X-Yima-{name}": value for name, value in {"Signature": signed, **told}.items()}


class PartnerClient:
    """A partner's program."""

    def __init__(self, client: FlaskClient, **limits: int) -> None:
        self.client, self.partner = client, make_partner(**limits)

    def get(self, target: str, **more: str) -> TestResponse:
        """Ask, newly signed."""
        target = f"/partner/v1{target}"
        return self.client.get(target, headers={**headers(self.partner, target), **more})

    def json(self, target: str) -> Any:
        """The answer's body."""
        answer = self.get(target)
        assert answer.status_code == 200, answer.text
        return answer.get_json()
