"""Whether an application wants a second person's signature, and how it stands (查询共同申请人签名)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.cases.co_sign_errors import CoSignNotFound
from app.cases.co_sign_models import LIVE, CoSigning, CoState
from app.cases.models import Case
from app.cases.states import State
from app.catalogue.queries import Guide
from app.db import LARGEST_ID
from app.people.models import Citizen
from app.people.queries import masked_name


@dataclass(frozen=True, slots=True)
class Bound:
    """An invitation that somebody took, with its case and the name of its applicant, masked."""

    row: CoSigning
    case: Case
    applicant: str | None


@dataclass(frozen=True, slots=True)
class CoSigned:
    """A second person's signature as the office reads it; no name: of somebody whom nobody has checked."""

    name: str | None
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class CoSignFacts:
    """What a message about a signature says: of which case, who applies and who signs."""

    case: Case
    signer_id: int | None
    signer: str | None


def wanted(case: Case, guide: Guide) -> str:
    """Who must sign besides the applicant, as the guide says it; empty: nobody.

    A company's application is signed by whoever acts for it alone.
    """
    return "" if case.organisation_id is not None else str(guide.body.get("co_signer") or "")


def of_case(session: Session, *, case_id: int) -> CoSigning | None:
    """The invitation of a case that is live, if there is one."""
    return session.scalar(select(CoSigning).where(CoSigning.case_id == case_id, CoSigning.state.in_(LIVE)))


def latest(session: Session, *, case_id: int) -> CoSigning | None:
    """The last invitation of a case, live or over."""
    asked = select(CoSigning).where(CoSigning.case_id == case_id).order_by(CoSigning.id.desc()).limit(1)
    return session.scalar(asked)


def mine(session: Session, *, citizen_id: int, co_signing_id: int) -> Bound:
    """One that a citizen took; raises CoSignNotFound, also for another's."""
    if co_signing_id > LARGEST_ID:
        raise CoSignNotFound
    found = session.execute(_bound(citizen_id).where(CoSigning.id == co_signing_id)).one_or_none()
    if found is None:
        raise CoSignNotFound
    return Bound(found[0], found[1], masked_name(found[2]))


def of_citizen(
    session: Session, *, citizen_id: int, before_id: int | None = None, limit: int
) -> Sequence[Bound]:
    """What a citizen was asked to sign and took, newest first (请我签名的)."""
    asked = _bound(citizen_id)
    if before_id is not None:
        asked = asked.where(CoSigning.id < before_id)
    rows = session.execute(asked.order_by(CoSigning.id.desc()).limit(limit))
    return [Bound(row, case, masked_name(name)) for row, case, name in rows]


def given(session: Session, case: Case) -> CoSigned | None:
    """Who signed what was handed in, for the office; None while it is not, or where nobody else must."""
    if State(case.state) is State.DRAFT:
        return None
    asked = (
        select(Citizen.name, CoSigning.signed_at)
        .join(Citizen, Citizen.id == CoSigning.citizen_id)
        .where(CoSigning.case_id == case.id, CoSigning.state == CoState.SIGNED)
    )
    found = session.execute(asked).one_or_none()
    return None if found is None else CoSigned(found.name, found.signed_at)


def signer_name(session: Session, row: CoSigning) -> str | None:
    """Who took an invitation, masked; None while nobody did, or of somebody without a name."""
    if row.citizen_id is None:
        return None
    return masked_name(session.scalar(select(Citizen.name).where(Citizen.id == row.citizen_id)))


def facts(session: Session, *, co_signing_id: int) -> CoSignFacts:
    """What a message about a signature says."""
    row = session.get_one(CoSigning, co_signing_id, populate_existing=True)
    case = session.get_one(Case, row.case_id)
    return CoSignFacts(case, row.citizen_id, signer_name(session, row))


def _bound(citizen_id: int) -> Select[CoSigning, Case, str | None]:
    return (
        select(CoSigning, Case, Citizen.name)
        .join(Case, Case.id == CoSigning.case_id)
        .join(Citizen, Citizen.id == Case.citizen_id)
        .where(CoSigning.citizen_id == citizen_id)
    )
