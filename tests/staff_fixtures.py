"""Clerks for tests, and a browser in which one is logged in (工作人员夹具)."""

import itertools
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.db import unit_of_work
from app.staff import passwords, sessions
from app.staff.models import Clerk, Role
from app.staff.sessions import OnDuty
from console import csrf

PASSWORD = "a password for tests"
COOKIE = "yima-staff"
_numbers = itertools.count(1)


# As production hashes, and far quicker for the tests: the same argon2id with little memory and one pass.
REAL_HASHER = passwords._HASHER
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@cache
def password_hash() -> str:
    """Every clerk of the tests has the same password."""
    return QUICK_HASHER.hash(PASSWORD)


def make_clerk(*roles: Role, **columns: Any) -> int:
    """A clerk with these roles; the id."""
    made: dict[str, Any] = {
        "username": f"clerk{next(_numbers)}",
        "name": "王窗口",
        "roles": [role.value for role in roles],
        "password_hash": password_hash(),
        "created_at": clock.now(),
        **columns,
    }
    with unit_of_work() as session:
        clerk = Clerk(**made)
        session.add(clerk)
        session.flush()
        return clerk.id


def on_duty(*roles: Role, **columns: Any) -> OnDuty:
    """A new clerk as the services see one, logged in."""
    clerk_id = make_clerk(*roles, **columns)
    with unit_of_work() as session:
        return sessions.find(session, token=sessions.open_for(session, clerk_id=clerk_id))


class Browser:
    """A clerk's browser: the cookie of a session, and its token in every form it sends."""

    def __init__(self, client: FlaskClient, clerk_id: int) -> None:
        self.client = client
        self.clerk_id = clerk_id
        with unit_of_work() as session:
            self.token = sessions.open_for(session, clerk_id=clerk_id)
        client.set_cookie(COOKIE, self.token, domain="localhost")

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def post(self, path: str, **form: Any) -> TestResponse:
        """Send a form of ours."""
        return self.client.post(path, data={"csrf": csrf.token(self.token), **form})


def browser(client: FlaskClient, *roles: Role, **columns: Any) -> Browser:
    """The browser of a new clerk with these roles."""
    return Browser(client, make_clerk(*roles, **columns))
