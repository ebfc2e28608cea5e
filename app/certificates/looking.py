"""Looking at a certificate that somebody shows (扫证照码): anybody may, and its holder sees it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock, tries
from app.certificates import queries, sharing, statements
from app.certificates.errors import LookedTooOften
from app.certificates.models import Certificate
from app.certificates.share_models import CertificateLook, CertificateShare, CertificateTry
from app.certificates.sharing import FACTS, HOLDER_NAME, WINDOW
from app.certificates.statements import Kind
from app.crypto import blind_index
from app.db import unit_of_work
from app.people.queries import masked_id_number

# An address may be a whole service hall.
TRIES = 60
# Long enough to complain of who looked; then nobody needs to know any more.
KEPT_FOR = timedelta(days=365)
_NUMBER = "holder_number"


class Outcome(StrEnum):
    """What a look found: something shown, or why nothing is."""

    SHOWN = "shown"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """What anybody with the code sees; `facts` are names and values that the holder chose to show."""

    outcome: Outcome
    certificate: Certificate | None = None
    state: str = ""
    holder: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """One showing with when it was looked at, for the holder."""

    share: CertificateShare
    looks: tuple[datetime, ...]

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be scanned."""
        return self.share.ended_at is None and at < self.share.expires_at


def look(session: Session, *, token: str, caller_address: str) -> Seen:
    """What the code of a certificate shows now; writes the look down.

    Each try counts, so the unit of work must be kept also when nothing is shown. Raises LookedTooOften.
    """
    _count(session, caller_address)
    said = statements.read(token)
    if said is None:
        return Seen(Outcome.UNKNOWN)
    if said.kind is Kind.PRINTED:
        found = queries.by_identifier(session, identifier=said.identifier)
        return Seen(Outcome.UNKNOWN) if found is None else _seen(found, ())
    row = session.execute(
        select(CertificateShare, Certificate)
        .join(Certificate, Certificate.id == CertificateShare.certificate_id)
        .where(CertificateShare.token_hash == sharing.hash_of(said.share_id))
    ).one_or_none()
    if row is None or row.CertificateShare.ended_at is not None:
        return Seen(Outcome.OVER)
    share, now = row.CertificateShare, clock.now()
    if share.expires_at <= now:
        return Seen(Outcome.OVER)
    session.add(CertificateLook(share_id=share.id, at=now))
    return _seen(row.Certificate, share.facts, expires_at=share.expires_at)


def is_of_certificate(content: str) -> bool:
    """Whether a scanned text is the code of a certificate of ours."""
    text = content.strip()
    token = text.removeprefix(statements.address(""))
    return token != text and statements.read(token) is not None


def past(session: Session, *, certificate_id: int, limit: int = 20) -> list[Past]:
    """The last showings of a certificate with their looks, newest first; two statements."""
    asked = select(CertificateShare).where(CertificateShare.certificate_id == certificate_id)
    shares = session.scalars(asked.order_by(CertificateShare.id.desc()).limit(limit)).all()
    return with_looks(session, shares)


def with_looks(session: Session, shares: Sequence[CertificateShare]) -> list[Past]:
    """Showings with when each was looked at, in one statement."""
    looks: dict[int, list[datetime]] = defaultdict(list)
    asked = select(CertificateLook.share_id, CertificateLook.at).order_by(CertificateLook.id)
    for share_id, at in session.execute(
        asked.where(CertificateLook.share_id.in_([each.id for each in shares]))
    ):
        looks[share_id].append(at)
    return [Past(each, tuple(looks[each.id])) for each in shares]


def forget_old() -> None:
    """Drop old showings with their looks, and counts whose window is over (job)."""
    with unit_of_work() as session:
        tries.forget_over(session, CertificateTry, window=WINDOW)
        session.execute(delete(CertificateShare).where(CertificateShare.shown_at < clock.now() - KEPT_FOR))


def _seen(certificate: Certificate, chosen: Sequence[str], *, expires_at: datetime | None = None) -> Seen:
    contents = queries.contents(certificate)
    values = {**contents, _NUMBER: masked_id_number(contents.get(_NUMBER)) or ""}
    return Seen(
        Outcome.SHOWN,
        certificate=certificate,
        state=certificate.state_on(clock.today()),
        holder=certificate.holder_name if HOLDER_NAME in chosen else sharing.public_holder(certificate),
        facts=tuple(
            (words.partition("（")[0], values[fact])
            for fact, words in FACTS.items()
            if fact in chosen and fact != HOLDER_NAME and values.get(fact)
        ),
        expires_at=expires_at,
    )


def _count(session: Session, address: str) -> None:
    caller = blind_index(tries.household(address), purpose="certificates.lookers")
    if tries.count(session, CertificateTry, window=WINDOW, caller=caller) > TRIES:
        raise LookedTooOften(retry_after=int(WINDOW.total_seconds()))
