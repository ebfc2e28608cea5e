"""Who is calling (调用者): every route names one of these decisions."""

import re
from dataclasses import dataclass
from typing import Protocol

from flask import g, request

from app import channels, on_behalf
from app.channels import Channel
from app.db import LARGEST_ID, unit_of_work
from app.delegations import queries as delegations
from app.delegations.errors import ActNotDelegated, DelegationNotFound, OwnHandNeeded
from app.delegations.models import Act
from app.errors import Invalid, Unauthenticated
from app.organisations import queries as organisations
from app.people import sessions
from app.people.models import Platform

ACTING_FOR = "X-Acting-For"
# What a self-service terminal sends; it counts, and allows nothing.
CHANNEL = "X-Channel"
_ON_A_PHONE = re.compile(r"Mobile|Android|iPhone|HarmonyOS", re.IGNORECASE)
_NAMED = re.compile(r"(?P<kind>org|delegation):(?P<id>[1-9][0-9]{0,17})", re.ASCII)


class ActingForUnreadable(Invalid):
    """The header says neither `person` nor `org:<id>` nor `delegation:<id>`."""

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
    """A citizen with a bearer token (市民), who `may_act` for a company here where the route says so.

    `delegated` is what an agent must be authorised to, to do this for another citizen (代办); without it,
    what a company may do here is the citizen's own hand, and what is left is about the agent alone.
    """

    name: str = "citizen"
    may_act: bool = False
    delegated: Act | None = None

    def admit(self) -> str:
        """Find the session behind the token; raises Unauthenticated.

        Whoever names a company or an authority that is not theirs is turned away everywhere (ADR 0011, 0019)
        with OrganisationNotFound or DelegationNotFound; on a route that is the person's alone either means
        nothing. Raises ActNotDelegated and OwnHandNeeded.
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
        self._admit_agent(caller.citizen_id)
        return tap_owner()

    def _admit_agent(self, agent_id: int) -> None:
        """Let an agent in as the citizen for whom they act, if they name an authority."""
        delegation_id = _named("delegation")
        if delegation_id is None:
            return
        if delegation_id > LARGEST_ID:
            raise DelegationNotFound
        with unit_of_work() as session:
            delegation, agent = delegations.of_agent(session, agent_id=agent_id, delegation_id=delegation_id)
            citizen_id = delegation.citizen_id
        if self.delegated is None and self.may_act:
            raise OwnHandNeeded
        if self.delegated is None:
            return
        if self.delegated.value not in agent.acts:
            raise ActNotDelegated
        g.acting_as = citizen_id
        on_behalf.act_as(agent)


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
# What an agent may do for another citizen too, each with the act that they must be authorised to.
BOOKING = Citizen(delegated=Act.BOOK)
APPLYING = Citizen(may_act=True, delegated=Act.APPLY)
TRACKING = Citizen(may_act=True, delegated=Act.TRACK)
COLLECTING = Citizen(may_act=True, delegated=Act.COLLECT)
MAYBE_CITIZEN = MaybeCitizen()


def current_caller() -> sessions.Caller:
    """The citizen of this request, with the session; raises Unauthenticated."""
    caller: sessions.Caller | None = g.get("caller")
    if caller is None:
        raise Unauthenticated
    return caller


def current_citizen_id() -> int:
    """The citizen whose matter this request is about; raises Unauthenticated.

    Whoever calls, or the one for whom they act where the route lets agents in (代办).
    """
    acting_as: int | None = g.get("acting_as")
    return current_caller().citizen_id if acting_as is None else acting_as


def acting_for() -> int | None:
    """The company for which the citizen of this request acts; None when they act for themselves."""
    company: int | None = g.get("acting_for")
    return company


def tap_owner() -> str:
    """Whose idempotency keys these are: each side of a citizen has its own, for themselves or for others."""
    own = f"citizen:{current_caller().citizen_id}"
    company, agent = acting_for(), on_behalf.agent()
    if agent is not None:
        return f"{own}:delegation:{agent.delegation_id}"
    return own if company is None else f"{own}:org:{company}"


def named_company() -> int | None:
    """The company that a request names, unproven: enough for what is public. Raises ActingForUnreadable."""
    return _named("org")


def for_oneself() -> bool:
    """Whether a request names nobody else: what is known of the caller then belongs to the matter."""
    return _named("org") is None and _named("delegation") is None


def audience_of(asked: str | None) -> str | None:
    """Whom a list of what there is serves: who acts for a company sees only what companies apply for."""
    return asked if named_company() is None else "business"


def maybe_citizen_id() -> int | None:
    """The id of the citizen, or None when nobody is logged in."""
    caller: sessions.Caller | None = g.get("caller")
    return None if caller is None else caller.citizen_id


def _named(kind: str) -> int | None:
    """Whom the header names, when it is of a kind; raises ActingForUnreadable."""
    named = request.headers.get(ACTING_FOR, "person")
    if named == "person":
        return None
    read = _NAMED.fullmatch(named)
    if read is None:
        raise ActingForUnreadable
    return int(read["id"]) if read["kind"] == kind else None


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
