"""Who is called next (叫号次序): one rule, for calling, for showing and for counting who is ahead.

1. Appointments whose slot has begun, the earlier slot first: whoever booked a time is served at that time.
   Before its slot an appointment is no better and no worse than a number taken in the hall.
2. People with priority by law (老年人、残疾人、孕妇、抱婴者、军人) before others; within a slot too.
3. Whoever came first. A number that is put back or sent to other windows keeps the moment it was taken, so
   that nobody queues twice for one matter.

Booking takes no more than its share of a slot (`capacity`, the rest is kept for walking in), so those with
appointments cannot fill the windows alone.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select

from app import clock
from app.queueing.models import Ticket, TicketState


def next_first(at: datetime) -> tuple[ColumnElement[Any], ...]:
    """The columns by which waiting tickets are sorted at a moment."""
    due = case((Ticket.due_at <= at, Ticket.due_at), else_=None)
    return due.asc().nulls_last(), Ticket.priority.is_(None), Ticket.taken_at.asc(), Ticket.id.asc()


def line(*groups: ColumnElement[Any]) -> Subquery:
    """Today's waiting tickets (`id`) with how many are `ahead` in their window group; in these groups only.

    `groups` are conditions on Ticket.window_group_id.
    """
    ahead = func.row_number().over(partition_by=Ticket.window_group_id, order_by=next_first(clock.now()))
    waiting = select(Ticket.id, (ahead - 1).label("ahead")).where(
        Ticket.day == clock.today(), Ticket.state == TicketState.WAITING, *groups
    )
    return waiting.subquery("line")
