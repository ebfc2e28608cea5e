"""Units that need a licence of the department next (双告知): the list, and the clerk's own mark."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true, update
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.desk import duties
from app.double_notice.errors import LeadNoteWrong, LeadNotFound, LeadTakenUp
from app.double_notice.models import LicenceLead
from app.plain_text import readable
from app.staff.sessions import OnDuty

PAGE = 20
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One unit and the licence it needs; `note` is what a clerk did."""

    id: int
    unit_name: str
    task_name: str
    dept_name: str
    told_at: datetime
    taken_up_at: datetime | None
    by_case: bool
    note: str | None


def page(
    session: Session, *, clerk: OnDuty, waiting: bool, after: int | None = None
) -> tuple[list[Line], int | None]:
    """The department's units, newest first: those that wait or those taken up; where the next page begins.

    Raises NotYourDuty.
    """
    duties.refuse_unless(clerk, duties.READING)
    asked = select(LicenceLead).where(
        _visible_to(clerk),
        LicenceLead.taken_up_at.is_(None) if waiting else LicenceLead.taken_up_at.is_not(None),
    )
    if after is not None:
        asked = asked.where(LicenceLead.id < after)
    found = session.scalars(asked.order_by(LicenceLead.id.desc()).limit(PAGE + 1)).all()
    return [_line(lead) for lead in found[:PAGE]], found[PAGE - 1].id if len(found) > PAGE else None


def mark(session: Session, *, clerk: OnDuty, lead_id: int, note: str) -> None:
    """Say what the department did about a unit (处理). Raises LeadNoteWrong, LeadNotFound, LeadTakenUp."""
    duties.refuse_unless(clerk, duties.READING)
    said = readable(note)
    if not 0 < len(said) <= LONGEST_NOTE:
        raise LeadNoteWrong(errors={"note": [LeadNoteWrong.message]})
    if session.scalar(select(LicenceLead.id).where(LicenceLead.id == lead_id, _visible_to(clerk))) is None:
        raise LeadNotFound
    marked = session.scalar(
        update(LicenceLead)
        .where(LicenceLead.id == lead_id, LicenceLead.taken_up_at.is_(None))
        .values(taken_up_at=clock.now(), clerk_id=clerk.clerk_id, note=said)
        .returning(LicenceLead.id)
    )
    if marked is None:
        raise LeadTakenUp
    audit.record(session, actor=clerk.actor, action="licence_lead_marked", subject=f"licence_lead:{lead_id}")


def _visible_to(clerk: OnDuty) -> ColumnElement[bool]:
    if clerk.department is None:
        return true()
    return or_(LicenceLead.dept_code == clerk.department, LicenceLead.dept_name == clerk.department)


def _line(lead: LicenceLead) -> Line:
    return Line(
        id=lead.id,
        unit_name=lead.unit_name,
        task_name=lead.task_name,
        dept_name=lead.dept_name,
        told_at=lead.told_at,
        taken_up_at=lead.taken_up_at,
        by_case=lead.taken_up_case_id is not None,
        note=lead.note,
    )
