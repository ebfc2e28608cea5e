"""Cases that took more visits than promised, at the desk (超次跑动): who handled them says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, select, tuple_
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases import numbers
from app.cases.errors import CaseNotFound
from app.cases.models import Case, CaseEvent
from app.catalogue import queries as catalogue
from app.desk import duties
from app.desk.errors import NotYourCase
from app.desk.ratings import worked_on
from app.desk.work import visible_to
from app.figures import explaining
from app.figures.models import CaseVisits, VisitExplanation
from app.staff.sessions import OnDuty

PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One case: what its guide promised, on which days the citizen came, since when it is too often."""

    case_id: int
    case_no: str
    task_name: str
    dept_name: str
    promised: int
    days: list[date]
    over_at: datetime
    explanations: Sequence[VisitExplanation]
    may_explain: bool


def page(
    session: Session, *, clerk: OnDuty, department: str = "", after: int | None = None, limit: int = PAGE
) -> tuple[list[Line], int | None]:
    """The cases of the clerk's department or, for whoever sees all, of one of them; the newest first."""
    duties.refuse_unless(clerk, duties.READING)
    asked = _rows(clerk).order_by(CaseVisits.over_at.desc(), CaseVisits.case_id.desc())
    if department:
        asked = asked.where(Case.dept_name == department)
    if after is not None:
        last = select(CaseVisits.over_at, CaseVisits.case_id).where(CaseVisits.case_id == after)
        asked = asked.where(tuple_(CaseVisits.over_at, CaseVisits.case_id) < last.scalar_subquery())
    rows = session.execute(asked.limit(limit + 1)).all()
    lines = _lines(session, rows[:limit])
    return lines, lines[-1].case_id if len(rows) > limit else None


def departments(session: Session, *, clerk: OnDuty) -> list[str]:
    """Those to choose from; none for a clerk who sees one only."""
    return [] if clerk.department is not None else [one.name for one in catalogue.departments(session)]


def look_at(session: Session, *, clerk: OnDuty, case_no: str) -> Line:
    """One of these cases; raises NotYourDuty and CaseNotFound, also for a foreign one."""
    duties.refuse_unless(clerk, duties.READING)
    found = _lines(session, [_one(session, clerk, case_no)])[0]
    _note(session, clerk, found, action="over_visit_viewed")
    return found


def explain(session: Session, *, clerk: OnDuty, case_no: str, text: str) -> None:
    """Say why (说明原因): whoever handled the case, or anybody of the department while nobody has.

    Raises NotYourDuty, CaseNotFound, NotYourCase, ExplanationUnfit, AlreadyExplained.
    """
    duties.refuse_unless(clerk, duties.READING)
    (found,) = _lines(session, [_one(session, clerk, case_no)])
    if not found.may_explain:
        raise NotYourCase
    explaining.explain(session, case_id=found.case_id, officer=duties.officer(clerk), text=text)
    _note(session, clerk, found, action="over_visit_explained")


def _rows(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CaseVisits,
            Case.case_no,
            Case.task_name,
            Case.dept_name,
            worked_on(clerk, Case.id).label("mine"),
            _handled(Case.id).label("handled"),
        )
        .join(Case, Case.id == CaseVisits.case_id)
        .where(CaseVisits.over_at.is_not(None), visible_to(clerk))
    )


def _handled(case_id: Any) -> ColumnElement[bool]:
    return exists().where(CaseEvent.case_id == case_id, CaseEvent.clerk_id.is_not(None))


def _one(session: Session, clerk: OnDuty, typed: str) -> Row[*tuple[Any, ...]]:
    row = session.execute(_rows(clerk).where(Case.case_no == (numbers.case_no(typed) or ""))).one_or_none()
    if row is None:
        raise CaseNotFound
    return row


def _lines(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Line]:
    told = explaining.explanations(session, case_ids=[row.CaseVisits.case_id for row in rows])
    return [
        Line(
            case_id=row.CaseVisits.case_id,
            case_no=row.case_no,
            task_name=row.task_name,
            dept_name=row.dept_name,
            promised=row.CaseVisits.promised,
            days=row.CaseVisits.days,
            over_at=row.CaseVisits.over_at,
            explanations=told[row.CaseVisits.case_id],
            may_explain=row.mine or not row.handled,
        )
        for row in rows
    ]


def _note(session: Session, clerk: OnDuty, line: Line, *, action: str) -> None:
    citizen_id = session.scalars(select(Case.citizen_id).where(Case.id == line.case_id)).one()
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{line.case_no}",
        citizen_id=citizen_id,
    )
