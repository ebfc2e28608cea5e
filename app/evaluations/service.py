"""What a citizen does with a rating (评价): give it once, and say whether the mending has helped."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.appointments import queries as appointments
from app.appointments.models import AppointmentStatus
from app.cases import queries as cases
from app.catalogue.models import ServiceItem
from app.evaluations import levels, mending
from app.evaluations.errors import AlreadyRated, NothingToConfirm, RatingTooEarly, TagsUnfit, VisitNotMade
from app.evaluations.events import EvaluationGiven
from app.evaluations.levels import Mode
from app.evaluations.models import Evaluation, EvaluationTally, MendingTicket, StepKind, TicketState
from app.evaluations.queries import may_rate, mine
from app.events import publish
from app.plain_text import readable


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody thinks: the level (1 is the best), the tapped reasons, and a sentence of their own."""

    level: int
    tags: Sequence[str] = ()
    comment: str | None = None
    anonymous: bool = False


def rate_case(
    session: Session, *, citizen_id: int, case_no: str, words: Words, organisation_id: int | None = None
) -> Evaluation:
    """Rate a case once (一事一评); raises CaseNotFound, RatingTooEarly, AlreadyRated, TagsUnfit."""
    case = cases.case_of(session, citizen_id=citizen_id, case_no=case_no, organisation_id=organisation_id)
    if not may_rate(case):
        raise RatingTooEarly
    rated = Evaluation(
        case_id=case.id, task_name=case.task_name, dept_code=case.dept_code, dept_name=case.dept_name
    )
    return _give(session, rated, citizen_id=citizen_id, words=words)


def rate_visit(session: Session, *, citizen_id: int, appointment_id: int, words: Words) -> Evaluation:
    """Rate a visit once (一次一评); raises AppointmentNotFound, VisitNotMade, AlreadyRated, TagsUnfit."""
    visit = appointments.visit(session, citizen_id=citizen_id, appointment_id=appointment_id)
    if visit.status != AppointmentStatus.CHECKED_IN:
        raise VisitNotMade
    department = session.execute(
        select(ServiceItem.dept_code, ServiceItem.dept_name).where(ServiceItem.task_code == visit.task_code)
    ).one_or_none()
    rated = Evaluation(
        appointment_id=visit.id,
        task_name=visit.task_name,
        dept_code=department.dept_code if department else "",
        dept_name=department.dept_name if department else "",
        centre_id=visit.centre_id,
    )
    return _give(session, rated, citizen_id=citizen_id, words=words)


def confirm(
    session: Session, *, citizen_id: int, evaluation_id: int, satisfied: bool, comment: str | None
) -> Evaluation:
    """Say whether the mending has helped (回访); a no opens the ticket once more.

    It is said once. Raises EvaluationNotFound, NothingToConfirm.
    """
    evaluation = mine(session, citizen_id=citizen_id, evaluation_id=evaluation_id)
    said = (
        update(MendingTicket)
        .where(
            MendingTicket.evaluation_id == evaluation.id,
            MendingTicket.state == TicketState.MENDED.value,
            MendingTicket.satisfied.is_(None),
        )
        .values(satisfied=satisfied, state=TicketState.CLOSED.value)
        .returning(MendingTicket.id)
    )
    ticket_id = session.scalar(said)
    if ticket_id is None:
        raise NothingToConfirm
    text = readable(comment or "") or ("对整改满意" if satisfied else "对整改不满意")
    mending.note(session, ticket_id=ticket_id, kind=StepKind.CONFIRMED, who=mending.CITIZEN, text=text)
    if not satisfied:
        mending.reopen(session, ticket_id=ticket_id, who=mending.SYSTEM, text="市民对整改不满意，重新整改")
    return evaluation


def _give(session: Session, rated: Evaluation, *, citizen_id: int, words: Words) -> Evaluation:
    """Store the rating; the unique index decides between two taps."""
    mode = Mode.ONLINE if rated.appointment_id is None else Mode.OFFLINE
    stored = session.scalar(
        insert(Evaluation)
        .values(
            citizen_id=citizen_id,
            case_id=rated.case_id,
            appointment_id=rated.appointment_id,
            task_name=rated.task_name,
            dept_code=rated.dept_code,
            dept_name=rated.dept_name,
            centre_id=rated.centre_id,
            level=words.level,
            tags=_fitting(words, mode),
            comment=readable(words.comment or "") or None,
            anonymous=words.anonymous,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Evaluation.id)
    )
    if stored is None:
        raise AlreadyRated
    if levels.LEVELS[words.level].bad:
        mending.open_for(session, evaluation_id=stored)
    publish(session, EvaluationGiven(stored))
    _count(session, words.level)
    return session.get_one(Evaluation, stored)


def _fitting(words: Words, mode: Mode) -> list[str]:
    chosen = list(dict.fromkeys(words.tags))
    offered = {tag.key for tag in levels.LEVELS[words.level].tags[mode]}
    if len(chosen) > levels.MOST_TAGS or not offered.issuperset(chosen):
        raise TagsUnfit(errors={"tags": [TagsUnfit.message]})
    return chosen


def _count(session: Session, level: int) -> None:
    """Count it, last: everybody who rates on this day waits for this row."""
    counted = insert(EvaluationTally).values(day=clock.today(), level=level, count=1)
    session.execute(
        counted.on_conflict_do_update(
            index_elements=[EvaluationTally.day, EvaluationTally.level],
            set_={"count": EvaluationTally.count + 1},
        )
    )
