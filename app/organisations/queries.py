"""What can be asked about acting for organisations (查询办事身份)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.crypto import token_hash
from app.delegations import acting as delegations
from app.organisations.errors import InvitationOver, OrganisationNotFound
from app.organisations.models import Invitation, Organisation, Role, Standing
from app.people import phones
from app.people.models import Citizen
from app.people.queries import masked_name


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody acting for an organisation; an empty scope is every item."""

    standing_id: int
    organisation_id: int
    code: str
    name: str
    role: Role
    scope: tuple[str, ...]
    expires_on: date | None
    proven_by: str | None

    def covers(self, task_code: str) -> bool:
        """Whether the item may be handled in this quality."""
        return not self.scope or task_code in self.scope


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody whom a representative authorised, masked: the screen is seen by others."""

    standing_id: int
    name: str | None
    phone: str | None
    scope: tuple[str, ...]
    expires_on: date | None
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """What an invitation would allow, to be read before it is accepted (授权内容)."""

    code: str
    name: str
    scope: tuple[str, ...]
    until: date


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """What a message says of a standing; `giver_id` authorised it, if anybody did."""

    citizen_id: int
    agent_name: str | None
    giver_id: int | None
    organisation_name: str
    expires_on: date | None


def of_citizen(session: Session, *, citizen_id: int) -> Sequence[Acting]:
    """The organisations for which a citizen may act today (我能代表的企业)."""
    asked = _joined().where(Standing.citizen_id == citizen_id, *live()).order_by(Standing.id)
    return [_acting(standing, organisation) for standing, organisation in session.execute(asked)]


def acting(session: Session, *, citizen_id: int, organisation_id: int, hold: bool = False) -> Acting:
    """In what quality a citizen acts for an organisation; raises OrganisationNotFound.

    `hold`: the standing stays as it is until this unit of work ends, so that what is done in its name is
    done before it ends, or not at all.
    """
    asked = _joined().where(
        Standing.citizen_id == citizen_id, Standing.organisation_id == organisation_id, *live()
    )
    if hold:
        asked = asked.with_for_update(of=Standing, read=True)
    found = session.execute(asked.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise OrganisationNotFound
    return _acting(*found)


def owned(
    session: Session, row: type[Any], *, citizen_id: int, organisation_id: int | None, hold: bool = False
) -> ColumnElement[bool]:
    """Which rows somebody may see: their own, or, acting for an organisation, its own within their scope.

    `row` is a table with `citizen_id`, `organisation_id` and `task_code`, such as cases and bills.
    Never both: what is a person's stays out of the organisation's lists, and the other way round. Of a
    person's own an agent (代办人) sees what the authority covers. `hold` as in `acting`, which raises
    OrganisationNotFound; raises as `delegations.acting.covered` does.
    """
    if organisation_id is None:
        covered = delegations.covered(session, row, hold=hold)
        return and_(row.citizen_id == citizen_id, row.organisation_id.is_(None), covered)
    now = acting(session, citizen_id=citizen_id, organisation_id=organisation_id, hold=hold)
    its_own = row.organisation_id == organisation_id
    return and_(its_own, row.task_code.in_(now.scope)) if now.scope else its_own


def organisation(session: Session, *, organisation_id: int) -> Organisation:
    """One organisation; raises OrganisationNotFound."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise OrganisationNotFound
    return found


def holders(session: Session, *, organisation_id: int, task_codes: Collection[str] = ()) -> list[int]:
    """Who may act for an organisation today, in all of these items or at all: whom its news concern."""
    everything = func.jsonb_array_length(Standing.scope) == 0
    within = (or_(everything, Standing.scope.contains(list(task_codes))),) if task_codes else ()
    asked = select(Standing.citizen_id).where(Standing.organisation_id == organisation_id, *live(), *within)
    return list(session.scalars(asked.order_by(Standing.id)))


