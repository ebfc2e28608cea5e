"""Who is calling (调用者): every route names one of these decisions."""

import re
from dataclasses import dataclass
from typing import Protocol

from flask import g, request

from app import channels
from app.channels import Channel
from app.db import unit_of_work
from app.errors import Invalid, Unauthenticated
from app.organisations import queries as organisations
from app.people import sessions
from app.people.models import Platform

ACTING_FOR = "X-Acting-For"
# What a self-service terminal sends; it counts, and allows nothing.
CHANNEL = "X-Channel"
_ON_A_PHONE = re.compile(r"Mobile|Android|iPhone|HarmonyOS", re.IGNORECASE)
_COMPANY = re.compile(r"org:(?P<id>[1-9][0-9]{0,17})", re.ASCII)


class ActingForUnreadable(Invalid):
    """The header says neither `person` nor `org:<id>`."""

    code = "acting_for_unreadable"
    message = "不知道您在替谁办事，请重新选择身份"


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
    """A citizen with a bearer token (市民), who `may_act` for a company here where the route says so."""

    name: str = "citizen"
    may_act: bool = False

    def admit(self) -> str:
        """Find the session behind the token; raises Unauthenticated and OrganisationNotFound.

        Whoever names a company without a standing for it is turned away everywhere (ADR 0011); on a route
        that is the person's alone the company then means nothing.
        """
        caller = _caller()
        if caller is None:
            raise Unauthenticated
        g.caller = caller
        channels.through(_channel(caller.platform))
        named = named_company()
        if named is not None:
            with unit_of_work() as session:
                organisations.acting(session, citizen_id=caller.citizen_id, organisation_id=named)
        g.acting_for = named if self.may_act else None
        return tap_owner()


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
CITIZEN_OR_COMPANY = Citizen(may_act=True)
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


def acting_for() -> int | None:
    """The company for which the citizen of this request acts; None when they act for themselves."""
    company: int | None = g.get("acting_for")
    return company


def tap_owner() -> str:
    """Whose idempotency keys these are: a key of the person is not one of the company, nor the other way."""
    own = f"citizen:{current_citizen_id()}"
    company = acting_for()
    return own if company is None else f"{own}:org:{company}"


def named_company() -> int | None:
    """The company that a request names, unproven: enough for what is public. Raises ActingForUnreadable."""
    named = request.headers.get(ACTING_FOR, "person")
    if named == "person":
        return None
    read = _COMPANY.fullmatch(named)
    if read is None:
        raise ActingForUnreadable
    return int(read["id"])


def audience_of(asked: str | None) -> str | None:
    """Whom a list of what there is serves: who acts for a company sees only what companies apply for."""
    return asked if named_company() is None else "business"


def maybe_citizen_id() -> int | None:
    """The id of the citizen, or None when nobody is logged in."""
    caller: sessions.Caller | None = g.get("caller")
    return None if caller is None else caller.citizen_id


def _channel(platform: str) -> Channel:
    """From where a citizen calls: their platform, a terminal that says so, or some browser."""
    if platform == Platform.ALIPAY:
        return Channel.ALIPAY
    if platform in {Platform.WECHAT, Platform.WECHAT_OA}:
        return Channel.WECHAT
    if request.headers.get(CHANNEL) == Channel.KIOSK:
        return Channel.KIOSK
    return Channel.H5 if _ON_A_PHONE.search(request.headers.get("User-Agent", "")) else Channel.PC


def _caller() -> sessions.Caller | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return sessions.authenticate(token)
