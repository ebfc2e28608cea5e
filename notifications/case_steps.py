"""What was told of a case goes into its chain too (告知入链)."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.case_proof.steps import Step
from app.cases.models import Case
from app.fees import queries as fees
from app.organisations import queries as organisations
from notifications.models import Message


def of_case(session: Session, case: Case) -> Iterator[Step]:
    """Messages about a case and its bills to its applicant, or to whoever acts or acted for the company."""
    bills = fees.of_case(session, case_id=case.id)
    subjects = [f"case:{case.id}:", *(f"bill:{bill.id}:" for bill in bills)]
    asked = (
        select(Message)
        .where(
            Message.citizen_id.in_(_readers(session, case)),
            or_(*(Message.subject.startswith(subject, autoescape=True) for subject in subjects)),
        )
        .order_by(Message.id)
    )
    for message in session.scalars(asked):
        said = {"title": message.title, "text": message.text}
        yield Step(f"message:{message.id}", "message", message.created_at, said)


def _readers(session: Session, case: Case) -> list[int]:
    if case.organisation_id is None:
        return [case.citizen_id]
    return organisations.ever_held(session, organisation_id=case.organisation_id)
