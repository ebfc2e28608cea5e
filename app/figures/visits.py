"""How often a citizen really came to a hall for a case (实际到厅次数), beside what the guide promised.

A visit is a day on which they checked in with an appointment for the item, or were served with a number for
it: two numbers on one day are one way. Each day belongs to one case: of several running cases of the same
item, the one with the fewest visits so far.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import Session

from app import clock
from app.appointments.events import AppointmentCheckedIn
from app.appointments.models import Appointment, AppointmentStatus
from app.cases import timeline
from app.cases.events import CaseClosed
from app.cases.models import Case
from app.cases.states import ENDS
from app.catalogue import queries as catalogue
from app.events import publish
from app.figures.events import OverVisited
from app.figures.models import CaseVisits
from app.queueing.models import Ticket, TicketState


def note_check_in(session: Session, event: AppointmentCheckedIn) -> None:
    """Count a check-in to the running case it is for; without one it belongs to no case (yet)."""
    came = session.get(Appointment, event.appointment_id)
    if came is None or came.status != AppointmentStatus.CHECKED_IN:
        return
    running = _locked(
        session,
        Case.citizen_id == came.citizen_id,
        Case.task_code == came.task_code,
        Case.state.not_in(ENDS),
    )
    rows = [_row(session, case) for case in running]
    if rows and not any(came.day in row.days for row in rows):
        _add(session, min(rows, key=lambda row: (len(row.days), row.case_id)), [came.day])


def note_closing(session: Session, event: CaseClosed) -> None:
    """Settle how many visits a closed case has taken, those with a number from the machine included."""
    (case,) = _locked(session, Case.id == event.case_id)
    row = _row(session, case)
    _add(session, row, _days_of(session, case) - _days_of_others(session, case))
    row.closed_at = case.closed_at


def _locked(session: Session, *conditions: ColumnElement[bool]) -> list[Case]:
    """The cases, whose visits nobody else changes until the transaction ends."""
    found = select(Case).where(*conditions).order_by(Case.id).with_for_update(key_share=True)
    return list(session.scalars(found))


def _row(session: Session, case: Case) -> CaseVisits:
    row = session.get(CaseVisits, case.id, populate_existing=True)
    if row is None:
        guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
        promised = int(guide.body["limit_scene_num"])
        row = CaseVisits(case_id=case.id, task_code=case.task_code, promised=promised, days=[])
        session.add(row)
        session.flush()
    return row


def _add(session: Session, row: CaseVisits, days: Collection[date]) -> None:
    row.days = sorted({*row.days, *days})
    if row.over_at is not None or len(row.days) <= row.promised:
        return
    row.over_at = clock.now()
    promised = f"承诺最多跑{row.promised}次" if row.promised else "承诺一次都不用跑"
    timeline.note(
        session,
        case_id=row.case_id,
        kind="over_visited",
        actor=timeline.SYSTEM,
        sentence=f"这件事{promised}，实际已到大厅{len(row.days)}次。我们已记录，会查明原因并改进",
        reference="visits",
    )
    publish(session, OverVisited(row.case_id))


def _days_of(session: Session, case: Case) -> set[date]:
    """The days since the case began on which the citizen came for this item."""
    began = clock.local(case.created_at).date()
    checked_in = select(Appointment.day).where(
        Appointment.citizen_id == case.citizen_id,
        Appointment.task_code == case.task_code,
        Appointment.status == AppointmentStatus.CHECKED_IN,
        Appointment.day >= began,
    )
    served = select(Ticket.day).where(
        Ticket.citizen_id == case.citizen_id,
        Ticket.task_code == case.task_code,
        Ticket.state == TicketState.SERVED,
        Ticket.day >= began,
    )
    return set(session.scalars(union(checked_in, served)))


def _days_of_others(session: Session, case: Case) -> set[date]:
    rows = session.scalars(
        select(CaseVisits.days)
        .join(Case, Case.id == CaseVisits.case_id)
        .where(Case.citizen_id == case.citizen_id, Case.task_code == case.task_code, Case.id != case.id)
    )
    return {day for days in rows for day in days}
