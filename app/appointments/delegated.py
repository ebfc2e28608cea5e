"""Booking for somebody else (替人预约): an agent sees and changes what they booked under their authority.

Each of these means nothing while the citizen books in person.
"""

from sqlalchemy import ColumnElement, true, update
from sqlalchemy.orm import Session

from app import on_behalf
from app.appointments.models import Appointment, Visit
from app.catalogue import queries as catalogue
from app.delegations import acting


def begin(session: Session, *, task_code: str) -> None:
    """Let an agent book only what they may, the authority held; raises as `acting.refuse_item` does."""
    if on_behalf.agent() is not None:
        acting.refuse_item(session, catalogue.guide(session, task_code=task_code))


def hold(session: Session) -> None:
    """Keep the agent's authority until the unit of work ends; raises DelegationNotFound."""
    agent = on_behalf.agent()
    if agent is not None:
        acting.held(session, agent)


def seen() -> ColumnElement[bool]:
    """Which appointments of the citizen an agent sees: those they made."""
    agent = on_behalf.agent()
    return true() if agent is None else Appointment.delegation_id == agent.delegation_id


def made(session: Session, visit: Visit) -> None:
    """Mark a new appointment as made by an agent or a helper (由代办人、帮办人员预约), if it was one."""
    agent = on_behalf.agent()
    if agent is not None:
        session.execute(
            update(Appointment)
            .where(Appointment.id == visit.id)
            .values(delegation_id=agent.delegation_id)
            .execution_options(synchronize_session=False)
        )
    note(session, visit, kind="booked", sentence="预约了到窗办理")


def note(session: Session, visit: Visit, *, kind: str, sentence: str) -> None:
    """Write down what an agent did with an appointment."""
    acting.note(session, kind=kind, reference=f"appointment:{visit.id}", sentence=sentence)
