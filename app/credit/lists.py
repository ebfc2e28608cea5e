"""Whether somebody is on a list of serious breaches (严重失信主体名单): asked by a job, known for a day.

Nobody waits for the platform: what a citizen does writes that it is to be asked, and reads what is known.
Whoever is listed does not promise (R109); of the red list nothing is kept, for nothing follows from it here.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import batches, clock, settings
from app.credit.errors import PromiseListed
from app.credit.events import ListingAnswered
from app.credit.list_models import CreditListing, ListingState
from app.credit.subjects import Subject
from app.crypto import blind_index
from app.db import unit_of_work
from app.events import publish

GOOD_FOR: Final = timedelta(days=1)
_LADDER_MIN: Final = (1, 2, 5, 15, 60, 240)
_PURPOSE: Final = "credit_listings.number"
_LONGEST_REFUSAL: Final = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """That somebody is on the list: who put them there, why, from when, and the last day if there is one."""

    authority: str
    reason: str
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def until_words(self) -> str:
        """Until when, as a sentence says it."""
        return "移出名单" if self.until is None else f"{self.until:%Y年%m月%d日}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """Somebody who is to be asked about, under the reference of the question."""

    listing_id: int
    reference: str


def is_asked() -> bool:
    """Whether the city is joined to a credit platform at all."""
    return settings.current().credit is not None


def index_of(subject: Subject) -> bytes:
    """By what somebody is found here."""
    return blind_index(f"{subject.kind.value}:{subject.number}", purpose=_PURPOSE)


def want(session: Session, subject: Subject | None) -> None:
    """Have somebody asked about, unless that was answered less than a day ago, or is being asked."""
    if subject is not None and is_asked():
        _ask(session, subject, where=CreditListing.answered_at < clock.now() - GOOD_FOR)


def want_anew(session: Session, subject: Subject) -> None:
    """Have somebody asked about at once, also whom the platform refused today (重新查询)."""
    _ask(session, subject, where=CreditListing.state == ListingState.REFUSED.value)


def refusals(session: Session, *, indexes: Collection[bytes]) -> dict[bytes, str]:
    """Why the platform does not answer about some, by what they are found by: one statement for all."""
    asked = select(CreditListing.subject_index, CreditListing.refusal).where(
        CreditListing.subject_index.in_(indexes), CreditListing.refusal.is_not(None)
    )
    return {row.subject_index: row.refusal for row in session.execute(asked)}


def known(session: Session, subject: Subject) -> list[Entry] | None:
    """The entries that count today; None while nobody knows.

    An answer that comes meanwhile waits until the caller's unit of work has ended: either it is read here, or
    whoever follows answers finds what the caller wrote.
    """
    asked = select(CreditListing).where(CreditListing.subject_index == index_of(subject))
    locked = asked.with_for_update(read=True).execution_options(populate_existing=True)
    found = session.scalars(locked).one_or_none()
    if found is None or found.answered_at is None or found.answered_at < clock.now() - GOOD_FOR:
        return None
    return entries_of(found)


def entries_of(listing: CreditListing) -> list[Entry] | None:
    """The entries of an answer that count today; None where there is none: nobody is clean by silence."""
    if listing.sealed_entries is None:
        return None
    today = clock.today()
    read = [_entry(each) for each in json.loads(listing.sealed_entries)]
    return [entry for entry in read if entry.holds_on(today)]


def refuse_listed(session: Session, subject: Subject | None) -> None:
    """Raises PromiseListed for whoever is known to be on the list today (R109)."""
    if subject is None or not is_asked():
        return
    for entry in known(session, subject) or ():
        raise PromiseListed(authority=entry.authority, until=entry.until_words)


def claim(session: Session) -> Claimed | None:
    """Whoever waits longest of those whose moment has come; their next one is later."""
    now = clock.now()
    due = (
        select(CreditListing.id, CreditListing.wanted_at, CreditListing.checks)
        .where(CreditListing.state == ListingState.ASKING.value, CreditListing.next_check_at <= now)
        .order_by(CreditListing.next_check_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(due).one_or_none()
    if found is None:
        return None
    later = batches.next_check(now, checks=found.checks, ladder_min=_LADDER_MIN)
    session.execute(
        update(CreditListing)
        .where(CreditListing.id == found.id)
        .values(next_check_at=later, checks=CreditListing.checks + 1)
    )
    # The same while one question is open, another when it is asked anew the next day.
    return Claimed(found.id, f"YMMD-{found.id:010d}-{int(found.wanted_at.timestamp())}")


def note_answer(session: Session, *, listing_id: int, entries: list[Entry]) -> None:
    """Write down what the platform says, once; who waits for it is told."""
    kept = [
        {
            "authority": entry.authority,
            "reason": entry.reason,
            "since": entry.since.isoformat(),
            "until": None if entry.until is None else entry.until.isoformat(),
        }
        for entry in entries
    ]
    answered = session.scalar(
        update(CreditListing)
        .where(CreditListing.id == listing_id, CreditListing.state == ListingState.ASKING.value)
        .values(
            state=ListingState.KNOWN.value,
            sealed_entries=json.dumps(kept, ensure_ascii=False),
            answered_at=clock.now(),
        )
        .returning(CreditListing.id)
    )
    if answered is not None:
        publish(session, ListingAnswered(answered))


def note_refused(session: Session, *, listing_id: int, reason: str) -> None:
    """Write down that the platform does not answer, and why; it is asked the next day, or at the desk."""
    session.execute(
        update(CreditListing)
        .where(CreditListing.id == listing_id, CreditListing.state == ListingState.ASKING.value)
        .values(
            state=ListingState.REFUSED.value,
            refusal=reason[:_LONGEST_REFUSAL] or "refused",
            answered_at=clock.now(),
        )
    )


def forget_old() -> int:
    """Forget answers that are good for nothing any more (job); how many. A question waits for its answer."""
    old = CreditListing.answered_at < clock.now() - GOOD_FOR
    with unit_of_work() as session:
        return len(session.scalars(delete(CreditListing).where(old).returning(CreditListing.id)).all())


def _ask(session: Session, subject: Subject, *, where: ColumnElement[bool]) -> None:
    """Write that somebody is to be asked about; of whom that was asked before only `where`."""
    now = clock.now()
    asking: dict[str, Any] = {
        "state": ListingState.ASKING.value,
        "wanted_at": now,
        "next_check_at": now,
        "checks": 0,
        "answered_at": None,
        "sealed_entries": None,
        "refusal": None,
    }
    row = insert(CreditListing).values(
        kind=subject.kind.value,
        subject_index=index_of(subject),
        sealed_number=subject.number,
        **asking,
    )
    session.execute(
        row.on_conflict_do_update(index_elements=[CreditListing.subject_index], set_=asking, where=where)
    )


def _entry(read: dict[str, Any]) -> Entry:
    until = read["until"]
    return Entry(
        authority=read["authority"],
        reason=read["reason"],
        since=date.fromisoformat(read["since"]),
        until=None if until is None else date.fromisoformat(until),
    )
