"""Authorising another citizen, taking that on, ending it (授权、接受、停止).

Either side ends it with one tap, at once; ending one updates its row, which whatever is done under it holds
(`acting`). So something is done before the end, or not at all.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.catalogue import delegating
from app.crypto import token_hash
from app.db import LARGEST_ID
from app.delegations import queries
from app.delegations.errors import (
    DelegatesUnproven,
    DelegateToOneself,
    DelegateTwice,
    DelegationCodeOver,
    DelegationNotFound,
    DelegationPeriodWrong,
    DelegationScopeWrong,
    DelegationUnconfirmed,
    SecondClerkNeeded,
    TooManyDelegations,
)
from app.delegations.events import DelegationAccepted, DelegationEnded
from app.delegations.models import LONGEST_DAYS, Act, Delegation, EndedBy
from app.events import publish
from app.people.models import Assurance, Citizen

CODE_FOR = timedelta(days=7)
MOST_AT_ONCE = 10
LONGEST = timedelta(days=LONGEST_DAYS)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody is authorised to: for items (none named: all that allow it), acts, until a day."""

    scope: Sequence[str]
    acts: Collection[Act]
    until: date


@dataclass(frozen=True, slots=True)
class Witness:
    """A clerk before whom an authority was given on paper, and the document they saw (窗口见证)."""

    clerk_id: int
    actor: str
    document: str


def offer(session: Session, *, citizen_id: int, wish: Wish, witness: Witness | None = None) -> str:
    """Authorise somebody (授权); the code to hand over, good once within seven days.

    Raises DelegatesUnproven, DelegationPeriodWrong, DelegationScopeWrong, TooManyDelegations.
    """
    _refuse_unproven(session, citizen_id)
    if not clock.today() <= wish.until <= clock.today() + LONGEST:
        raise DelegationPeriodWrong
    scope = sorted(set(wish.scope))
    _refuse_undelegable(session, scope)
    _refuse_too_many(session, citizen_id)
    code = secrets.token_urlsafe(16)
    made = Delegation(
        citizen_id=citizen_id,
        code_hash=token_hash(code),
        scope=scope,
        acts=whole(wish.acts),
        until=wish.until,
        made_at=clock.now(),
        over_at=clock.now() + CODE_FOR,
        witnessed_by=None if witness is None else witness.clerk_id,
        document=None if witness is None else witness.document,
    )
    session.add(made)
    session.flush()
    actor = f"citizen:{citizen_id}" if witness is None else witness.actor
    _note(session, made, actor=actor, action="delegation_offered")
    return code


