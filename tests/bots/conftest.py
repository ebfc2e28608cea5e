"""A loaded city and a follower of the official account."""

from collections.abc import Callable
from typing import Any

import pytest

from app import settings
from app.db import unit_of_work
from app.people import service as people
from tests.conftest import Sandbox


@pytest.fixture
def follower(sandbox: Sandbox, served: str) -> dict[str, Any]:
    """Somebody who follows the official account and has never logged in."""
    del served
    sandbox.post("/_sim/reset")
    person: dict[str, Any] = sandbox.post("/_sim/people", name="林", phone="13800000001")
    return person


@pytest.fixture
def member(follower: dict[str, Any], city: None) -> int:
    """The follower as a citizen who has logged in from the mini-program; the id."""
    del city
    with unit_of_work() as session:
        citizen = people.enter_by_wechat(
            session,
            app_id=settings.current().wechat.mini_appid,
            open_id=follower["mini_openid"],
            union_id=follower["unionid"],
        )
        return citizen.id


@pytest.fixture
def write(sandbox: Sandbox, follower: dict[str, Any], city: None) -> Callable[[str], str]:
    """Write to the official account; what comes back."""
    del city

    def say(text: str) -> str:
        told = sandbox.post(f"/_sim/people/{follower['person_id']}/wechat/text", text=text)
        assert [attempt["verdict"] for attempt in told["attempts"]] == ["ok"], told
        return "" if told["reply"] is None else str(told["reply"]["text"])

    return say
