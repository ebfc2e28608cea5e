"""What can be asked about authorities between citizens (查询授权代办)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from app import clock, on_behalf
from app.crypto import token_hash
from app.db import LARGEST_ID
from app.delegations.errors import DelegationCodeOver, DelegationNotFound, DelegationUnconfirmed
from app.delegations.models import TEXTS, Act, DelegateAct, Delegation
from app.people import phones
from app.people.models import Citizen
from app.people.queries import masked_name
from app.staff.models import Clerk

_NAMELESS = "没有实名的用户"


@dataclass(frozen=True, slots=True)
class Between:
    """An authority as either side reads it, the other one masked; `agent` is empty until somebody took it."""

    id: int
    giver_id: int
    giver: str
    agent: str
    agent_phone: str | None
    scope: tuple[str, ...]
    acts: tuple[str, ...]
    until: date
    made_at: datetime
    over_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    is_over: bool
    witnessed: bool
    witnessed_by: int | None
    unconfirmed: bool


@dataclass(frozen=True, slots=True)
class Mandate:
    """Under what authority a case was handed in, for the office: the agent in full (由谁代办).

    `witness` names the clerk before whom it was given on paper, empty when it was given on the phone.
    """

    agent: str
    agent_phone: str | None
    acts: tuple[str, ...]
    began_at: datetime
    until: date
    ended_at: datetime | None
    witness: str
    document: str


@dataclass(frozen=True, slots=True)
class Follower:
    """An agent who follows what they handed in, and for whom they do, masked."""

    agent_id: int
    giver: str


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a message about an authority concerns, by id and masked name."""

    giver_id: int
    giver: str
    agent_id: int | None
    agent: str
    until: date
    ended_by: str | None


def given(session: Session, *, citizen_id: int) -> list[Between]:
    """Whom a citizen has authorised, and which codes of theirs still wait (我给出的授权), oldest first."""
    waits = (Delegation.agent_id.is_(None)) & (Delegation.over_at > clock.now())
    asked = _joined().where(
        Delegation.citizen_id == citizen_id, *live(), or_(Delegation.agent_id.is_not(None), waits)
    )
    return [_between(*row) for row in session.execute(asked.order_by(Delegation.id))]


def received(session: Session, *, agent_id: int) -> list[Between]:
    """For whom a citizen may act today (我得到的授权), oldest first."""
    asked = _joined().where(Delegation.agent_id == agent_id, *live())
    return [_between(*row) for row in session.execute(asked.order_by(Delegation.id))]


def over(session: Session, *, citizen_id: int, limit: int) -> list[Between]:
    """What a citizen gave or had and is over, newest first (已结束的授权); codes nobody took are left out."""
    ended = or_(Delegation.ended_at.is_not(None), Delegation.until < clock.today())
    asked = _joined().where(_either(citizen_id), ended, Delegation.agent_id.is_not(None))
    return [_between(*row) for row in session.execute(asked.order_by(Delegation.id.desc()).limit(limit))]


def of_agent(session: Session, *, agent_id: int, delegation_id: int) -> tuple[Delegation, on_behalf.Agent]:
    """The authority under which somebody wants to act, and how they are named; raises DelegationNotFound."""
    found = session.execute(
        select(Delegation, Citizen.name)
        .join(Citizen, Citizen.id == Delegation.agent_id)
        .where(Delegation.id == delegation_id, Delegation.agent_id == agent_id, *live())
    ).one_or_none()
    if found is None:
        raise DelegationNotFound
    delegation, name = found
    named = on_behalf.Agent(
        delegation.id, agent_id, masked_name(name) or _NAMELESS, frozenset(delegation.acts), delegation.until
    )
    return delegation, named


def mine(session: Session, *, citizen_id: int, delegation_id: int) -> Between:
    """An authority that a citizen gave or has, or had until it was over; raises DelegationNotFound."""
    if delegation_id > LARGEST_ID:
        raise DelegationNotFound
    asked = _joined().where(Delegation.id == delegation_id, _either(citizen_id))
    found = session.execute(asked).one_or_none()
    if found is None:
        raise DelegationNotFound
    return _between(*found)


def offered(session: Session, *, code: str) -> Between:
    """What a code would allow, to be read before it is taken (查看授权).

    Raises DelegationCodeOver, DelegationUnconfirmed.
    """
    asked = _joined().where(Delegation.code_hash == token_hash(code), *still_good())
    found = session.execute(asked).one_or_none()
    if found is None:
        raise DelegationCodeOver
    if unconfirmed(found[0]):
        raise DelegationUnconfirmed
    return _between(*found)


def parties(session: Session, *, delegation_id: int) -> Parties:
    """Who is at the two ends of an authority; raises DelegationNotFound."""
    found = session.execute(_joined().where(Delegation.id == delegation_id)).one_or_none()
    if found is None:
        raise DelegationNotFound
    delegation, shown = found[0], _between(*found)
    return Parties(
        delegation.citizen_id,
        shown.giver,
        delegation.agent_id,
        shown.agent,
        delegation.until,
        delegation.ended_by,
    )


