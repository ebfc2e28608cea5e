"""Drawing whom to call (抽取): of the cases closed on a day five of a hundred, by a lot with the city's key.

As with the checks of the machine (`spot_checks`), nobody can foresee and nobody can choose who is drawn.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from math import ceil

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.call_backs.models import CallBack, CallBackDay
from app.cases.models import Case
from app.cases.states import State
from app.crypto import blind_index
from app.db import unit_of_work

PERCENT = 5
_PURPOSE = "call_backs.draw"
# What was closed just before midnight may be committed a little after it.
_SETTLED_AFTER = timedelta(hours=1)

Closed = Sequence[Row[int, str]]


def draw_days() -> None:
    """Draw every day that is over and was not drawn (job). Safe to repeat, late and in parallel."""
    with unit_of_work() as session:
        due = list(days_due(session))
    for day in due:
        with unit_of_work() as session:
            draw(session, day=day)


def days_due(session: Session) -> Iterator[date]:
    """The days that are over and not drawn, oldest first: all since the last; at the first run yesterday."""
    over = clock.local(clock.now() - _SETTLED_AFTER).date() - timedelta(days=1)
    newest = session.scalar(select(func.max(CallBackDay.day)))
    day = over if newest is None else newest + timedelta(days=1)
    while day <= over:
        yield day
        day += timedelta(days=1)


def draw(session: Session, *, day: date) -> int | None:
    """Draw the cases closed on a day, once; how many, None when another run has done it or is doing it."""
    found = closed_on(session, day)
    chosen = sorted(found, key=lambda row: _rank(row.case_no, day))[: ceil(len(found) * PERCENT / 100)]
    row = {"percent": PERCENT, "closed": len(found), "drawn": len(chosen), "drawn_at": clock.now()}
    begun = session.scalar(
        insert(CallBackDay)
        .values(day=day, **row)
        .on_conflict_do_nothing(index_elements=[CallBackDay.day])
        .returning(CallBackDay.day)
    )
    if begun is None:
        return None
    session.add_all(CallBack(case_id=each.id, day=day) for each in chosen)
    session.flush()
    return len(chosen)


def closed_on(session: Session, day: date) -> Closed:
    """What was closed on a day of Shanghai."""
    began = datetime.combine(day, time.min, clock.SHANGHAI)
    asked = select(Case.id, Case.case_no).where(
        Case.state == State.CLOSED.value, Case.closed_at >= began, Case.closed_at < began + timedelta(days=1)
    )
    return session.execute(asked.order_by(Case.id)).all()


def _rank(case_no: str, day: date) -> bytes:
    return blind_index(f"{day.isoformat()}\n{case_no}", purpose=_PURPOSE)
