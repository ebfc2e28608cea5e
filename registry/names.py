"""Looking a name up and reserving it (名称自助查重、自主申报).

Each step is: write the intent and commit → ask the registry → write the outcome in a second unit of work.
What the registry did not answer stays `sending`, and the job asks again under the same reference.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app import batches, idempotency
from app.db import unit_of_work
from app.enterprises import name_rules, queries, reservations
from app.enterprises.errors import (
    NameNotAllowed,
    NameTaken,
    RegistryAway,
    RegistryNotJoined,
    RegistryNumberTaken,
)
from app.enterprises.models import NameReservation, NameState
from app.enterprises.name_rules import RefusedWord
from platforms import directory, failures
from platforms.errors import PlatformError, Refused
from platforms.registry import NameStanding, Registry, ReservationFact

log = logging.getLogger(__name__)

_TAKEN = "name_taken"
_BATCH = 50


class Standing(StrEnum):
    """How a name stands for the citizen who asks."""

    FREE = "free"
    TAKEN = "taken"
    NOT_ALLOWED = "not_allowed"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a citizen is told about a name."""

    name: str
    standing: Standing
    similar: Sequence[str]
    refused: Sequence[RefusedWord]
    reservation: NameReservation | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Who taps to reserve which name."""

    citizen_id: int
    name: str
    claim: idempotency.Claim


def look_up(*, citizen_id: int, text: str) -> Verdict:
    """Say how a name stands (名称查重).

    Raises NameMalformed, NameCheckedTooOften, RegistryNotJoined, RegistryAway.
    """
    name = name_rules.read(text)
    client = _client()
    with unit_of_work() as session:
        reservations.count_check(session, citizen_id=citizen_id)
        own = queries.live(session, citizen_id=citizen_id, name=name)
    if refused := name_rules.refused_words(name):
        return Verdict(name, Standing.NOT_ALLOWED, (), refused, None)
    try:
        fact = client.look_up(name)
    except PlatformError as error:
        failures.note(error)
        raise RegistryAway(retry_after=30) from error
    told = [name_rules.refused_word(each.word, clause=each.clause) for each in fact.refused]
    standing = Standing(fact.standing.value)
    if own is not None and fact.standing is not NameStanding.NOT_ALLOWED:
        standing = Standing.MINE
    return Verdict(name, standing, fact.similar, told, own)


def reserve(wish: Wish) -> NameReservation:
    """Reserve a free name (名称申报); `sending` when the registry did not answer, and the job goes on.

    Raises NameMalformed, NameNotAllowed, NameTaken, TooManyNames, RegistryNotJoined,
    RegistryNumberTaken.
    """
    name = name_rules.read(wish.name)
    client = _client()
    if refused := name_rules.refused_words(name):
        raise NameNotAllowed(errors={"name": [f"“{each.word}”：{each.reason}" for each in refused]})
    with unit_of_work() as session:
        reservation = reservations.intend(session, citizen_id=wish.citizen_id, name=name, claim=wish.claim)
    if reservation.state == NameState.SENDING:
        _settle(client, reservation, tell=False)
        with unit_of_work() as session:
            reservation = queries.of_citizen(
                session, citizen_id=wish.citizen_id, reservation_id=reservation.id
            )
    if reservation.state == NameState.REFUSED:
        raise _refusal(reservation)
    return reservation


def ask_about_names() -> int:
    """Ask the registry what became of names whose outcome is not known (job); how many were asked about."""
    client = directory.current().registry
    if client is None:
        return 0
    return batches.one_by_one(
        reservations.claim_unknown,
        lambda reservation: _settle_later(client, reservation),
        kind="name",
        at_most=_BATCH,
    )


def _settle_later(client: Registry, reservation: NameReservation) -> bool:
    """As `_settle`, with nobody waiting; an answer that cannot be kept is asked for again at its moment."""
    try:
        return _settle(client, reservation, tell=True)
    except RegistryNumberTaken:
        log.warning("registry_number_taken", extra={"reservation": reservation.id})
        return True


def _settle(client: Registry, reservation: NameReservation, *, tell: bool) -> bool:
    """Send under the row's own reference, or ask first when it was sent before; write down the answer.

    False when there was none. Raises RegistryNumberTaken.
    """
    try:
        fact = client.reservation(reservation.reference) if reservation.checks else None
        fact = fact or client.reserve(
            reference=reservation.reference,
            name=reservation.name,
            applicant=f"yima-{reservation.citizen_id}",
        )
    except Refused as error:
        failures.note(error)
        with unit_of_work() as session:
            reservations.refuse(session, reservation_id=reservation.id, reason=error.platform_code, tell=tell)
        return True
    except PlatformError as error:
        failures.note(error)
        return False
    _write(reservation, fact)
    return True


def _write(reservation: NameReservation, fact: ReservationFact) -> None:
    kept = reservations.Kept(number=fact.number, expires_on=fact.expires_on)
    with unit_of_work() as session:
        reservations.keep(session, reservation_id=reservation.id, kept=kept)


def _refusal(reservation: NameReservation) -> NameNotAllowed | NameTaken:
    if reservation.refusal == _TAKEN:
        return NameTaken(name=reservation.name)
    return NameNotAllowed(errors={"name": ["市场监管登记系统没有通过这个名称，请换一个"]})


def _client() -> Registry:
    client = directory.current().registry
    if client is None:
        raise RegistryNotJoined
    return client
