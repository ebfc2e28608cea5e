"""Who a citizen really is (实名核验): what an office has checked against a document, written down.

A clerk holds the document in hand, or the check was made elsewhere; only its outcome arrives here. What a
citizen types proves nothing. One number is one account's, and an account has one.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock, tries
from app.audit import service as audit
from app.check_characters import citizen_number
from app.crypto import blind_index
from app.events import publish
from app.people import phones
from app.people.errors import (
    AlreadyProven,
    CitizenUnknown,
    IdentityOfAnother,
    NothingProven,
    NumberOfAnother,
    ProvenTooOften,
)
from app.people.events import IdentityProven, IdentityWithdrawn
from app.people.models import Assurance, Citizen, IdentityTries, PaperCitizen

MOST_TRIES = 40
TRIES_COUNT_FOR = timedelta(hours=1)
_PURPOSE = "citizens.id_number"
# First digits that name a province (GB/T 2260), or a residence permit for 港澳台居民.
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")


class Document(StrEnum):
    """What a clerk holds in hand; all of them carry a number of 18 places (GB 11643)."""

    CARD = "居民身份证"
    INTERIM_CARD = "临时居民身份证"
    HOUSEHOLD_BOOK = "居民户口簿"
    RESIDENCE_PERMIT = "港澳台居民居住证"


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the document: the name, and the number in its one written form."""

    name: str
    number: str
    document: Document

    @property
    def region_is_known(self) -> bool:
        """Whether the number begins with a province of today; one that does not is looked at once more."""
        return _PROVINCES.match(self.number) is not None


def prove(session: Session, *, phone: str, name: str, number: str) -> Citizen:
    """Write down that the holder of a proven phone has shown who they are (实名); a repeat is harmless.

    Raises PhoneUnreadable, CitizenNumberWrong, CitizenUnknown when not exactly one account holds the phone,
    and AlreadyProven: a number is one person's, and an account has one.
    """
    right = citizen_number(number, today=clock.today())
    holds = Citizen.phone_index == phones.index(phones.normal(phone))
    found = session.scalars(select(Citizen).where(holds, Citizen.closed_at.is_(None)).with_for_update()).all()
    if len(found) != 1:
        raise CitizenUnknown
    (citizen,) = found
    if citizen.id_number not in (None, right):
        raise AlreadyProven
    try:
        with session.begin_nested():
            _write(citizen, name=name, number=right)
    except IntegrityError as taken:
        raise AlreadyProven from taken
    _note(session, citizen.id, actor="system", action="identity_proven")
    return citizen


def count_try(session: Session, *, clerk_id: int) -> None:
    """Count that a clerk enters an identity; raises ProvenTooOften.

    Counted by itself and before anything is looked at, so that also what is refused is counted: otherwise one
    could find out by trying whose number has an account.
    """
    if tries.count(session, IdentityTries, window=TRIES_COUNT_FOR, clerk_id=clerk_id) > MOST_TRIES:
        raise ProvenTooOften


def prove_shown(session: Session, *, citizen_id: int, shown: Shown, actor: str) -> bool:
    """Write down who somebody at the window showed to be (窗口核验); False when it was written down before.

    The citizen is told. Of two windows that prove one number to two accounts one comes first, by the unique
    index. Raises CitizenUnknown, IdentityOfAnother, NumberOfAnother.
    """
    citizen = held(session, citizen_id)
    if citizen.id_number is not None:
        if (citizen.id_number, citizen.name) != (shown.number, shown.name):
            raise IdentityOfAnother
        return False
    try:
        with session.begin_nested():
            _write(citizen, name=shown.name, number=shown.number)
    except IntegrityError as taken:
        raise NumberOfAnother from taken
    _note(session, citizen_id, actor=actor, action="identity_proven", document=shown.document.value)
    publish(session, IdentityProven(citizen_id, shown.document.value, clock.now().isoformat()))
    return True


def withdraw(session: Session, *, citizen_id: int, actor: str, reason: str) -> None:
    """Take a proven identity back (撤销实名); raises CitizenUnknown, NothingProven.

    What was handed in under it stays as it was. The citizen is told.
    """
    citizen = held(session, citizen_id)
    if citizen.id_number is None:
        raise NothingProven
    citizen.name = citizen.id_number = citizen.id_number_index = None
    citizen.assurance = Assurance.PHONE if citizen.phone else Assurance.PLATFORM
    # Whoever has no account is known by the document alone, and is made anew.
    session.execute(delete(PaperCitizen).where(PaperCitizen.citizen_id == citizen_id))
    _note(session, citizen_id, actor=actor, action="identity_withdrawn", reason=reason)
    publish(session, IdentityWithdrawn(citizen_id, clock.now().isoformat()))


def held(session: Session, citizen_id: int) -> Citizen:
    """An account that is open, locked until the unit of work ends; raises CitizenUnknown."""
    open_one = select(Citizen).where(Citizen.id == citizen_id, Citizen.closed_at.is_(None))
    found = session.scalar(open_one.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise CitizenUnknown
    return found


def number_index(number: str) -> bytes:
    """What the account of a proven number is found by."""
    return blind_index(number, purpose=_PURPOSE)


def index_of(session: Session, citizen_id: int) -> bytes | None:
    """What a citizen's proven number is found by; None while nothing is proven."""
    known = select(Citizen.id_number_index, Citizen.id_number).where(Citizen.id == citizen_id)
    index, number = session.execute(known).one()
    # Whoever has no account is found by the paper alone, under another key.
    return number_index(number) if index is None and number is not None else index


def _write(citizen: Citizen, *, name: str, number: str) -> None:
    citizen.name, citizen.id_number = name, number
    citizen.id_number_index = number_index(number)
    citizen.assurance = Assurance.REAL_NAME


def _note(session: Session, citizen_id: int, *, actor: str, action: str, **details: str) -> None:
    subject = f"citizen:{citizen_id}"
    audit.record(session, actor=actor, action=action, subject=subject, citizen_id=citizen_id, details=details)
