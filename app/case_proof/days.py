"""The root of each day (每日根): one signed hash over all chains that grew, hanging on the day before.

Who keeps yesterday's root can tell that nothing of before was changed, whoever runs the database.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from app import clock
from app.case_proof import chain, gathering, merkle
from app.case_proof.errors import RootNotFound
from app.case_proof.models import CaseReceipt, DailyLeaf, DailyRoot
from app.cases.models import Case
from app.db import unit_of_work
from app.signatures import keys
from app.signatures.canonical import canonical
from app.signatures.keys import Purpose

_DAY = timedelta(days=1)


def end_days() -> int:
    """Make the root of every day that is over and has none (job), also of one on which nothing happened.

    How many; safe to repeat, late, and in parallel.
    """
    gathering.follow()
    made = 0
    while _end_next():
        made += 1
    return made


def leaf_of(case_no: str, *, length: int, head: bytes) -> bytes:
    """The entry of one case in a day's tree."""
    return merkle.leaf(canonical({"case_no": case_no, "length": length, "head": head.hex()}))


def statement(found: DailyRoot) -> bytes:
    """What is signed of a day."""
    return canonical(plain(found))


def plain(found: DailyRoot) -> dict[str, Any]:
    """A day as it is signed and published."""
    return {
        "day": found.day.isoformat(),
        "leaves": found.leaves,
        "root": found.root.hex(),
        "previous": found.previous.hex(),
    }


def published(session: Session, *, before: date | None = None, limit: int = 20) -> Sequence[DailyRoot]:
    """The roots of days, newest first; `before` continues a list."""
    asked = select(DailyRoot)
    if before is not None:
        asked = asked.where(DailyRoot.day < before)
    return session.scalars(asked.order_by(DailyRoot.day.desc()).limit(limit)).all()


def of_day(session: Session, day: date) -> DailyRoot:
    """The root of one day; raises RootNotFound."""
    found = session.get(DailyRoot, day)
    if found is None:
        raise RootNotFound
    return found


def leaves_of(session: Session, day: date) -> list[bytes]:
    """The entries of a day in their order."""
    asked = (
        select(DailyLeaf.length, DailyLeaf.head, Case.case_no)
        .join(Case, Case.id == DailyLeaf.case_id)
        .where(DailyLeaf.day == day)
        .order_by(DailyLeaf.position)
    )
    return [leaf_of(row.case_no, length=row.length, head=row.head) for row in session.execute(asked)]


def _end_next() -> bool:
    with unit_of_work() as session:
        gathering.hold_day(session, alone=True)
        last = session.scalar(select(DailyRoot).order_by(DailyRoot.day.desc()).limit(1))
        day = _first_day(session) if last is None else last.day + _DAY
        if day >= clock.today():
            return False
        before = chain.BEGINNING if last is None else hashlib.sha256(statement(last)).digest()
        _end(session, day, previous=before)
        return True


def _first_day(session: Session) -> date:
    """The day of the first receipt; a city without any begins yesterday."""
    first = session.scalar(select(func.min(CaseReceipt.day)))
    return clock.today() - _DAY if first is None else first


def _end(session: Session, day: date, *, previous: bytes) -> None:
    heads = session.execute(
        select(CaseReceipt.case_id, CaseReceipt.seq, CaseReceipt.hash, Case.case_no)
        .join(Case, Case.id == CaseReceipt.case_id)
        .where(CaseReceipt.day == day)
        .ext(distinct_on(CaseReceipt.case_id))
        .order_by(CaseReceipt.case_id, CaseReceipt.seq.desc())
    ).all()
    leaves = [leaf_of(row.case_no, length=row.seq, head=row.hash) for row in heads]
    root = merkle.root(leaves)
    made = DailyRoot(day=day, leaves=len(heads), root=root, previous=previous, made_at=clock.now())
    signed = keys.sign(statement(made), purpose=Purpose.DAILY_ROOT)
    made.key_id, made.signature = signed.key_id, signed.value
    session.add(made)
    session.flush()
    if heads:
        session.execute(
            insert(DailyLeaf),
            [
                {
                    "day": day,
                    "position": place,
                    "case_id": row.case_id,
                    "length": row.seq,
                    "head": row.hash,
                    "path": b"".join(path),
                }
                for place, (row, path) in enumerate(zip(heads, merkle.paths(leaves), strict=True))
            ],
        )