def accept(session: Session, *, agent_id: int, code: str) -> Delegation:
    """Take an authority on (接受授权); the code is good once.

    Raises DelegatesUnproven, DelegationCodeOver, DelegationUnconfirmed, DelegateToOneself, DelegateTwice.
    """
    _refuse_unproven(session, agent_id)
    found = session.scalar(
        select(Delegation)
        .where(Delegation.code_hash == token_hash(code), *queries.still_good())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise DelegationCodeOver
    if queries.unconfirmed(found):
        raise DelegationUnconfirmed
    if found.citizen_id == agent_id:
        raise DelegateToOneself
    _make_room(session, found, agent_id)
    try:
        with session.begin_nested():
            found.agent_id, found.accepted_at = agent_id, clock.now()
    except IntegrityError as twin:
        raise DelegateTwice from twin
    publish(session, DelegationAccepted(found.id))
    _note(session, found, actor=f"citizen:{agent_id}", action="delegation_accepted")
    return found


def confirm(session: Session, *, citizen_id: int, delegation_id: int, clerk_id: int, actor: str) -> None:
    """Say as a second clerk that the giver stands there and wishes it (复核); its code is good from now on.

    Raises DelegationNotFound, SecondClerkNeeded.
    """
    waits = (Delegation.citizen_id == citizen_id, Delegation.confirmed_by.is_(None), *queries.still_good())
    paper = (Delegation.id == min(delegation_id, LARGEST_ID), Delegation.witnessed_by.is_not(None))
    found = session.scalar(select(Delegation).where(*paper, *waits).with_for_update())
    if found is None:
        raise DelegationNotFound
    if found.witnessed_by == clerk_id:
        raise SecondClerkNeeded
    found.confirmed_by = clerk_id
    session.flush()
    _note(session, found, actor=actor, action="delegation_confirmed")


def end(session: Session, *, citizen_id: int, delegation_id: int, actor: str = "") -> None:
    """Stop an authority at once (停止授权), by whoever gave or has it; repeating it changes nothing.

    Whatever is being done under it just now is finished first. `actor` is the clerk who does it for them at
    a window. Raises DelegationNotFound.
    """
    mine = or_(Delegation.citizen_id == citizen_id, Delegation.agent_id == citizen_id)
    if delegation_id > LARGEST_ID:
        raise DelegationNotFound
    giver = session.scalar(select(Delegation.citizen_id).where(Delegation.id == delegation_id, mine))
    if giver is None:
        raise DelegationNotFound
    by = EndedBy.GIVER if giver == citizen_id else EndedBy.AGENT
    for ended in _end(session, Delegation.id == delegation_id, by=by):
        _note(session, ended, actor=actor or f"citizen:{citizen_id}", action="delegation_ended")


def end_all(session: Session, *, citizen_id: int, actor: str) -> None:
    """Stop what a citizen gave and has, as at the end of an account or of a proven identity.

    `actor` did that; it is written into the audit log after the unit of work, which holds other rows yet.
    """
    _end(session, Delegation.citizen_id == citizen_id, by=EndedBy.GIVER, actor=actor)
    _end(session, Delegation.agent_id == citizen_id, by=EndedBy.AGENT, actor=actor)


def _end(
    session: Session, which: ColumnElement[bool], *, by: EndedBy, actor: str = ""
) -> Sequence[Delegation]:
    ended = session.scalars(
        update(Delegation)
        .where(which, Delegation.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=by.value)
        .returning(Delegation)
    ).all()
    for each in ended:
        if each.agent_id is not None:
            publish(session, DelegationEnded(each.id, actor))
    return ended


def _refuse_unproven(session: Session, citizen_id: int) -> None:
    """The identity is held: neither it nor the account ends while an authority is made of it."""
    proven = select(Citizen.assurance).where(Citizen.id == citizen_id)
    if session.scalars(proven.with_for_update(read=True, key_share=True)).one() < Assurance.REAL_NAME:
        raise DelegatesUnproven


def _refuse_undelegable(session: Session, scope: Sequence[str]) -> None:
    wrong = set(scope) - delegating.delegable(session, task_codes=scope)
    if wrong:
        known = dict(delegating.named(session, words=wrong).values()).values()
        raise DelegationScopeWrong(names="、".join(f"“{name}”" for name in known) or "有的事项")


def _refuse_too_many(session: Session, citizen_id: int) -> None:
    """Offers of one citizen come one after the other, so that they cannot be counted past each other."""
    alone = func.pg_advisory_xact_lock(func.hashtextextended(f"delegations\n{citizen_id}", 0))
    session.execute(select(alone))
    if len(queries.given(session, citizen_id=citizen_id)) >= MOST_AT_ONCE:
        raise TooManyDelegations(most=MOST_AT_ONCE)


def _make_room(session: Session, found: Delegation, agent_id: int) -> None:
    """What has run out between the two makes room; what is in force stays as it is."""
    between = (Delegation.citizen_id == found.citizen_id) & (Delegation.agent_id == agent_id)
    session.execute(
        update(Delegation)
        .where(between, Delegation.ended_at.is_(None), Delegation.until < clock.today())
        .values(ended_at=clock.now(), ended_by=EndedBy.EXPIRED.value)
    )


def whole(acts: Collection[Act]) -> list[str]:
    """The acts in their order; whoever prepares or fetches something sees how it stands."""
    seen = {Act.TRACK} if {Act.APPLY, Act.COLLECT} & set(acts) else set()
    return [act.value for act in Act if act in {*acts, *seen}]


def _note(session: Session, delegation: Delegation, *, actor: str, action: str) -> None:
    subject = f"delegation:{delegation.id}"
    audit.record(session, actor=actor, action=action, subject=subject, citizen_id=delegation.citizen_id)
