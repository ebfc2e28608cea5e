"""Writing down who saw or changed what (留痕)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.audit import chain
from app.audit.chain import Line, Word
from app.audit.models import AuditEntry


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    details: Mapping[str, Word] | None = None,
    citizen_id: int | None = None,
) -> int:
    """Append one line, such as `clerk:7` `case_viewed` `case:3501…`; its place in the chain.

    Write it as the last thing of a unit of work: the chain is held until that ends, so whoever waits for
    another row after it keeps every other writer waiting. Ids and plain words only, nothing personal.
    """
    about = [(subject, details or {})]
    return record_all(session, actor=actor, action=action, about=about, citizen_id=citizen_id)


def record_all(
    session: Session,
    *,
    actor: str,
    action: str,
    about: Sequence[tuple[str, Mapping[str, Word]]],
    citizen_id: int | None = None,
) -> int:
    """Append a line for each subject with its details, all by one actor; the last one's place in the chain.

    As `record` does, and with three statements however many they are; 0 when there are none.
    """
    if not about:
        return 0
    _hold_chain(session)
    last = session.execute(
        select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    ).one_or_none()
    number, before = (0, chain.BEGINNING) if last is None else (last.id, last.hash)
    rows: list[dict[str, object]] = []
    for subject, details in about:
        number += 1
        line = Line(
            id=number,
            at=clock.now(),
            actor=actor,
            action=action,
            subject=subject,
            citizen_id=citizen_id,
            details=dict(details),
            prev_hash=before,
        )
        before = chain.digest(line)
        rows.append({**asdict(line), "hash": before})
    session.execute(insert(AuditEntry), rows)
    return number


def _hold_chain(session: Session) -> None:
    """One writer at a time, until its transaction ends; else two lines would hang on the same one."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("audit\nchain", 0))))