def mandate(session: Session, *, delegation_id: int | None) -> Mandate | None:
    """The authority under which a case was handed in; None when its citizen did it."""
    asked = (
        select(Delegation, Citizen, Clerk.name)
        .join(Citizen, Citizen.id == Delegation.agent_id)
        .outerjoin(Clerk, Clerk.id == Delegation.witnessed_by)
        .where(Delegation.id == delegation_id)
    )
    found = None if delegation_id is None else session.execute(asked).one_or_none()
    if found is None:
        return None
    delegation, agent, witness = found
    return Mandate(
        agent=agent.name or _NAMELESS,
        agent_phone=agent.phone,
        acts=tuple(TEXTS[Act(act)] for act in delegation.acts),
        began_at=delegation.accepted_at or delegation.made_at,
        until=delegation.until,
        ended_at=delegation.ended_at,
        witness=witness or "",
        document=delegation.document or "",
    )


def follower(session: Session, *, delegation_id: int | None) -> Follower | None:
    """The agent who is told how a case goes on that was handed in under an authority, while it lasts."""
    asked = _joined().where(
        Delegation.id == delegation_id, Delegation.acts.contains([Act.TRACK.value]), *live()
    )
    found = None if delegation_id is None else session.execute(asked).one_or_none()
    if found is None or found[0].agent_id is None:
        return None
    return Follower(found[0].agent_id, _between(*found).giver)


def agent_of(session: Session, *, delegation_id: int | None) -> str | None:
    """Who acted under an authority, masked; None when nobody did."""
    found = mandate(session, delegation_id=delegation_id)
    if found is None or found.agent == _NAMELESS:
        return None if found is None else _NAMELESS
    return masked_name(found.agent)


def acts_of(session: Session, *, delegation_id: int, limit: int) -> Sequence[DelegateAct]:
    """What was done under an authority, newest first (代办记录)."""
    asked = select(DelegateAct).where(DelegateAct.delegation_id == delegation_id)
    return session.scalars(asked.order_by(DelegateAct.id.desc()).limit(limit)).all()


def acts_of_all(session: Session, *, delegation_ids: Collection[int]) -> dict[int, list[DelegateAct]]:
    """What was done under each of several authorities, oldest first: one statement for all."""
    asked = select(DelegateAct).where(DelegateAct.delegation_id.in_(delegation_ids)).order_by(DelegateAct.id)
    found: dict[int, list[DelegateAct]] = {}
    for one in session.scalars(asked):
        found.setdefault(one.delegation_id, []).append(one)
    return found


def act(session: Session, *, act_id: int) -> DelegateAct:
    """One thing that was done; raises DelegationNotFound."""
    found = session.get(DelegateAct, act_id)
    if found is None:
        raise DelegationNotFound
    return found


def live() -> tuple[ColumnElement[bool], ...]:
    """What makes an authority count today; its last day counts."""
    return (Delegation.ended_at.is_(None), Delegation.until >= clock.today())


def unconfirmed(delegation: Delegation) -> bool:
    """Whether it stands on a paper that only one clerk has seen (待复核)."""
    return delegation.witnessed_by is not None and delegation.confirmed_by is None


def _either(citizen_id: int) -> ColumnElement[bool]:
    return or_(Delegation.citizen_id == citizen_id, Delegation.agent_id == citizen_id)


def still_good() -> tuple[ColumnElement[bool], ...]:
    """What makes a code good for its one use."""
    return (*live(), Delegation.agent_id.is_(None), Delegation.over_at > clock.now())


def _joined() -> Select[Delegation, Citizen, Citizen | None]:
    giver, agent = aliased(Citizen), aliased(Citizen)
    return (
        select(Delegation, giver, agent)
        .join(giver, giver.id == Delegation.citizen_id)
        .outerjoin(agent, agent.id == Delegation.agent_id)
    )


def _between(delegation: Delegation, giver: Citizen, agent: Citizen | None) -> Between:
    return Between(
        id=delegation.id,
        giver_id=delegation.citizen_id,
        giver=masked_name(giver.name) or _NAMELESS,
        agent="" if agent is None else masked_name(agent.name) or _NAMELESS,
        agent_phone=None if agent is None else phones.masked(agent.phone),
        scope=tuple(delegation.scope),
        acts=tuple(delegation.acts),
        until=delegation.until,
        made_at=delegation.made_at,
        over_at=delegation.over_at,
        accepted_at=delegation.accepted_at,
        ended_at=delegation.ended_at,
        is_over=delegation.ended_at is not None or delegation.until < clock.today(),
        witnessed=delegation.witnessed_by is not None,
        witnessed_by=delegation.witnessed_by,
        unconfirmed=unconfirmed(delegation) and agent is None,
    )
