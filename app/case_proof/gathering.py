"""Bringing what happened to a case into its chain (入链): by a job some seconds later, and before a download.

Triggers of the database call for it whoever writes, so no room can forget to; a step is in the chain once.
"""

import logging
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import clock, troubles
from app.case_proof import chain, steps
from app.case_proof.chain import Link
from app.case_proof.models import (
    CaseProofCall,
    CaseProofTrouble,
    CaseReceipt,
    CaseReceiptOpening,
    DailyRoot,
)
from app.case_proof.steps import Step
from app.cases.models import Case
from app.crypto import UnreadableError
from app.db import unit_of_work
from app.errors import DomainError
from app.people.models import Citizen

log = logging.getLogger(__name__)

_DAY_LOCK = "case_proof\nday"
_MOST_AT_ONCE = 500
# What one case may come to grief by without holding up the others, nor the roots of the days.
_TROUBLE = (
    *(DomainError, SQLAlchemyError, UnreadableError),
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
)


def follow() -> int:
    """Bring every case that was called for up to date (job); how many. Safe to repeat and in parallel.

    A case that cannot be read keeps its call for the next run and does not hold up the others; it is said
    once and then counted.
    """
    done, seen = 0, 0
    while done < _MOST_AT_ONCE and (case_id := _next_call(seen)) is not None:
        seen = case_id
        try:
            with unit_of_work() as session:
                keep_up(session, case_id=case_id)
        except _TROUBLE as error:
            if troubles.is_new(CaseProofTrouble, error, case_id=case_id):
                log.exception("case_not_in_chain", extra={"case_id": case_id})
        else:
            done += 1
    return done


def keep_up(session: Session, *, case_id: int) -> int:
    """Add what is not in the chain of a case yet; how many receipts. A draft has no chain.

    The chain is held until the unit of work ends; what comes meanwhile calls anew. Of an applicant whose
    account is closed the receipts alone are kept, without what they say.
    """
    hold_day(session, alone=False)
    _hold_chain(session, case_id)
    # Calls first: one that is written after the rows were read must stay.
    session.execute(delete(CaseProofCall).where(CaseProofCall.case_id == case_id))
    session.execute(delete(CaseProofTrouble).where(CaseProofTrouble.case_id == case_id))
    case = session.get_one(Case, case_id, populate_existing=True)
    if case.submitted_at is None:
        return 0
    known = set(session.scalars(select(CaseReceipt.source).where(CaseReceipt.case_id == case_id)))
    fresh = [step for step in steps.of_case(session, case) if step.source not in known]
    if fresh:
        _append(session, case, fresh, forgotten=_is_forgotten(session, case))
    return len(fresh)


def hold_day(session: Session, *, alone: bool) -> None:
    """Nobody ends a day while receipts are written into it, and nobody writes while it is ended."""
    lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
    session.execute(select(lock(func.hashtextextended(_DAY_LOCK, 0))))


def _is_forgotten(session: Session, case: Case) -> bool:
    """Whether the account was closed; it cannot be until the unit of work ends. A company's case stays."""
    held = (
        select(Citizen.closed_at)
        .where(Citizen.id == case.citizen_id)
        .with_for_update(key_share=True, read=True)
    )
    return session.scalars(held).one() is not None and case.organisation_id is None


def _append(session: Session, case: Case, fresh: list[Step], *, forgotten: bool) -> None:
    last = session.execute(
        select(CaseReceipt.seq, CaseReceipt.hash)
        .where(CaseReceipt.case_id == case.id)
        .order_by(CaseReceipt.seq.desc())
        .limit(1)
    ).one_or_none()
    seq, before = (0, chain.BEGINNING) if last is None else (last.seq, last.hash)
    now, day = clock.now(), _open_day(session)
    receipts: list[dict[str, object]] = []
    openings: list[dict[str, object]] = []
    for step in fresh:
        seq += 1
        opened = chain.opening(step.content)
        link = Link(
            case_no=case.case_no,
            seq=seq,
            kind=step.kind,
            source=step.source,
            at=step.at,
            noted_at=now,
            day=day,
            commitment=chain.commitment(opened),
            previous=before,
        )
        before = chain.digest(link)
        receipts.append(_row(case.id, link, before))
        openings.append({"case_id": case.id, "seq": seq, "opened": opened})
    session.execute(insert(CaseReceipt), receipts)
    if not forgotten:
        session.execute(insert(CaseReceiptOpening), openings)


def _open_day(session: Session) -> date:
    """Today, or the first day that has no root yet: nothing comes into a day that is over."""
    ended = session.scalar(select(func.max(DailyRoot.day)))
    today = clock.today()
    return today if ended is None else max(today, ended + timedelta(days=1))


def _row(case_id: int, link: Link, found: bytes) -> dict[str, object]:
    return {
        "case_id": case_id,
        "seq": link.seq,
        "kind": link.kind,
        "source": link.source,
        "at": link.at,
        "noted_at": link.noted_at,
        "day": link.day,
        "commitment": link.commitment,
        "previous": link.previous,
        "hash": found,
    }


def _hold_chain(session: Session, case_id: int) -> None:
    """One writer of a chain at a time; else two receipts would hang on the same one."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"case_proof\n{case_id}", 0))))


def _next_call(after: int) -> int | None:
    with unit_of_work() as session:
        return session.scalar(select(func.min(CaseProofCall.case_id)).where(CaseProofCall.case_id > after))
