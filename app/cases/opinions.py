"""What can be asked about opinions (查询意见)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.opinion_errors import OpinionNotFound
from app.cases.opinion_models import IN, Answer, OpinionRequest, OpinionState
from app.db import LARGEST_ID


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the asking is (征求意见进度): how many are in of those that count."""

    received: int
    asked: int

    @property
    def text(self) -> str:
        """征求意见 2/3, as everybody reads it."""
        return f"征求意见 {self.received}/{self.asked}"

    @property
    def over(self) -> bool:
        """Whether nobody is waited for."""
        return self.received == self.asked


def of_case(session: Session, *, case_id: int) -> Sequence[OpinionRequest]:
    """The departments asked about one case, in the order of its guide."""
    asked = select(OpinionRequest).where(OpinionRequest.case_id == case_id).order_by(OpinionRequest.id)
    return session.scalars(asked.execution_options(populate_existing=True)).all()


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[OpinionRequest]]:
    """The same for several cases: one statement; a case about which nobody was asked has no entry."""
    asked = select(OpinionRequest).where(OpinionRequest.case_id.in_(case_ids)).order_by(OpinionRequest.id)
    found: dict[int, list[OpinionRequest]] = {}
    for request in session.scalars(asked):
        found.setdefault(request.case_id, []).append(request)
    return found


def progress(requests: Sequence[OpinionRequest]) -> Progress:
    """How far these are; what was taken back or ended counts not."""
    received = sum(request.state in IN for request in requests)
    waiting = sum(request.state == OpinionState.ASKED.value for request in requests)
    return Progress(received, received + waiting)


def waiting(session: Session, *, case_id: int) -> Sequence[str]:
    """The departments of a case that have not answered."""
    asked = select(OpinionRequest.dept_name).where(OpinionRequest.case_id == case_id, _is_open())
    return session.scalars(asked.order_by(OpinionRequest.id)).all()


def objecting(session: Session, *, case_id: int) -> Sequence[str]:
    """The departments of a case that said no."""
    said_no = select(OpinionRequest.dept_name).where(
        OpinionRequest.case_id == case_id, OpinionRequest.answer == Answer.OBJECTS.value
    )
    return session.scalars(said_no.order_by(OpinionRequest.id)).all()


def none_open() -> ColumnElement[bool]:
    """That nobody is waited for, as a condition on a case."""
    return ~exists().where(OpinionRequest.case_id == Case.id, _is_open())


def for_department(session: Session, *, officer: Officer, request_id: int) -> OpinionRequest:
    """A request put to the clerk's department; raises OpinionNotFound for every other."""
    asked = select(OpinionRequest).where(OpinionRequest.id == min(request_id, LARGEST_ID), put_to(officer))
    found = session.scalar(asked)
    if found is None:
        raise OpinionNotFound
    return found


def put_to(officer: Officer) -> ColumnElement[bool]:
    """What was put to a clerk's department."""
    if officer.department is None:
        return true()
    return or_(OpinionRequest.dept_name == officer.department, OpinionRequest.dept_code == officer.department)


def _is_open() -> ColumnElement[bool]:
    return OpinionRequest.state == OpinionState.ASKED.value
