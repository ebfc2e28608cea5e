"""A hall at work: people with numbers, clerks at windows (大厅夹具)."""

from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.appointments import service as appointments
from app.appointments.models import Visit
from app.centres.models import WindowGroup
from app.db import unit_of_work
from app.events import OutboxRow
from app.queueing import calling, queries, service, windows
from app.queueing.models import Priority, Ticket, WindowSession
from app.queueing.queries import Shown
from app.staff.models import Role
from tests.city_fixtures import CENTRE, FIELD, MONDAY, make_slot
from tests.people_fixtures import make_citizen
from tests.staff_fixtures import make_clerk

TEN = MONDAY + timedelta(hours=2)


def take(
    task_code: str,
    *,
    citizen_id: int | None = None,
    centre_id: str = CENTRE,
    priority: Priority | None = None,
    minutes: int | None = None,
) -> int:
    """Take a number, at ten or some minutes after it; the ticket's id."""
    with clock.stopped_at(clock.now() if minutes is None else TEN + timedelta(minutes=minutes)):
        owner = citizen_id or make_citizen()
        with unit_of_work() as session:
            return service.take(
                session, citizen_id=owner, centre_id=centre_id, task_code=task_code, priority=priority
            )


def visit(task_code: str, *, in_minutes: int = 0, citizen_id: int | None = None) -> Visit:
    """An appointment some minutes after ten."""
    slot_id = make_slot(at=TEN + timedelta(minutes=in_minutes), capacity=9)
    return booked(task_code, slot_id, citizen_id=citizen_id)


def booked(task_code: str, slot_id: int, *, citizen_id: int | None = None) -> Visit:
    """An appointment in a slot, made the week before."""
    owner = citizen_id or make_citizen()
    with clock.stopped_at(MONDAY - timedelta(days=3)), unit_of_work() as session:
        return appointments.book(
            session, citizen_id=owner, centre_id=CENTRE, slot_id=slot_id, task_code=task_code
        )


def check_in(found: Visit) -> int:
    """Come to an appointment; the ticket's id."""
    with unit_of_work() as session:
        service.check_in(session, code=found.code)
        return queries.of_appointments(session, appointment_ids=[found.id])[found.id]


def window(name: str = "A01", *, clerk_id: int | None = None, centre_id: str = CENTRE) -> WindowSession:
    """A clerk at a window."""
    clerk = clerk_id or make_clerk(Role.FRONT_DESK, centre_id=centre_id)
    with unit_of_work() as session:
        return windows.sit_down(session, clerk_id=clerk, centre_id=centre_id, window=name)


def call(at: WindowSession) -> int:
    """Call the next one; the ticket's id."""
    with unit_of_work() as session:
        return calling.call_next(session, at=windows.needed(session, clerk_id=at.clerk_id)).id


def serve_out(at: WindowSession, ticket_id: int, *, minutes: int = 10) -> None:
    """Serve a called number for some minutes."""
    with unit_of_work() as session:
        calling.serve(session, at=at, ticket_id=ticket_id)
    with clock.stopped_at(clock.now() + timedelta(minutes=minutes)), unit_of_work() as session:
        calling.finish(session, at=at, ticket_id=ticket_id)


def pass_over(at: WindowSession, ticket_id: int) -> None:
    """Call a called number twice more, then pass over it."""
    with unit_of_work() as session:
        for _ in range(calling.MOST_CALLS - 1):
            calling.call_again(session, at=at, ticket_id=ticket_id)
        calling.pass_over(session, at=at, ticket_id=ticket_id)


def put_back(ticket_id: int, *, centre_id: str = CENTRE) -> None:
    """Put a number that was passed over back into the line."""
    with unit_of_work() as session:
        calling.put_back(session, centre_id=centre_id, ticket_id=ticket_id)


def seen(ticket_id: int) -> Shown:
    """A ticket with its place."""
    with unit_of_work() as session:
        return queries.by_id(session, ticket_id=ticket_id)


def state(ticket_id: int) -> str:
    """Where a ticket stands."""
    with unit_of_work() as session:
        return session.get_one(Ticket, ticket_id).state


def group_id(name: str = FIELD, *, centre_id: str = CENTRE) -> int:
    """Windows by their name."""
    with unit_of_work() as session:
        return session.scalars(
            select(WindowGroup.id).where(WindowGroup.centre_id == centre_id, WindowGroup.name == name)
        ).one()


def told(name: str) -> list[dict[str, int]]:
    """What the outbox tells of an event, oldest first."""
    rows = select(OutboxRow.payload).where(OutboxRow.name == name).order_by(OutboxRow.id)
    with unit_of_work() as session:
        return list(session.scalars(rows))
