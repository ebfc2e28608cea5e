"""Why a case took more visits than promised (超次说明): one word of each clerk who handled it, kept."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases.officers import Officer
from app.figures.errors import AlreadyExplained, ExplanationUnfit
from app.figures.models import VisitExplanation
from app.plain_text import readable

SHORTEST, LONGEST = 5, 500


def explain(session: Session, *, case_id: int, officer: Officer, text: str) -> None:
    """Keep a clerk's explanation; of two sent at once, one. Raises ExplanationUnfit, AlreadyExplained."""
    said = readable(text)
    if not SHORTEST <= len(said) <= LONGEST:
        raise ExplanationUnfit
    kept = insert(VisitExplanation).values(
        case_id=case_id, clerk_id=officer.clerk_id, clerk_name=officer.name, text=said, at=clock.now()
    )
    once = kept.on_conflict_do_nothing(index_elements=["case_id", "clerk_id"])
    if session.scalar(once.returning(VisitExplanation.id)) is None:
        raise AlreadyExplained


def explanations(session: Session, *, case_ids: Sequence[int]) -> dict[int, list[VisitExplanation]]:
    """The explanations of some cases, each oldest first."""
    found: dict[int, list[VisitExplanation]] = {each: [] for each in case_ids}
    if found:
        asked = select(VisitExplanation).where(VisitExplanation.case_id.in_(case_ids))
        for one in session.scalars(asked.order_by(VisitExplanation.id)):
            found[one.case_id].append(one)
    return found
