"""Whether the proof of all cases is whole (核验凭据链): chains, what they say, and the roots of the days."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.case_proof import chain, days, merkle, steps
from app.case_proof.chain import Link
from app.case_proof.models import CaseProofCall, CaseReceipt, CaseReceiptOpening, DailyLeaf, DailyRoot
from app.case_proof.steps import Step
from app.cases.models import Case
from app.crypto import UnreadableError
from app.people.models import Citizen
from app.signatures import keys
from app.signatures.keys import Purpose, Signature

_BATCH = 200
# What is never removed from its table.
_LASTING = frozenset(
    {"step", "clock", "document", "file", "decision", "undertaking", "opinion", "parcel", "delivery"}
)


def link_of(receipt: CaseReceipt, case_no: str) -> Link:
    """What is hashed of a stored receipt."""
    return Link(
        case_no=case_no,
        seq=receipt.seq,
        kind=receipt.kind,
        source=receipt.source,
        at=receipt.at,
        noted_at=receipt.noted_at,
        day=receipt.day,
        commitment=receipt.commitment,
        previous=receipt.previous,
    )


def faults(session: Session) -> Iterator[str]:
    """What is not as it was written, one sentence each; nothing when all is whole. Reads everything."""
    after = 0
    while batch := session.scalars(
        select(Case).where(Case.id > after, Case.submitted_at.is_not(None)).order_by(Case.id).limit(_BATCH)
    ).all():
        for case in batch:
            yield from _of_case(session, case)
        after = batch[-1].id
        session.expunge_all()
    yield from _of_days(session)


def _of_case(session: Session, case: Case) -> Iterator[str]:
    asked = select(CaseReceipt).where(CaseReceipt.case_id == case.id).order_by(CaseReceipt.seq)
    receipts = session.scalars(asked).all()
    before = chain.BEGINNING
    for number, receipt in enumerate(receipts, start=1):
        whole = receipt.seq == number and receipt.previous == before
        if not whole or chain.digest(link_of(receipt, case.case_no)) != receipt.hash:
            yield f"case {case.case_no}: the chain breaks at receipt {receipt.seq}"
            return
        before = receipt.hash
    yield from _of_contents(session, case, {receipt.seq: receipt for receipt in receipts})


def _of_contents(session: Session, case: Case, receipts: dict[int, CaseReceipt]) -> Iterator[str]:
    """What receipts say against their commitments, and against the rows that they are about."""
    asked = select(CaseReceiptOpening.seq, CaseReceiptOpening.opened)
    asked = asked.where(CaseReceiptOpening.case_id == case.id).order_by(CaseReceiptOpening.seq)
    try:
        now = {step.source: step for step in steps.of_case(session, case)}
        openings = session.execute(asked).all()
    except UnreadableError:
        yield f"case {case.case_no}: what a receipt or a row of it says was changed"
        return
    yield from _of_what_is_missing(session, case, now, said={opening.seq for opening in openings})
    for seq, opened in openings:
        receipt = receipts.get(seq)
        if receipt is None or chain.commitment(opened) != receipt.commitment:
            yield f"case {case.case_no}: what receipt {seq} says was changed"
            continue
        step = now.get(receipt.source)
        if step is None or not step.lasting:
            if step is None and receipt.kind in _LASTING:
                yield f"case {case.case_no}: {receipt.source} of receipt {seq} is gone"
            continue
        if json.loads(opened)["content"] != step.content or step.at != receipt.at:
            yield f"case {case.case_no}: {receipt.source} is not as receipt {seq} has it"


def _of_what_is_missing(
    session: Session, case: Case, now: dict[str, Step], *, said: set[int]
) -> Iterator[str]:
    """Receipts that say nothing of an account that is open, and steps that never came into the chain."""
    # Calls before receipts: what is brought in meanwhile is found in one of them.
    waits = session.scalar(select(CaseProofCall.id).where(CaseProofCall.case_id == case.id).limit(1))
    known = set(session.scalars(select(CaseReceipt.source).where(CaseReceipt.case_id == case.id)))
    if waits is None:
        for source in sorted(now.keys() - known):
            if now[source].kind in _LASTING:
                yield f"case {case.case_no}: {source} is in no receipt"
    forgotten = case.organisation_id is None and session.scalar(
        select(Citizen.closed_at).where(Citizen.id == case.citizen_id)
    )
    if forgotten:
        return
    for seq in session.scalars(
        select(CaseReceipt.seq).where(CaseReceipt.case_id == case.id).order_by(CaseReceipt.seq)
    ):
        if seq not in said:
            yield f"case {case.case_no}: what receipt {seq} says is gone"


def _of_days(session: Session) -> Iterator[str]:
    before, expected = chain.BEGINNING, None
    for found in session.scalars(select(DailyRoot).order_by(DailyRoot.day)).all():
        if found.previous != before or (expected is not None and found.day != expected):
            yield f"day {found.day}: does not hang on the day before"
        yield from _of_day(session, found)
        before = hashlib.sha256(days.statement(found)).digest()
        expected = found.day + timedelta(days=1)


def _of_day(session: Session, found: DailyRoot) -> Iterator[str]:
    signed = Signature(found.key_id, found.signature)
    if not keys.is_ours(days.statement(found), signed, purpose=Purpose.DAILY_ROOT, on=found.day):
        yield f"day {found.day}: the signature is wrong"
    leaves = days.leaves_of(session, found.day)
    if len(leaves) != found.leaves or merkle.root(leaves) != found.root:
        yield f"day {found.day}: its entries do not make its root"
    kept = session.scalars(
        select(DailyLeaf.path).where(DailyLeaf.day == found.day).order_by(DailyLeaf.position)
    )
    if [b"".join(path) for path in merkle.paths(leaves)] != list(kept):
        yield f"day {found.day}: the ways to its root are not those of its entries"
    yield from _of_heads(session, found.day)


def _of_heads(session: Session, day: date) -> Iterator[str]:
    """Entries against the chains, and receipts of the day that no entry covers."""
    covered = (
        select(DailyLeaf, CaseReceipt.hash)
        .outerjoin(
            CaseReceipt,
            (CaseReceipt.case_id == DailyLeaf.case_id) & (CaseReceipt.seq == DailyLeaf.length),
        )
        .where(DailyLeaf.day == day)
    )
    for leaf, found in session.execute(covered).all():
        if leaf.head != found:
            yield f"day {day}: entry {leaf.position} is not the head of its chain"
    missed = (
        select(CaseReceipt.case_id, CaseReceipt.seq)
        .outerjoin(
            DailyLeaf,
            (DailyLeaf.case_id == CaseReceipt.case_id)
            & (DailyLeaf.day == CaseReceipt.day)
            & (DailyLeaf.length >= CaseReceipt.seq),
        )
        .where(CaseReceipt.day == day, DailyLeaf.day.is_(None))
    )
    for row in session.execute(missed):
        yield f"day {day}: receipt {row.seq} of case id {row.case_id} is in no root"
