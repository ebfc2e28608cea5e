"""What can be asked about what supervisors were told (查询审管联动)."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.oversight.models import OversightEvent, OversightFinding


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


def findings_of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[OversightFinding]]:
    """What supervisors found of the licences of several cases: one statement for all."""
    found: dict[int, list[OversightFinding]] = {case_id: [] for case_id in case_ids}
    asked = (
        select(OversightEvent.case_id, OversightFinding)
        .join(OversightEvent, OversightEvent.id == OversightFinding.event_id)
        .where(OversightEvent.case_id.in_(case_ids))
        .order_by(OversightFinding.id)
    )
    for case_id, finding in session.execute(asked):
        found[case_id].append(finding)
    return found
