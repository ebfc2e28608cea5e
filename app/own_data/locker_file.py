"""What is in a citizen's locker and when it was used, in full (导出材料库)."""

from sqlalchemy.orm import Session

from app.locker import queries
from app.own_data.export import Row, Section, Turn


def items(session: Session, turn: Turn) -> list[Row]:
    """Entries with the case that brought them, and until when they may be used."""
    found = queries.of_citizen(
        session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit
    )
    return [
        (
            kept.item.id,
            {
                "material": kept.item.name,
                "pages": len(kept.pages),
                "from_case": kept.case.case_no,
                "task_name": kept.case.task_name,
                "taken_on": kept.item.taken_on,
                "expires_on": kept.item.expires_on,
            },
        )
        for kept in found
    ]


def uses(session: Session, turn: Turn) -> list[Row]:
    """Every time an entry was used: when, for which case of which department."""
    found = queries.uses(session, citizen_id=turn.citizen_id, before_id=turn.before_id, limit=turn.limit)
    return [
        (
            used.use.id,
            {
                "material": used.use.name,
                "pages": used.use.pages,
                "used_at": used.use.used_at,
                "for_case": used.case.case_no,
                "task_name": used.case.task_name,
                "department": used.case.dept_name,
                "from_case": used.origin.case_no,
            },
        )
        for used in found
    ]


SECTIONS = (Section("locker_items", items), Section("locker_uses", uses))
