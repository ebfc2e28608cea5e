"""Citizens for tests: made and logged in through the services, without a platform (市民夹具)."""

import secrets

from app.db import unit_of_work
from app.people import service, sessions
from app.people.models import Platform

APP_ID = "wxtest"


def make_citizen(name: str = "林") -> int:
    """A new citizen with a WeChat account of their own; the id."""
    with unit_of_work() as session:
        citizen = service.enter_by_wechat(
            session, app_id=APP_ID, open_id=f"o{secrets.token_hex(12)}", union_id=None
        )
        citizen.name = name
        session.flush()
        return citizen.id


def log_in_as(citizen_id: int) -> dict[str, str]:
    """The headers with which a citizen's phone calls."""
    with unit_of_work() as session:
        tokens = sessions.open_for(session, citizen_id=citizen_id, platform=Platform.WECHAT)
    return {"Authorization": f"Bearer {tokens.access_token}"}


def log_in(name: str = "林") -> dict[str, str]:
    """The headers with which a new citizen's phone calls."""
    return log_in_as(make_citizen(name))
