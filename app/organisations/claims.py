"""Asking the registry whether somebody represents a company (法定代表人核验): the intent and the answer.

The registry decides. The intent is a row before anything is asked; what the registry did not answer stays
`asking`, and the job asks again, each time later.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Update, func, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import batches, clock, idempotency
from app.check_characters import organisation_code_is_right, tidy
from app.errors import Conflict
from app.events import publish
from app.organisations import queries, service
from app.organisations.errors import (
    ClaimedTooOften,
    IdentityUnproven,
    NotRepresentative,
    OrganisationClosed,
    OrganisationCodeWrong,
    OrganisationNotFound,
    OrganisationUnknown,
)
from app.organisations.events import ClaimSettled
from app.organisations.models import ClaimState, OrganisationClaim, Proof
from app.people import queries as people
from app.people.models import Assurance

REFUSALS: dict[str, type[Conflict]] = {
    error.code: error for error in (NotRepresentative, OrganisationUnknown, OrganisationClosed)
}
MOST_A_DAY = 10
_DAY = timedelta(days=1)
# How long the request that made a row has it to itself before the job asks.
_HEAD_START = timedelta(seconds=30)
# Minutes between two questions that got no answer.
_LADDER_MIN = (1, 1, 5, 15, 30, 60)


@dataclass(frozen=True, slots=True)
class Person:
    """What is proven of a citizen, for the registry: name and number, or else the bound phone."""

    proof: Proof
    name: str | None
    id_number: str | None
    phone: str | None


def person(session: Session, *, citizen_id: int) -> Person:
    """By what the registry may know a citizen (核验方式); raises IdentityUnproven."""
    found = people.citizen(session, citizen_id=citizen_id)
    if found.assurance >= Assurance.REAL_NAME and found.name and found.id_number:
        return Person(Proof.REAL_NAME, found.name, found.id_number, None)
    if found.assurance >= Assurance.PHONE and found.phone:
        return Person(Proof.PHONE, None, None, found.phone)
    raise IdentityUnproven


def intend(session: Session, *, citizen_id: int, code: str, claim: idempotency.Claim) -> OrganisationClaim:
    """The row of this question: that of the same tap, the one still open, or a new one.

    Raises OrganisationCodeWrong, IdentityUnproven, ClaimedTooOften.
    """
    code = tidy(code)
    if not organisation_code_is_right(code):
        raise OrganisationCodeWrong(errors={"code": ["统一社会信用代码有误，请对照营业执照核对"]})
    person(session, citizen_id=citizen_id)
    kept = idempotency.begin(session, claim)
    if kept is not None:
        return of_citizen(session, citizen_id=citizen_id, claim_id=int(kept.body))
    made = _open(session, citizen_id=citizen_id, code=code) or _new(session, citizen_id=citizen_id, code=code)
    idempotency.keep(session, claim, idempotency.Answer(201, str(made.id).encode()))
    return made


def prove(session: Session, *, claim_id: int, name: str, proof: Proof, tell: bool) -> bool:
    """Write down that the registry knows the citizen as representative; False when the answer was known.

    `tell`: nobody is waiting for the answer, so that it needs a message. Whoever represented the company
    before somebody new was proven is asked about again at once.
    """
    proven = session.execute(
        _still_asking(claim_id)
        .values(state=ClaimState.PROVEN, answered_at=clock.now())
        .returning(OrganisationClaim.citizen_id, OrganisationClaim.code, OrganisationClaim.recheck)
    ).one_or_none()
    if proven is None:
        return False
    before = queries.representatives(session, code=proven.code)
    service.represent(session, citizen_id=proven.citizen_id, code=proven.code, name=name, proof=proof)
    if proven.citizen_id not in before:
        _recheck(session, before, code=proven.code)
    if tell and not proven.recheck:
        publish(session, ClaimSettled(claim_id))
    return True


def refuse(session: Session, *, claim_id: int, reason: str, tell: bool) -> bool:
    """Write down why not, one of REFUSALS; False when the answer was known.

    Whoever was representative by an earlier answer is that no longer.
    """
    refused = session.execute(
        _still_asking(claim_id)
        .values(state=ClaimState.REFUSED, answered_at=clock.now(), refusal=reason)
        .returning(OrganisationClaim.citizen_id, OrganisationClaim.code, OrganisationClaim.recheck)
    ).one_or_none()
    if refused is None:
        return False
    service.disprove(session, citizen_id=refused.citizen_id, code=refused.code)
    if tell and not refused.recheck:
        publish(session, ClaimSettled(claim_id))
    return True


def claim_unknown(session: Session) -> OrganisationClaim | None:
    """The next question without an answer whose moment has come; its next moment is later."""
    now = clock.now()
    due = (
        select(OrganisationClaim)
        .where(_ASKING, OrganisationClaim.next_check_at <= now)
        .order_by(OrganisationClaim.next_check_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.scalar(due)
    if found is not None:
        found.next_check_at = batches.next_check(now, checks=found.checks, ladder_min=_LADDER_MIN)
        found.checks += 1
    return found


def of_citizen(session: Session, *, citizen_id: int, claim_id: int) -> OrganisationClaim:
    """One question of this citizen; raises OrganisationNotFound."""
    asked = select(OrganisationClaim).where(
        OrganisationClaim.id == claim_id, OrganisationClaim.citizen_id == citizen_id
    )
    found = session.scalar(asked.execution_options(populate_existing=True))
    if found is None:
        raise OrganisationNotFound
    return found


def settled(session: Session, *, claim_id: int) -> OrganisationClaim:
    """A question with its answer, for a message; raises OrganisationNotFound."""
    found = session.get(OrganisationClaim, claim_id)
    if found is None:
        raise OrganisationNotFound
    return found


def waiting(session: Session, *, citizen_id: int) -> list[OrganisationClaim]:
    """What the citizen asked and the registry has not answered yet, oldest first."""
    asked = select(OrganisationClaim).where(
        _ASKING, OrganisationClaim.citizen_id == citizen_id, ~OrganisationClaim.recheck
    )
    return list(session.scalars(asked.order_by(OrganisationClaim.id)))


# Literal, so that the partial indexes are recognised also once PostgreSQL plans generically.
_ASKING = OrganisationClaim.state == literal_column(f"'{ClaimState.ASKING}'")


def _still_asking(claim_id: int) -> Update:
    return update(OrganisationClaim).where(OrganisationClaim.id == claim_id, _ASKING)


def _recheck(session: Session, citizen_ids: Collection[int], *, code: str) -> None:
    """Have the job ask about these at once; of whom something is being asked already that is enough."""
    now = clock.now()
    for citizen_id in sorted(citizen_ids):
        session.execute(
            insert(OrganisationClaim)
            .values(citizen_id=citizen_id, code=code, created_at=now, next_check_at=now, recheck=True)
            .on_conflict_do_nothing(
                index_elements=[OrganisationClaim.citizen_id, OrganisationClaim.code],
                index_where=text("state = 'asking'"),
            )
        )


def _open(session: Session, *, citizen_id: int, code: str) -> OrganisationClaim | None:
    """The citizen's open question about this company; taps of one citizen come one after the other.

    One that nobody asked for becomes theirs, and with it the answer.
    """
    one_at_a_time = func.pg_advisory_xact_lock(func.hashtextextended(f"organisations\n{citizen_id}", 0))
    session.execute(select(one_at_a_time))
    return session.scalar(
        update(OrganisationClaim)
        .where(_ASKING, OrganisationClaim.citizen_id == citizen_id, OrganisationClaim.code == code)
        .values(recheck=False)
        .returning(OrganisationClaim)
    )


def _new(session: Session, *, citizen_id: int, code: str) -> OrganisationClaim:
    now = clock.now()
    lately = select(func.count()).where(
        OrganisationClaim.citizen_id == citizen_id,
        OrganisationClaim.created_at > now - _DAY,
        ~OrganisationClaim.recheck,
    )
    if (session.scalar(lately) or 0) >= MOST_A_DAY:
        raise ClaimedTooOften(retry_after=int(_DAY.total_seconds()))
    made = OrganisationClaim(
        citizen_id=citizen_id, code=code, created_at=now, next_check_at=now + _HEAD_START
    )
    session.add(made)
    session.flush()
    return made
