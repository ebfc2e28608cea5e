"""A grant that was revoked (撤销准予决定): the case stays decided, and says plainly that it stands no more.

《行政许可法》第六十九条. A certificate that ended for another reason (注销, 第七十条) leaves the decision as
it was.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.cases import states
from app.cases.events import GrantRevoked
from app.cases.models import Case
from app.cases.states import State
from app.events import publish

TEXT = "准予决定已撤销"


def note(session: Session, *, case_id: int, why: str) -> bool:
    """Keep that the grant of a case was revoked, and why; whether this was the first word of it."""
    revoked = session.scalar(
        update(Case)
        .where(Case.id == case_id, Case.granted.is_(True), Case.grant_revoked_at.is_(None))
        .values(grant_revoked_at=clock.now(), grant_revoked_why=why)
        .returning(Case.id)
    )
    if revoked is None:
        return False
    publish(session, GrantRevoked(case_id))
    return True


def state_text(state: str, *, revoked_at: datetime | None) -> str:
    """Where a case is, in words; a grant that was revoked stands before everything else."""
    return TEXT if revoked_at is not None else states.TEXTS[State(state)]
