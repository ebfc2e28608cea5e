"""What the queue does when something has happened (排队的订阅)."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.appointments import queries as appointments
from app.appointments.events import AppointmentCheckedIn
from app.appointments.models import AppointmentStatus
from app.events import publish
from app.queueing import queries, service
from app.queueing.events import TicketCalled, TicketCancelled, TicketNearlyDue
from app.queueing.models import Ticket, TicketWarning


def warn_next(session: Session, event: TicketCalled | TicketCancelled) -> None:
    """Tell those who have become near in the line, once in each round (subscriber).

    What is noted lies beside the tickets and locks none of them: a window that calls meanwhile steps over
    locked ones, and would call the wrong person.
    """
    group_id = session.scalar(select(Ticket.window_group_id).where(Ticket.id == event.ticket_id))
    if group_id is None:
        return
    for ticket in queries.near(session, window_group_id=group_id, most_ahead=service.NEARLY):
        noted = session.scalar(
            insert(TicketWarning)
            .values(ticket_id=ticket.id, round=ticket.round)
            .on_conflict_do_nothing()
            .returning(TicketWarning.ticket_id)
        )
        if noted is not None:
            publish(session, TicketNearlyDue(ticket.id, ticket.round))


def give_number(session: Session, event: AppointmentCheckedIn) -> None:
    """Give a number to whoever was checked in by another way than a door of ours (subscriber)."""
    visit = appointments.by_id(session, appointment_id=event.appointment_id)
    if visit.status == AppointmentStatus.CHECKED_IN:
        service.give_number(session, visit)
