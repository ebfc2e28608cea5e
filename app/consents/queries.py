"""What can be asked about consents (查看同意)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consents.errors import ConsentUnknown
from app.consents.models import Consent, Ended
from app.consents.purposes import WORDINGS, Purpose, Wording


class State(StrEnum):
    """How it stands with one purpose; only `given` allows anything."""

    NEVER = "never"
    GIVEN = "given"
    TEXT_CHANGED = "text_changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Standing:
    """One purpose with its words, and how it stands with it; the times are those of the last consent."""

    purpose: Purpose
    wording: Wording
    state: State
    given_at: datetime | None
    withdrawn_at: datetime | None


def allows(session: Session, *, citizen_id: int, purpose: Purpose, hold: bool = False) -> bool:
    """Whether the citizen agrees to a purpose, in the words of today (是否同意).

    `hold`: it is not taken back before this unit of work ends; what it allows is done before that, or never.
    """
    found = select(Consent.id).where(
        Consent.citizen_id == citizen_id,
        Consent.purpose == purpose.value,
        Consent.ended_at.is_(None),
        Consent.text_version == WORDINGS[purpose].version,
    )
    return session.scalar(found.with_for_update(read=True) if hold else found) is not None


def standing(session: Session, *, citizen_id: int) -> list[Standing]:
    """Every purpose that may be asked for, and how it stands (我的同意)."""
    last = {
        consent.purpose: consent
        for consent in session.scalars(
            select(Consent).where(Consent.citizen_id == citizen_id).order_by(Consent.id)
        )
    }
    return [_standing(purpose, last.get(purpose.value)) for purpose in Purpose]


def of_citizen(
    session: Session, *, citizen_id: int, before_id: int | None = None, limit: int
) -> Sequence[Consent]:
    """Every consent there ever was, newest first (同意记录)."""
    asked = select(Consent).where(Consent.citizen_id == citizen_id)
    if before_id is not None:
        asked = asked.where(Consent.id < before_id)
    return session.scalars(asked.order_by(Consent.id.desc()).limit(limit)).all()


def purpose_named(name: str) -> Purpose:
    """The purpose of this name; raises ConsentUnknown."""
    try:
        return Purpose(name)
    except ValueError:
        raise ConsentUnknown from None


def _standing(purpose: Purpose, last: Consent | None) -> Standing:
    wording = WORDINGS[purpose]
    if last is None:
        return Standing(purpose, wording, State.NEVER, None, None)
    if last.ended == Ended.WITHDRAWN:
        return Standing(purpose, wording, State.WITHDRAWN, last.given_at, last.ended_at)
    state = State.GIVEN if last.text_version == wording.version else State.TEXT_CHANGED
    return Standing(purpose, wording, state, last.given_at, None)
