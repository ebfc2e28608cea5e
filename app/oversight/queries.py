"""What can be asked about what supervisors were told (查询审管联动)."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.oversight.models import OversightEvent


def of_case(session: Session, *, case_id: int) -> Sequence[OversightEvent]:
    """What was told or is to be told of one case, in its order."""
    return of_cases(session, case_ids=(case_id,))[case_id]


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[OversightEvent]]:
    """The same for several cases: one statement for all."""
    found: dict[int, list[OversightEvent]] = {case_id: [] for case_id in case_ids}
    asked = (
        select(OversightEvent)
        .where(OversightEvent.case_id.in_(case_ids))
        .order_by(OversightEvent.case_id, OversightEvent.position)
    )
    for event in session.scalars(asked):
        found[event.case_id].append(event)
    return found
