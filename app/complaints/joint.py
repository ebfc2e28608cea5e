"""A company's demand handled by several departments (企业诉求会办): each answers, one replies (牵头)."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases.officers import Officer
from app.catalogue.models import ServiceItem
from app.centres import working_days
from app.complaints.errors import (
    AlreadyAnswered,
    AnswerUnfit,
    DepartmentUnknown,
    NotHandledJointly,
    PartAnswered,
    PartsOpen,
)
from app.complaints.kinds import LONGEST, RULES, SHORTEST, Kind
from app.complaints.models import Complaint, ComplaintPart, ComplaintState
from app.plain_text import readable

# So long before the reply of the lead is due, at the latest, that it can be written from the answers.
PART_DAYS = 5


def ask(session: Session, *, complaint_id: int, lead: str, others: Sequence[str]) -> None:
    """Name who replies and ask the other departments (交办、会办); asking one again changes nothing.

    Who becomes the lead owes itself no answer any more. Raises NotHandledJointly for another kind,
    DepartmentUnknown, AlreadyAnswered.
    """
    complaint = held(session, complaint_id)
    if not RULES[Kind(complaint.kind)].joint:
        raise NotHandledJointly
    asked = [name for name in dict.fromkeys(others) if name != lead]
    codes = codes_of(session, [lead, *asked])
    complaint.dept_name, complaint.dept_code = lead, codes[lead]
    session.execute(
        delete(ComplaintPart).where(
            ComplaintPart.complaint_id == complaint_id,
            ComplaintPart.dept_code == codes[lead],
            ComplaintPart.answered_at.is_(None),
        )
    )
    due_on = working_days.due_date(session, start=clock.today(), days=PART_DAYS, unit="WORKDAY")
    if asked:
        parts = insert(ComplaintPart).values(
            [
                {
                    "complaint_id": complaint_id,
                    "dept_code": codes[name],
                    "dept_name": name,
                    "asked_at": clock.now(),
                    "due_on": min(due_on, complaint.due_on),
                }
                for name in asked
            ]
        )
        session.execute(parts.on_conflict_do_nothing(index_elements=["complaint_id", "dept_code"]))
    session.flush()


def answer_part(session: Session, *, complaint_id: int, dept_code: str, officer: Officer, text: str) -> None:
    """Say what one department says (会办意见); of two at once, one. Raises AnswerUnfit, PartAnswered."""
    said = readable(text)
    if not SHORTEST <= len(said) <= LONGEST:
        raise AnswerUnfit
    answered = session.scalar(
        update(ComplaintPart)
        .where(
            ComplaintPart.complaint_id == complaint_id,
            ComplaintPart.dept_code == dept_code,
            ComplaintPart.answered_at.is_(None),
        )
        .values(answered_at=clock.now(), clerk_id=officer.clerk_id, clerk_name=officer.name, text=said)
        .returning(ComplaintPart.id)
        .execution_options(synchronize_session=False)
    )
    if answered is None:
        raise PartAnswered


def held(session: Session, complaint_id: int) -> Complaint:
    """An open complaint that nobody else moves until the transaction ends; raises AlreadyAnswered.

    Asking a department and replying for good take turns by it: no reply passes by somebody just asked.
    """
    complaint = session.scalars(
        select(Complaint)
        .where(Complaint.id == complaint_id, Complaint.state == ComplaintState.RECEIVED.value)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if complaint is None:
        raise AlreadyAnswered
    return complaint


def refuse_while_open(session: Session, *, complaint_id: int) -> None:
    """Raises PartsOpen, naming the departments that have not answered yet."""
    waiting = session.scalars(
        select(ComplaintPart.dept_name)
        .where(ComplaintPart.complaint_id == complaint_id, ComplaintPart.answered_at.is_(None))
        .order_by(ComplaintPart.id)
    ).all()
    if waiting:
        raise PartsOpen(who="、".join(waiting))


def codes_of(session: Session, names: Sequence[str]) -> dict[str, str]:
    """The codes of departments that have items, by name; raises DepartmentUnknown."""
    if not all(map(str.isprintable, names)):  # PostgreSQL refuses NUL
        raise DepartmentUnknown
    asked = (
        select(ServiceItem.dept_name, func.min(ServiceItem.dept_code))
        .where(ServiceItem.dept_name.in_(names))
        .group_by(ServiceItem.dept_name)
    )
    found = {row[0]: row[1] for row in session.execute(asked)}
    if set(names) - found.keys():
        raise DepartmentUnknown
    return found
