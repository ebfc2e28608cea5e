"""Who is calling (调用者): every route names one of these decisions."""

from dataclasses import dataclass
from typing import Protocol

from flask import g, request

from app.db import glance
from app.errors import Unauthenticated
from app.people import sessions


class Auth(Protocol):
    """A decision about who may enter; `name` is shown in the documentation."""

    name: str

    def admit(self) -> str | None:
        """Let the caller in; returns who owns their idempotency keys, or raises."""


@dataclass(frozen=True)
class Public:
    """Anybody may call; nothing personal is answered."""

    name: str = "public"

    def admit(self) -> None:
        """Nobody is asked who they are."""


@dataclass(frozen=True)
class Signed:
    """A platform calls; the view itself verifies the platform's signature before anything else."""

    name: str = "signed"

    def admit(self) -> None:
        """The signature is over the body, so the view verifies it."""


@dataclass(frozen=True)
class Citizen:
    """A citizen with a bearer token (市民)."""

    name: str = "citizen"

    def admit(self) -> str:
        """Find the session behind the token; raises Unauthenticated."""
        caller = _caller()
        if caller is None:
            raise Unauthenticated
        g.caller = caller
        return f"citizen:{caller.citizen_id}"


@dataclass(frozen=True)
class MaybeCitizen:
    """Anybody may call; a citizen with a token is recognised, and a bad token is refused."""

    name: str = "maybe_citizen"

    def admit(self) -> str | None:
        """Recognise the citizen when there is a token."""
        g.caller = _caller()
        return None if g.caller is None else f"citizen:{g.caller.citizen_id}"


PUBLIC = Public()
SIGNED = Signed()
CITIZEN = Citizen()
MAYBE_CITIZEN = MaybeCitizen()


def current_caller() -> sessions.Caller:
    """The citizen of this request, with the session; raises Unauthenticated."""
    caller: sessions.Caller | None = g.get("caller")
    if caller is None:
        raise Unauthenticated
    return caller


def current_citizen_id() -> int:
    """The id of the citizen of this request; raises Unauthenticated."""
    return current_caller().citizen_id


def maybe_citizen_id() -> int | None:
    """The id of the citizen, or None when nobody is logged in."""
    caller: sessions.Caller | None = g.get("caller")
    return None if caller is None else caller.citizen_id


def _caller() -> sessions.Caller | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    with glance() as connection:
        return sessions.authenticate(connection, access_token=token)
