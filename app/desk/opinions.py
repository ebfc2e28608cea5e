"""Opinions at the desk (征求意见): a department sees what it was asked and what it needs for that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.cases import opinion_asking as asking
from app.cases import opinions as queries
from app.cases import overview
from app.cases import queries as case_queries
from app.cases.forms import Kind
from app.cases.masking import masked
from app.cases.models import Case
from app.cases.opinion_errors import OpinionOver
from app.cases.opinion_giving import Opinion
from app.cases.opinion_models import OpinionRequest, OpinionState
from app.cases.organisation import AGENT_LABELS
from app.cases.overview import FieldView, MaterialView
from app.cases.states import State
from app.cases.timeline import clerk as actor_of
from app.desk import duties, service
from app.desk.duties import Duty
from app.materials.errors import PhotoBeingChecked, PhotoNotFound
from app.materials.models import Photo
from app.site_visits import citing
from app.site_visits import queries as visits
from app.site_visits.models import SiteVisit
from app.staff.models import Role
from app.staff.sessions import OnDuty

GIVING: Duty = frozenset({Role.APPROVER})
READING: Duty = frozenset({Role.APPROVER, Role.SUPERVISOR})
PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One request in a list; nothing here says whose case it is."""

    id: int
    case_no: str
    task_name: str
    lead: str
    dept_name: str
    subject: str
    due_on: date
    silence_agrees: bool
    open: bool
    answer_text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A request with what the department needs of the case: the form as `shown` says, the named materials.

    Both are empty once it is not asked any more: what is over needs nobody's facts.
    """

    request: OpinionRequest
    case: Case
    # Each label with what was filled in.
    fields: Sequence[tuple[str, str]]
    materials: Sequence[MaterialView]
    may_give: bool
    still_asked: bool
    # The newest record of a trip, which an answer has to cite (踏勘记录).
    record: SiteVisit | None


def page(
    session: Session, *, clerk: OnDuty, over: bool = False, after: int | None = None
) -> tuple[list[Line], int | None]:
    """What was put to the clerk's department: what is open, by its day; or what is over, the newest first."""
    duties.refuse_unless(clerk, READING)
    asked = _theirs(clerk).where(_open() if not over else ~_open())
    if after is not None:
        asked = asked.where(OpinionRequest.id < after if over else OpinionRequest.id > after)
    order = OpinionRequest.id.desc() if over else OpinionRequest.id
    rows = session.execute(asked.order_by(order).limit(PAGE + 1)).all()
    lines = [_line(row) for row in rows[:PAGE]]
    return lines, lines[-1].id if len(rows) > PAGE else None


def waiting(session: Session, *, clerk: OnDuty) -> int | None:
    """How many requests wait for the clerk's department; None for whom it is no duty."""
    if not clerk.roles & GIVING:
        return None
    return session.scalar(select(func.count()).select_from(_theirs(clerk).where(_open()).subquery()))


def look_at(session: Session, *, clerk: OnDuty, request_id: int) -> Seen:
    """One request (查看征求意见), which is written down; raises OpinionNotFound, also for a foreign one."""
    seen = _seen(session, clerk, request_id)
    _note(session, clerk, "opinion_viewed", case=seen.case)
    return seen


def photo(session: Session, *, clerk: OnDuty, request_id: int, photo_id: int) -> Photo:
    """A photo of a material that the request names; raises OpinionNotFound, PhotoNotFound for every other.

    The page it stands on was written down just before; whoever asks for the photo alone is written down now.
    """
    seen = _seen(session, clerk, request_id)
    found = next((one for each in seen.materials for one in each.photos if one.id == photo_id), None)
    if found is None:
        raise PhotoNotFound
    if found.being_checked:
        raise PhotoBeingChecked(retry_after=60)
    service.note_photo(session, clerk, case=seen.case, photo=found)
    return found


def give(session: Session, *, clerk: OnDuty, request_id: int, opinion: Opinion, cited: int | None) -> None:
    """Answer for the clerk's department (回复意见); raises what citing and giving raise."""
    duties.refuse_unless(clerk, GIVING)
    given = citing.give(
        session, officer=duties.officer(clerk), request_id=request_id, opinion=opinion, cited=cited
    )
    _note(
        session, clerk, "opinion_given", case=session.get_one(Case, given.case_id), answer=given.answer or ""
    )


def note_refusal(session: Session, *, clerk: OnDuty, request_id: int, code: str) -> None:
    """Write down that a department asked for what may not be asked for (越界留痕); raises OpinionNotFound."""
    request = _request(session, clerk, request_id)
    _note(session, clerk, "correction_refused", case=session.get_one(Case, request.case_id), code=code)


def take_back(session: Session, *, clerk: OnDuty, case_no: str, request_id: int, why: str) -> None:
    """Ask a department no more (撤回征求意见): the lead's approver alone; raises what asking raises."""
    duties.refuse_unless(clerk, GIVING)
    found = service.case_of(session, clerk, case_no)
    officer = duties.officer(clerk)
    case = case_queries.for_clerk(session, officer=officer, case_no=found.case_no, hold=True)
    if case.state != State.ACCEPTED:
        raise OpinionOver
    asking.take_back(session, case, request_id=request_id, actor=actor_of(officer), why=why)
    _note(session, clerk, "opinion_taken_back", case=case)


def shown(request: OpinionRequest, case: Case, view: FieldView) -> str:
    """What a department reads of one field, empty for what is none of its business (最小必要).

    It judges the matter: nobody's telephone and no bank account. An identity number stays masked, unless the
    guide says what the department looks up by it; even so that of a company's agent, who is not applicant.
    """
    field = view.field
    if field.kind is Kind.PHONE or field.own_hand:
        return ""
    agent = case.organisation_id is not None and field.key in AGENT_LABELS
    return view.value if request.number_why and not agent else masked(field, view.value)


def _seen(session: Session, clerk: OnDuty, request_id: int) -> Seen:
    duties.refuse_unless(clerk, READING)
    request = _request(session, clerk, request_id)
    case = session.get_one(Case, request.case_id)
    late = request.silence_agrees and request.due_on < clock.today()
    asked = request.state == OpinionState.ASKED and case.state == State.ACCEPTED
    whole = overview.of(session, case, parties=frozenset()) if asked else None
    fields, materials = ((), ()) if whole is None else (whole.fields, whole.materials)
    return Seen(
        request=request,
        case=case,
        fields=[(view.field.label, said) for view in fields if (said := shown(request, case, view))],
        materials=[one for one in materials if one.code in request.materials],
        may_give=asked and not late and bool(clerk.roles & GIVING),
        still_asked=asked,
        record=visits.record_of(session, case_id=case.id),
    )


def _request(session: Session, clerk: OnDuty, request_id: int) -> OpinionRequest:
    return queries.for_department(session, officer=duties.officer(clerk), request_id=request_id)


def _theirs(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    return (
        select(OpinionRequest, Case.case_no, Case.task_name, Case.dept_name.label("lead"))
        .join(Case, Case.id == OpinionRequest.case_id)
        .where(queries.put_to(duties.officer(clerk)))
    )


def _open() -> ColumnElement[bool]:
    return OpinionRequest.state == OpinionState.ASKED.value


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    request: OpinionRequest = row.OpinionRequest
    return Line(
        id=request.id,
        case_no=row.case_no,
        task_name=row.task_name,
        lead=row.lead,
        dept_name=request.dept_name,
        subject=request.subject,
        due_on=request.due_on,
        silence_agrees=request.silence_agrees,
        open=request.state == OpinionState.ASKED,
        answer_text=request.answer_text,
    )


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case, **details: str) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )
