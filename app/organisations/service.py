"""Coming to act for an organisation, and ceasing to (企业办事身份：代表、授权、解除).

That somebody is the legal representative is proven outside, by the registry, before anything is written here.
A representative's end is the end of every agent they authorised.
"""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.catalogue import queries as catalogue
from app.check_characters import organisation_code_is_right
from app.crypto import token_hash
from app.events import publish
from app.organisations import queries
from app.organisations.errors import (
    ActsAlready,
    InvitationOver,
    OrganisationCodeWrong,
    OrganisationNotFound,
    PeriodWrong,
    ScopeWrong,
)
from app.organisations.events import AgencyAccepted, StandingTaken
from app.organisations.models import Invitation, Organisation, Proof, Role, Standing
from app.organisations.queries import Acting

INVITATION_FOR = timedelta(days=7)
LONGEST_AGENCY = timedelta(days=366)
_BUSINESS = catalogue.Filter(audience="business")


def represent(session: Session, *, citizen_id: int, code: str, name: str, proof: Proof) -> Acting:
    """Note that the registry knows a citizen as legal representative (法定代表人); repeating changes nothing.

    Whoever was an agent becomes representative. Raises OrganisationCodeWrong.
    """
    if not organisation_code_is_right(code):
        raise OrganisationCodeWrong
    organisation_id = session.execute(
        insert(Organisation)
        .values(code=code, name=name, created_at=clock.now())
        .on_conflict_do_update(index_elements=[Organisation.code], set_={"name": name})
        .returning(Organisation.id)
    ).scalar_one()
    # An agent who becomes representative goes on as that; a representative stays one, with their agents.
    session.execute(
        update(Standing)
        .where(*_open(citizen_id, organisation_id), Standing.role == Role.AGENT)
        .values(ended_at=clock.now())
    )
    began = _begin(
        session,
        citizen_id=citizen_id,
        organisation_id=organisation_id,
        role=Role.REPRESENTATIVE,
        proven_by=proof.value,
    )
    if began:
        _note(session, citizen_id, action="organisation_represented", organisation_id=organisation_id)
    return queries.acting(session, citizen_id=citizen_id, organisation_id=organisation_id)


def disprove(session: Session, *, citizen_id: int, code: str) -> None:
    """Note that the registry does not know a citizen as representative (any more): their standing ends."""
    standing = session.execute(
        select(Standing.id, Standing.organisation_id)
        .join(Organisation, Organisation.id == Standing.organisation_id)
        .where(
            Organisation.code == code,
            Standing.citizen_id == citizen_id,
            Standing.role == Role.REPRESENTATIVE,
            Standing.ended_at.is_(None),
        )
    ).one_or_none()
    if standing is not None:
        end(session, Standing.id == standing.id)
        end(session, Standing.granted_by == standing.id)


def invite(
    session: Session, *, citizen_id: int, organisation_id: int, scope: Sequence[str], until: date
) -> str:
    """Authorise an agent for items (none named: all) until a day (代办授权); the code to hand over.

    Raises OrganisationNotFound unless the citizen is its representative, PeriodWrong, ScopeWrong.
    """
    giver = queries.acting(session, citizen_id=citizen_id, organisation_id=organisation_id, hold=True)
    if giver.role is not Role.REPRESENTATIVE:
        raise OrganisationNotFound
    if not clock.today() <= until <= clock.today() + LONGEST_AGENCY:
        raise PeriodWrong
    if len(catalogue.cards_of(session, task_codes=list(scope), wanted=_BUSINESS)) < len(set(scope)):
        raise ScopeWrong
    code = secrets.token_urlsafe(16)
    session.add(
        Invitation(
            standing_id=giver.standing_id,
            code_hash=token_hash(code),
            scope=sorted(set(scope)),
            agent_until=until,
            made_at=clock.now(),
            over_at=clock.now() + INVITATION_FOR,
        )
    )
    session.flush()
    _note(session, citizen_id, action="organisation_agent_invited", organisation_id=organisation_id)
    return code


