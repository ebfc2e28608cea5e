"""What can be done with a complaint (诉求办理): told by a citizen, passed on, answered."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.cases import queries as cases
from app.cases.models import Case
from app.cases.officers import Officer
from app.centres import working_days
from app.complaints import joint, numbers
from app.complaints.errors import (
    AlreadyAnswered,
    AnswerUnfit,
    ComplaintsTooMany,
    ComplaintTextUnfit,
    HandledJointly,
    OrganisationMissing,
)
from app.complaints.events import ComplaintAnswered, ComplaintFiled
from app.complaints.kinds import (
    LONGEST,
    LONGEST_NAME,
    PER_DAY,
    RULES,
    SHORTEST,
    SHORTEST_NAME,
    Kind,
)
from app.complaints.models import Complaint, ComplaintAnswer, ComplaintState
from app.events import publish
from app.plain_text import readable


def file(
    session: Session,
    *,
    citizen_id: int,
    kind: Kind,
    text: str,
    case_no: str | None,
    organisation: str | None = None,
    acting_for: int | None = None,
) -> Complaint:
    """Take in what a citizen tells us (提交诉求), with the last working day of its answer.

    About a case, also one of the company acted for, its department answers. A company's demand names the
    company. Raises CaseNotFound, ComplaintTextUnfit, OrganisationMissing, ComplaintsTooMany.
    """
    said = readable(text)
    company = readable(organisation or "") if RULES[kind].joint else None
    if company is not None and not SHORTEST_NAME <= len(company) <= LONGEST_NAME:
        raise OrganisationMissing(errors={"organisation": [OrganisationMissing.message]})
    if not SHORTEST <= len(said) <= LONGEST:
        raise ComplaintTextUnfit(errors={"text": [ComplaintTextUnfit.message]})
    case = _about(session, citizen_id, case_no=case_no, acting_for=acting_for)
    _refuse_floods(session, citizen_id)
    return _filed(session, citizen_id=citizen_id, kind=kind, text=said, case=case, organisation=company)


def file_of_call(session: Session, *, case: Case, text: str) -> Complaint:
    """Take in what an applicant said when the city called them (回访转办); the case's department answers."""
    return _filed(session, citizen_id=case.citizen_id, kind=Kind.COMPLAINT, text=text, case=case)


def answer(
    session: Session, *, complaint_id: int, officer: Officer, text: str, final: bool
) -> ComplaintAnswer:
    """Answer for good, or tell how it goes on (答复、告知进展); the citizen is told.

    Of two who answer for good at once, one does. Raises AnswerUnfit, AlreadyAnswered, and PartsOpen while
    another department that was asked has not answered.
    """
    said = readable(text)
    if not SHORTEST <= len(said) <= LONGEST:
        raise AnswerUnfit
    now = clock.now()
    over: dict[str, Any] = {"state": ComplaintState.ANSWERED.value, "answered_at": now}
    _move(session, complaint_id, over if final else {"state": ComplaintState.RECEIVED.value})
    if final:
        joint.refuse_while_open(session, complaint_id=complaint_id)
    given = ComplaintAnswer(
        complaint_id=complaint_id,
        at=now,
        clerk_id=officer.clerk_id,
        clerk_name=officer.name,
        text=said,
        final=final,
    )
    session.add(given)
    session.flush()
    publish(session, ComplaintAnswered(given.id))
    return given


def pass_on(session: Session, *, complaint_id: int, department: str) -> None:
    """Have a department answer it (转办); the limit stays.

    Raises DepartmentUnknown, AlreadyAnswered, and HandledJointly for a company's demand.
    """
    if RULES[Kind(session.scalars(select(Complaint.kind).where(Complaint.id == complaint_id)).one())].joint:
        raise HandledJointly
    codes = joint.codes_of(session, [department])
    _move(session, complaint_id, {"dept_name": department, "dept_code": codes[department]})


def escalate(session: Session, *, limit: int = 200) -> int:
    """Mark what is past its limit for the supervisor (超期督办), a batch at a time; how many."""
    late = (
        Complaint.state == ComplaintState.RECEIVED.value,
        Complaint.due_on < clock.today(),
        Complaint.escalated_at.is_(None),
    )
    first = select(Complaint.id).where(*late).order_by(Complaint.due_on, Complaint.id)
    # As a CTE it is read once; a subquery may be read again and take more.
    waiting = first.limit(limit).with_for_update(skip_locked=True).cte()
    marked = (
        update(Complaint)
        .where(Complaint.id.in_(select(waiting.c.id)), *late)
        .values(escalated_at=clock.now())
        .returning(Complaint.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(marked).all())


def _filed(
    session: Session,
    *,
    citizen_id: int,
    kind: Kind,
    text: str,
    case: Case | None,
    organisation: str | None = None,
) -> Complaint:
    complaint = Complaint(
        complaint_no=numbers.new_complaint_no(session),
        citizen_id=citizen_id,
        kind=kind.value,
        case_id=None if case is None else case.id,
        dept_code=None if case is None else case.dept_code,
        dept_name=None if case is None else case.dept_name,
        organisation=organisation,
        text=text,
        created_at=clock.now(),
        due_on=_due_on(session, kind),
    )
    session.add(complaint)
    session.flush()
    publish(session, ComplaintFiled(complaint.id))
    return complaint


def _move(session: Session, complaint_id: int, values: dict[str, Any]) -> None:
    """Change a complaint that is still open; raises AlreadyAnswered."""
    moved = session.scalar(
        update(Complaint)
        .where(Complaint.id == complaint_id, Complaint.state == ComplaintState.RECEIVED.value)
        .values(**values)
        .returning(Complaint.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise AlreadyAnswered


def _about(session: Session, citizen_id: int, *, case_no: str | None, acting_for: int | None) -> Case | None:
    if case_no is None:
        return None
    return cases.case_of(session, citizen_id=citizen_id, case_no=case_no, organisation_id=acting_for)


def _due_on(session: Session, kind: Kind) -> date:
    """The last working day of the answer."""
    return working_days.due_date(session, start=clock.today(), days=RULES[kind].answer_days, unit="WORKDAY")


def _refuse_floods(session: Session, citizen_id: int) -> None:
    """At most PER_DAY of one person on one day in Shanghai; raises ComplaintsTooMany."""
    _hold_turn(session, citizen_id)
    midnight = datetime.combine(clock.today(), time(), clock.SHANGHAI)
    filed = session.scalar(
        select(func.count()).where(Complaint.citizen_id == citizen_id, Complaint.created_at >= midnight)
    )
    if (filed or 0) >= PER_DAY:
        wait = midnight + timedelta(days=1) - clock.now()
        raise ComplaintsTooMany(most=PER_DAY, retry_after=int(wait.total_seconds()) + 1)


def _hold_turn(session: Session, citizen_id: int) -> None:
    """One complaint of one person at a time, until its transaction ends; else two would see one place."""
    name = f"complaints\ncitizen:{citizen_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
