"""What can be asked about signed texts (查询承诺书)."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.undertakings.models import SignedUndertaking


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[SignedUndertaking]]:
    """What was signed for several cases, oldest first: one statement for all."""
    found: dict[int, list[SignedUndertaking]] = {case_id: [] for case_id in case_ids}
    asked = select(SignedUndertaking).where(SignedUndertaking.case_id.in_(case_ids))
    for one in session.scalars(asked.order_by(SignedUndertaking.id)):
        found[one.case_id].append(one)
    return found