def accept(session: Session, *, citizen_id: int, code: str) -> Acting:
    """Take an authority on (接受授权); the code is good once. Raises InvitationOver and ActsAlready.

    The giver's standing is held meanwhile: nobody becomes agent of somebody whose own standing just ends.
    """
    taken = session.execute(
        update(Invitation)
        .where(
            Invitation.code_hash == token_hash(code),
            *queries.still_good(),
        )
        .values(taken_at=clock.now())
        .returning(Invitation.standing_id, Invitation.scope, Invitation.agent_until)
    ).one_or_none()
    giver = session.scalar(
        select(Standing)
        .where(Standing.id == (taken.standing_id if taken else None), *queries.live())
        .with_for_update(read=True)
    )
    if taken is None or giver is None:
        raise InvitationOver
    began = _begin(
        session,
        citizen_id=citizen_id,
        organisation_id=giver.organisation_id,
        role=Role.AGENT,
        granted_by=giver.id,
        scope=list(taken.scope),
        expires_on=taken.agent_until,
    )
    if not began:
        raise ActsAlready
    _note(session, citizen_id, action="organisation_agency_accepted", organisation_id=giver.organisation_id)
    now_acting = queries.acting(session, citizen_id=citizen_id, organisation_id=giver.organisation_id)
    publish(session, AgencyAccepted(now_acting.standing_id))
    return now_acting


def call_back(session: Session, *, citizen_id: int, organisation_id: int, invitation_id: int) -> None:
    """Make an invitation good for nothing (撤回授权码); raises OrganisationNotFound for all but its giver."""
    giver = queries.acting(session, citizen_id=citizen_id, organisation_id=organisation_id)
    ended = session.scalar(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.standing_id == giver.standing_id)
        .where(Invitation.taken_at.is_(None))
        .values(over_at=clock.now())
        .returning(Invitation.id)
    )
    if ended is None:
        raise OrganisationNotFound


def leave(session: Session, *, citizen_id: int, organisation_id: int) -> None:
    """Act for an organisation no longer (解除), nor do one's agents; repeating changes nothing."""
    ended = session.scalar(
        update(Standing)
        .where(*_open(citizen_id, organisation_id))
        .values(ended_at=clock.now())
        .returning(Standing.id)
    )
    if ended is not None:
        end(session, Standing.granted_by == ended)
        _note(session, citizen_id, action="organisation_left", organisation_id=organisation_id)


def leave_all(session: Session, *, citizen_id: int) -> None:
    """Act for nobody any more, as at the end of an account; one's agents end too."""
    ended = session.scalars(
        update(Standing)
        .where(Standing.citizen_id == citizen_id, Standing.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(Standing.id)
    ).all()
    end(session, Standing.granted_by.in_(ended))


def dismiss(session: Session, *, citizen_id: int, organisation_id: int, standing_id: int) -> None:
    """End an agent's authority (取消授权), at once; raises OrganisationNotFound for all but who gave it."""
    giver = queries.acting(session, citizen_id=citizen_id, organisation_id=organisation_id)
    known = select(Standing.id).where(Standing.id == standing_id, Standing.granted_by == giver.standing_id)
    if session.scalar(known) is None:
        raise OrganisationNotFound
    end(session, Standing.id == standing_id)
    _note(session, citizen_id, action="organisation_agent_dismissed", organisation_id=organisation_id)


def _begin(session: Session, *, citizen_id: int, organisation_id: int, role: Role, **more: Any) -> bool:
    """Whether a new standing began: what has run out makes room, what is live stays as it is."""
    session.execute(
        update(Standing)
        .where(*_open(citizen_id, organisation_id), Standing.expires_on < clock.today())
        .values(ended_at=clock.now())
    )
    values = {"scope": [], **more, "citizen_id": citizen_id, "organisation_id": organisation_id}
    began = session.scalar(
        insert(Standing)
        .values(role=role.value, began_at=clock.now(), **values)
        .on_conflict_do_nothing(
            index_elements=[Standing.citizen_id, Standing.organisation_id],
            index_where=text("ended_at IS NULL"),
        )
        .returning(Standing.id)
    )
    return began is not None


def end(session: Session, which: ColumnElement[bool]) -> None:
    """End standings of others than whoever asks; each of them is told."""
    ended = session.scalars(
        update(Standing)
        .where(which, Standing.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(Standing.id)
    ).all()
    for standing_id in sorted(ended):
        publish(session, StandingTaken(standing_id))


def _open(citizen_id: int, organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Standing.citizen_id == citizen_id,
        Standing.organisation_id == organisation_id,
        Standing.ended_at.is_(None),
    )


def _note(session: Session, citizen_id: int, *, action: str, organisation_id: int) -> None:
    subject = f"organisation:{organisation_id}"
    audit.record(
        session, actor=f"citizen:{citizen_id}", action=action, subject=subject, citizen_id=citizen_id
    )
