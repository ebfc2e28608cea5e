"""Words that citizens searched in vain, at the desk (搜索用词): reviewed by whoever reviews the catalogue."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.catalogue import misses
from app.catalogue.misses import Proposal
from app.desk import duties
from app.desk.duties import Duty
from app.staff.models import Role
from app.staff.sessions import OnDuty

REVIEWING: Duty = frozenset({Role.APPROVER, Role.SUPERVISOR})
PAGE = 20


def page(session: Session, *, clerk: OnDuty) -> list[Proposal]:
    """What is to be reviewed next, the most asked first. Raises NotYourDuty."""
    duties.refuse_unless(clerk, REVIEWING)
    return misses.proposals(session)[:PAGE]


def accept(session: Session, *, clerk: OnDuty, said: Sequence[str], task_code: str) -> None:
    """Make words a name of an item (采纳). Raises NotYourDuty, GuideNotFound."""
    duties.refuse_unless(clerk, REVIEWING)
    misses.accept(session, said=said, task_code=task_code, clerk_id=clerk.clerk_id)
    audit.record(
        session,
        actor=clerk.actor,
        action="search_words_accepted",
        subject=f"item:{task_code}",
        details={"words": "、".join(said)},
    )


def refuse(session: Session, *, clerk: OnDuty, said: Sequence[str]) -> None:
    """Say that words name no item (不采纳). Raises NotYourDuty."""
    duties.refuse_unless(clerk, REVIEWING)
    misses.refuse(session, said=said, clerk_id=clerk.clerk_id)
    audit.record(
        session,
        actor=clerk.actor,
        action="search_words_refused",
        subject="search_words:refused",
        details={"words": "、".join(said)},
    )
