"""Who may enter the console (工作台的准入): a clerk with a session, a form of ours, and the duty."""

import ipaddress
from dataclasses import dataclass

from flask import g, request

from app import channels
from app.channels import Channel
from app.db import unit_of_work
from app.desk import duties
from app.desk.duties import Duty
from app.staff import sessions
from app.staff.errors import StaffSessionOver
from app.staff.sessions import OnDuty
from console import cookies, csrf

READS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Staff:
    """A clerk with one of these roles (工作人员)."""

    roles: Duty

    @property
    def name(self) -> str:
        """The decision as promises and documents name it."""
        return f"staff:{','.join(sorted(self.roles))}"

    def admit(self) -> str:
        """Find the session, refuse a forged form, then a clerk without the duty; in this order.

        Raises StaffSessionOver, FormForged, NotYourDuty.
        """
        token = cookies.session_token()
        if token is None:
            raise StaffSessionOver
        with unit_of_work() as session:
            g.clerk = sessions.find(session, token=token)
        g.csrf = csrf.token(token)
        channels.through(Channel.HALL)
        if request.method not in READS:
            csrf.check(token)
        duties.refuse_unless(g.clerk, self.roles)
        return str(g.clerk.actor)


ANY_CLERK = Staff(duties.EVERYBODY)


def current_clerk() -> OnDuty:
    """The clerk of this request; raises StaffSessionOver."""
    clerk = maybe_clerk()
    if clerk is None:
        raise StaffSessionOver
    return clerk


def maybe_clerk() -> OnDuty | None:
    """The clerk of this request, or None before the door has found one."""
    clerk: OnDuty | None = g.get("clerk")
    return clerk


def address() -> str:
    """Where a clerk logs in from: the direct caller, or what our own proxy in front has added last."""
    direct = request.remote_addr or ""
    last = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return last if last and _inside(direct) and _is_address(last) else direct


def _inside(text: str) -> bool:
    return _is_address(text) and not ipaddress.ip_address(text).is_global


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
