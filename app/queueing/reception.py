"""Where and when numbers are taken (取号规则): the windows for an item, the hours, the running number.

Numbers are given from half an hour before the hall opens, when people stand at its door, until the hall's
last ticket (`last_ticket_before_minutes`) before it closes. Between two stretches of a day they are given
too: the line goes on after lunch. A number stays valid until it is served, also after closing time.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.appointments.bookable import bookable
from app.centres import hours, working_days
from app.centres import queries as centres
from app.centres.models import WindowGroup
from app.centres.queries import Found
from app.db import LARGEST_ID
from app.queueing.errors import HallNotOpen, NotHandledHere
from app.queueing.models import QueueCounter

BEFORE_OPENING = timedelta(minutes=30)
_NO_LETTER = "N"


def group_for(session: Session, *, hall: Found, task_code: str) -> tuple[WindowGroup, str]:
    """The windows of the hall that take an item today, and the item's name.

    Raises NotHandledHere, and what the catalogue raises for the item.
    """
    item = bookable(session, task_code=task_code)
    shift = hours.on_shift(clock.today(), working_days.calendar(session))
    for group in hall.centre.groups:
        serves = group.weekend_serves if shift else group.serves
        if group.codes and item.field in serves and hall.centre.id in item.centre_ids:
            return group, item.task_name
    raise NotHandledHere


def check_hours(session: Session, *, hall: Found) -> None:
    """Raises HallNotOpen, which says when numbers are given."""
    stretches = hours.openings(hall.hours, clock.today(), working_days.calendar(session))
    if not stretches:
        raise HallNotOpen(when="这个大厅今天不开放，请改天再来，或先预约一个时间")
    now = clock.now()
    first = stretches[0][0] - BEFORE_OPENING
    last = stretches[-1][1] - timedelta(minutes=hall.centre.last_ticket_before_minutes)
    if now < first:
        raise HallNotOpen(when=f"还没到取号时间，今天{clock.local(first):%H:%M}开始取号")
    if now > last:
        raise HallNotOpen(when=f"今天{clock.local(last):%H:%M}已停止取号，请明天再来，或先预约一个时间")


def hall(session: Session, *, centre_id: str) -> Found:
    """The hall with its windows and hours; raises CentreNotFound."""
    return centres.see(session, centre_id=centre_id)


def new_number(session: Session, *, group: WindowGroup) -> str:
    """The next number of the windows' letter in their hall today, such as A012.

    Windows with the same letter share one count, so that a number is called once in a hall. The count stays
    locked until the transaction ends: a number that was not given is given to the next one.
    """
    letter = group.codes[0][:1] if group.codes else _NO_LETTER
    first = insert(QueueCounter).values(centre_id=group.centre_id, day=clock.today(), letter=letter, last=1)
    count = session.scalar(
        first.on_conflict_do_update(
            index_elements=["centre_id", "day", "letter"], set_={"last": QueueCounter.last + 1}
        ).returning(QueueCounter.last)
    )
    return f"{letter}{count:03d}"


def group(session: Session, *, centre_id: str, window_group_id: int) -> WindowGroup | None:
    """Windows of this hall that have somebody at them; None when there are none such."""
    if not 0 < window_group_id <= LARGEST_ID:
        return None
    found = session.scalar(
        select(WindowGroup).where(WindowGroup.id == window_group_id, WindowGroup.centre_id == centre_id)
    )
    return found if found is not None and found.codes else None
