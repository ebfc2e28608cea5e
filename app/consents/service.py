"""Giving a consent and taking it back (给予同意、撤回同意): one tap each, and both hold at once.

《个人信息保护法》 art. 15: it can be taken back at any time, as easily as it was given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.audit.chain import Word
from app.consents.errors import ConsentTextChanged
from app.consents.models import Consent, Ended
from app.consents.purposes import WORDINGS, Purpose


@dataclass(frozen=True, slots=True)
class Follower:
    """What else changes with a consent, in the same unit of work; each takes the citizen's id."""

    given: Callable[[Session, int], None]
    withdrawn: Callable[[Session, int], None]


_followers: dict[Purpose, Follower] = {}


def wire(followers: Mapping[Purpose, Follower]) -> None:
    """Say which rooms above this one follow a consent; called once by bootstrap."""
    _followers.clear()
    _followers.update(followers)


def give(session: Session, *, citizen_id: int, purpose: Purpose, version: int, channel: str) -> None:
    """Agree to a purpose in the words of a version (给予同意); repeating it changes nothing.

    A consent to earlier words ends as renewed. Raises ConsentTextChanged unless the words are today's.
    """
    if version != WORDINGS[purpose].version:
        raise ConsentTextChanged
    now = clock.now()
    session.execute(
        update(Consent)
        .where(*_live(citizen_id, purpose), Consent.text_version != version)
        .values(ended_at=now, ended=Ended.RENEWED)
    )
    given = session.scalar(
        insert(Consent)
        .values(
            citizen_id=citizen_id,
            purpose=purpose.value,
            text_version=version,
            channel=channel,
            given_at=now,
        )
        .on_conflict_do_nothing(
            index_elements=[Consent.citizen_id, Consent.purpose], index_where=text("ended_at IS NULL")
        )
        .returning(Consent.id)
    )
    if given is not None:
        if purpose in _followers:
            _followers[purpose].given(session, citizen_id)
        details: dict[str, Word] = {"purpose": purpose.value, "version": version, "channel": channel}
        _note(session, citizen_id, action="consent_given", details=details)


def withdraw(session: Session, *, citizen_id: int, purpose: Purpose, channel: str) -> None:
    """Take a consent back (撤回同意); it holds from this moment, and repeating it changes nothing."""
    ended = session.scalar(
        update(Consent)
        .where(*_live(citizen_id, purpose))
        .values(ended_at=clock.now(), ended=Ended.WITHDRAWN)
        .returning(Consent.text_version)
    )
    if ended is not None:
        if purpose in _followers:
            _followers[purpose].withdrawn(session, citizen_id)
        details: dict[str, Word] = {"purpose": purpose.value, "version": ended, "channel": channel}
        _note(session, citizen_id, action="consent_withdrawn", details=details)


def _live(citizen_id: int, purpose: Purpose) -> tuple[ColumnElement[bool], ...]:
    return (
        Consent.citizen_id == citizen_id,
        Consent.purpose == purpose.value,
        Consent.ended_at.is_(None),
    )


def _note(session: Session, citizen_id: int, *, action: str, details: Mapping[str, Word]) -> None:
    actor = f"citizen:{citizen_id}"
    audit.record(session, actor=actor, action=action, subject=actor, details=details, citizen_id=citizen_id)
