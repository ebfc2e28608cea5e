"""What can be asked about complaints (查询诉求)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.complaints import numbers
from app.complaints.errors import ComplaintNotFound
from app.complaints.kinds import RULES, Kind
from app.complaints.models import Complaint, ComplaintAnswer, ComplaintPart, ComplaintState

STATE_TEXTS = {ComplaintState.RECEIVED: "办理中", ComplaintState.ANSWERED: "已答复"}


@dataclass(frozen=True, slots=True)
class Handler:
    """A department that answers (承办、会办): `lead` replies to the citizen; None: not named yet."""

    dept_code: str | None
    dept_name: str | None
    lead: bool
    due_on: date
    answered_at: datetime | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A complaint as its citizen sees it, with the answers, oldest first."""

    complaint: Complaint
    case_no: str | None
    task_name: str | None
    answers: list[ComplaintAnswer]
    parts: list[ComplaintPart]

    @property
    def handlers(self) -> list[Handler]:
        """Who answers, and until when: the department that replies first."""
        return handlers(self.complaint, self.parts)

    @property
    def kind_text(self) -> str:
        """The kind in words."""
        return RULES[Kind(self.complaint.kind)].text

    @property
    def state_text(self) -> str:
        """The state in words."""
        return STATE_TEXTS[ComplaintState(self.complaint.state)]


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What a message about an answer says."""

    citizen_id: int
    complaint_no: str
    kind_text: str
    final: bool


def mine(session: Session, *, citizen_id: int, complaint_no: str) -> Told:
    """A citizen's own complaint; raises ComplaintNotFound, also for somebody else's."""
    number = numbers.complaint_no(complaint_no)
    asked = _rows().where(Complaint.complaint_no == (number or ""), Complaint.citizen_id == citizen_id)
    found = _told(session, asked)
    if not found:
        raise ComplaintNotFound
    return found[0]


def of_citizen(
    session: Session,
    *,
    citizen_id: int,
    state: str | None = None,
    before_id: int | None = None,
    limit: int = 20,
) -> list[Told]:
    """A citizen's complaints with their answers, newest first."""
    asked = _rows().where(Complaint.citizen_id == citizen_id)
    if state is not None:
        asked = asked.where(Complaint.state == state)
    if before_id is not None:
        asked = asked.where(Complaint.id < before_id)
    return _told(session, asked.order_by(Complaint.id.desc()).limit(limit))


def answers_of(session: Session, *, complaint_ids: Sequence[int]) -> dict[int, list[ComplaintAnswer]]:
    """The answers of some complaints, each oldest first."""
    found: dict[int, list[ComplaintAnswer]] = {each: [] for each in complaint_ids}
    if not found:
        return found
    asked = select(ComplaintAnswer).where(ComplaintAnswer.complaint_id.in_(complaint_ids))
    for answer in session.scalars(asked.order_by(ComplaintAnswer.id)):
        found[answer.complaint_id].append(answer)
    return found


def parts_of(session: Session, *, complaint_ids: Sequence[int]) -> dict[int, list[ComplaintPart]]:
    """The departments that were asked about some complaints, each in the order of asking."""
    found: dict[int, list[ComplaintPart]] = {each: [] for each in complaint_ids}
    if not found:
        return found
    asked = select(ComplaintPart).where(ComplaintPart.complaint_id.in_(complaint_ids))
    asked = asked.execution_options(populate_existing=True)
    for part in session.scalars(asked.order_by(ComplaintPart.id)):
        found[part.complaint_id].append(part)
    return found


def handlers(complaint: Complaint, parts: Sequence[ComplaintPart]) -> list[Handler]:
    """Who answers a complaint and until when; nobody is named before it was passed on."""
    if complaint.dept_name is None and not parts:
        return []
    lead = Handler(
        complaint.dept_code,
        complaint.dept_name,
        lead=True,
        due_on=complaint.due_on,
        answered_at=complaint.answered_at,
        text=None,
    )
    return [
        lead,
        *(
            Handler(
                part.dept_code,
                part.dept_name,
                lead=False,
                due_on=part.due_on,
                answered_at=part.answered_at,
                text=part.text,
            )
            for part in parts
        ),
    ]


def answer_facts(session: Session, *, answer_id: int) -> AnswerFacts:
    """What a message about an answer says; raises ComplaintNotFound."""
    row = session.execute(
        select(Complaint.citizen_id, Complaint.complaint_no, Complaint.kind, ComplaintAnswer.final)
        .join(ComplaintAnswer, ComplaintAnswer.complaint_id == Complaint.id)
        .where(ComplaintAnswer.id == answer_id)
    ).one_or_none()
    if row is None:
        raise ComplaintNotFound
    return AnswerFacts(row.citizen_id, row.complaint_no, RULES[Kind(row.kind)].text, row.final)


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(Complaint, Case.case_no, Case.task_name)
        .outerjoin(Case, Case.id == Complaint.case_id)
        .execution_options(populate_existing=True)
    )


def _told(session: Session, asked: Select[*tuple[Any, ...]]) -> list[Told]:
    rows = session.execute(asked).all()
    ids = [row.Complaint.id for row in rows]
    answers = answers_of(session, complaint_ids=ids)
    parts = parts_of(session, complaint_ids=ids)
    return [
        Told(row.Complaint, row.case_no, row.task_name, answers[row.Complaint.id], parts[row.Complaint.id])
        for row in rows
    ]