def representatives(session: Session, *, code: str) -> set[int]:
    """Who acts as legal representative of a company today: usually one, for a while two."""
    asked = (
        select(Standing.citizen_id)
        .join(Organisation, Organisation.id == Standing.organisation_id)
        .where(Organisation.code == code, Standing.role == Role.REPRESENTATIVE.value, *live())
    )
    return set(session.scalars(asked))


def ever_held(session: Session, *, organisation_id: int) -> list[int]:
    """Who acts or has acted for an organisation: whom its news may have concerned when they were told."""
    asked = select(Standing.citizen_id).where(Standing.organisation_id == organisation_id).distinct()
    return list(session.scalars(asked.order_by(Standing.citizen_id)))


def agents(session: Session, *, standing_id: int) -> list[Agent]:
    """Whom a representative authorised and who still acts, oldest first (经办人)."""
    asked = (
        select(Standing, Citizen.name, Citizen.phone)
        .join(Citizen, Citizen.id == Standing.citizen_id)
        .where(Standing.granted_by == standing_id, *live())
        .order_by(Standing.id)
    )
    return [
        Agent(
            standing.id,
            masked_name(name),
            phones.masked(phone),
            tuple(standing.scope),
            standing.expires_on,
            standing.began_at,
        )
        for standing, name, phone in session.execute(asked)
    ]


def invitations(session: Session, *, standing_id: int) -> Sequence[Invitation]:
    """The invitations of a representative that may still be accepted, oldest first."""
    asked = select(Invitation).where(Invitation.standing_id == standing_id, *still_good())
    return session.scalars(asked.order_by(Invitation.id)).all()


def offered(session: Session, *, code: str) -> Offered:
    """What somebody is invited to; raises InvitationOver."""
    found = session.execute(
        select(Invitation, Organisation.code, Organisation.name)
        .join(Standing, Standing.id == Invitation.standing_id)
        .join(Organisation, Organisation.id == Standing.organisation_id)
        .where(Invitation.code_hash == token_hash(code), *still_good(), *live())
    ).one_or_none()
    if found is None:
        raise InvitationOver
    invitation, organisation_code, name = found
    return Offered(organisation_code, name, tuple(invitation.scope), invitation.agent_until)


def standing_facts(session: Session, *, standing_id: int) -> StandingFacts:
    """The facts of one standing; raises OrganisationNotFound."""
    giver = aliased(Standing)
    found = session.execute(
        select(Standing, Organisation.name, Citizen.name.label("agent"), giver.citizen_id.label("giver_id"))
        .join(Organisation, Organisation.id == Standing.organisation_id)
        .join(Citizen, Citizen.id == Standing.citizen_id)
        .outerjoin(giver, giver.id == Standing.granted_by)
        .where(Standing.id == standing_id)
    ).one_or_none()
    if found is None:
        raise OrganisationNotFound
    standing, name, agent, giver_id = found
    return StandingFacts(standing.citizen_id, masked_name(agent), giver_id, name, standing.expires_on)


def still_good() -> tuple[ColumnElement[bool], ...]:
    """What makes an invitation good for its one use."""
    return (
        Invitation.taken_at.is_(None),
        Invitation.over_at > clock.now(),
        Invitation.agent_until >= clock.today(),
    )


def live() -> tuple[ColumnElement[bool], ...]:
    """What makes a standing count today; its last day counts."""
    return (
        Standing.ended_at.is_(None),
        or_(Standing.expires_on.is_(None), Standing.expires_on >= clock.today()),
    )


def _joined() -> Select[Standing, Organisation]:
    return select(Standing, Organisation).join(Organisation, Organisation.id == Standing.organisation_id)


def _acting(standing: Standing, organisation: Organisation) -> Acting:
    return Acting(
        standing_id=standing.id,
        organisation_id=organisation.id,
        code=organisation.code,
        name=organisation.name,
        role=Role(standing.role),
        scope=tuple(standing.scope),
        expires_on=standing.expires_on,
        proven_by=standing.proven_by,
    )
