"""What can be asked about clerks (查询工作人员)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.staff.errors import ClerkNotFound
from app.staff.models import Clerk


def clerk(session: Session, *, clerk_id: int) -> Clerk:
    """One clerk; raises ClerkNotFound."""
    found = session.get(Clerk, clerk_id)
    if found is None:
        raise ClerkNotFound
    return found


def names(session: Session, *, clerk_ids: Sequence[int]) -> dict[int, str]:
    """The names of clerks in one statement, such as for a log of who looked."""
    rows = session.execute(select(Clerk.id, Clerk.name).where(Clerk.id.in_(clerk_ids)))
    return {row.id: row.name for row in rows}
