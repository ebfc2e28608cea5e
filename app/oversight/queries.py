"""What can be asked about what supervisors were told (查询审管联动)."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.crypto import UnreadableError, as_stored, opened
from app.oversight.models import RESULTS, OversightEvent, OversightFinding, Result

log = logging.getLogger(__name__)

_SEALED: Final = (OversightFinding.said, OversightFinding.answer)


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[OversightEvent]]:
    """What was told or is to be told of several cases, in its order: one statement for all."""
    found: dict[int, list[OversightEvent]] = {case_id: [] for case_id in case_ids}
    asked = (
        select(OversightEvent)
        .where(OversightEvent.case_id.in_(case_ids))
        .order_by(OversightEvent.case_id, OversightEvent.position)
    )
    for event in session.scalars(asked):
        found[event.case_id].append(event)
    return found


@dataclass(frozen=True, slots=True)
class Finding:
    """What a supervisor found of a licence, and what the department did about it.

    `unread`: what was said cannot be opened any more; so an `answer` may be there and be None.
    """

    id: int
    supervisor: str
    result: Result
    found_on: date
    said: str
    unread: bool
    answered_at: datetime | None
    answered_by: str | None
    answer: str | None

    @property
    def result_text(self) -> str:
        """What was found, in words."""
        return RESULTS[self.result]

    @property
    def waits(self) -> bool:
        """Whether the department has still to say what it did."""
        return self.result is not Result.FINE and self.answered_at is None


def findings(*more: Any) -> Select[*tuple[Any, ...]]:
    """Findings as they lie there, with the event they are about; `finding` opens one."""
    names = {column.key for column in _SEALED}
    plain = [column for column in OversightFinding.__table__.columns if column.name not in names]
    sealed = [as_stored(column) for column in _SEALED]
    return (
        select(*plain, *sealed, OversightEvent.supervisor_name, OversightEvent.case_id, *more)
        .join(OversightEvent, OversightEvent.id == OversightFinding.event_id)
        .order_by(OversightFinding.id)
    )


def finding(row: Row[*tuple[Any, ...]]) -> Finding:
    """One of them, opened as far as it can be."""
    said, answer = (_opened(row, column) for column in _SEALED)
    return Finding(
        id=row.id,
        supervisor=row.supervisor_name,
        result=Result(row.result),
        found_on=row.found_on,
        said=said or "",
        unread=said is None,
        answered_at=row.answered_at,
        answered_by=row.answered_by_name,
        answer=answer,
    )


def findings_of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[Finding]]:
    """What supervisors found of the licences of several cases: one statement for all."""
    found: dict[int, list[Finding]] = {case_id: [] for case_id in case_ids}
    for row in session.execute(findings().where(OversightEvent.case_id.in_(case_ids))):
        found[row.case_id].append(finding(row))
    return found


def _opened(row: Row[*tuple[Any, ...]], column: InstrumentedAttribute[Any]) -> str | None:
    try:
        return opened(column, getattr(row, column.key))
    except UnreadableError:
        log.exception("finding_unread", extra={"finding_id": row.id, "what": column.key})
        return None
