"""Proving that a citizen is a company's legal representative (法定代表人核验).

Each step is: write the intent and commit → ask the registry → write the answer in a second unit of work.
What the registry did not answer stays `asking`, and the job asks again: asking changes nothing there.
"""

from dataclasses import dataclass

from app import batches, idempotency
from app.db import unit_of_work
from app.organisations import claims
from app.organisations.claims import REFUSALS
from app.organisations.errors import (
    IdentityUnproven,
    NotRepresentative,
    OrganisationClosed,
    OrganisationUnknown,
    ProofNotJoined,
)
from app.organisations.models import ClaimState, OrganisationClaim
from platforms import directory, failures
from platforms.errors import PlatformError
from platforms.registry import Registry, RepresentativeFact, UnitStanding

_BATCH = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """Who taps to act for which company."""

    citizen_id: int
    code: str
    claim: idempotency.Claim


def prove(wish: Wish) -> OrganisationClaim:
    """Ask whether a citizen represents a company; `asking` when nobody answered, and the job goes on.

    Raises OrganisationCodeWrong, IdentityUnproven, ClaimedTooOften, ProofNotJoined, or the registry's no:
    NotRepresentative, OrganisationUnknown, OrganisationClosed.
    """
    client = _client()
    with unit_of_work() as session:
        asked = claims.intend(session, citizen_id=wish.citizen_id, code=wish.code, claim=wish.claim)
    if asked.state == ClaimState.ASKING:
        _settle(client, asked, tell=False)
        with unit_of_work() as session:
            asked = claims.of_citizen(session, citizen_id=wish.citizen_id, claim_id=asked.id)
    if asked.refusal is not None:
        raise REFUSALS[asked.refusal]
    return asked


def ask_again() -> int:
    """Ask about representatives whose answer is not known (job); how many were asked about."""
    client = directory.current().registry
    if client is None:
        return 0
    return batches.one_by_one(
        claims.claim_unknown,
        lambda asked: _settle(client, asked, tell=True),
        kind="representative",
        at_most=_BATCH,
    )


def _settle(client: Registry, asked: OrganisationClaim, *, tell: bool) -> bool:
    """Ask, and write down the answer; False when there was none."""
    try:
        with unit_of_work() as session:
            person = claims.person(session, citizen_id=asked.citizen_id)
    except IdentityUnproven:  # the number was given up meanwhile
        _refuse(asked, NotRepresentative.code, tell=tell)
        return True
    told = {"name": person.name, "id_number": person.id_number, "phone": person.phone}
    try:
        fact = client.representative(asked.code, {key: value for key, value in told.items() if value})
    except PlatformError as error:
        failures.note(error)
        return False
    no = _refusal(fact)
    if fact is None or no is not None:
        _refuse(asked, no or OrganisationUnknown.code, tell=tell)
        return True
    with unit_of_work() as session:
        claims.prove(session, claim_id=asked.id, name=fact.name, proof=person.proof, tell=tell)
    return True


def _refusal(fact: RepresentativeFact | None) -> str | None:
    """Who does not represent a company is told only that, not how it stands."""
    if fact is None:
        return OrganisationUnknown.code
    if not fact.represented:
        return NotRepresentative.code
    return None if fact.standing is UnitStanding.ACTIVE else OrganisationClosed.code


def _refuse(asked: OrganisationClaim, reason: str, *, tell: bool) -> None:
    with unit_of_work() as session:
        claims.refuse(session, claim_id=asked.id, reason=reason, tell=tell)


def _client() -> Registry:
    client = directory.current().registry
    if client is None:
        raise ProofNotJoined
    return client
