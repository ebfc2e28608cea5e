"""Citizens who wish to go, and the job that lets them (注销夹具)."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from app import clock, db
from app.db import unit_of_work
from app.people import closing, upkeep
from app.people.closing import WAITS_FOR, Standing
from app.people.models import AccountClosing, Citizen
from notifications.models import Message
from tests.city_fixtures import MONDAY

DAY = timedelta(days=1)
# The first day on which an account may end whose owner wished so on Monday.
ENDS = MONDAY + WAITS_FOR
BEFORE = ENDS - DAY


def wish(citizen_id: int, *, at: datetime = MONDAY) -> Standing:
    """Ask for the end of an account."""
    with clock.stopped_at(at), unit_of_work() as session:
        return closing.start(session, citizen_id=citizen_id)


def take_back(citizen_id: int, *, at: datetime = MONDAY) -> Standing:
    """Stay after all."""
    with clock.stopped_at(at), unit_of_work() as session:
        return closing.take_back(session, citizen_id=citizen_id)


def run(at: datetime) -> None:
    """The periodic job at a moment."""
    with clock.stopped_at(at):
        upkeep.close_accounts()


def due(citizen_id: int) -> None:
    """Wished on Monday and warned; the next run on the day ends the account."""
    wish(citizen_id)
    run(BEFORE)


def leave(citizen_id: int) -> None:
    """Go through with it."""
    due(citizen_id)
    run(ENDS)


def is_closed(citizen_id: int) -> bool:
    """Whether the account is no more."""
    return found(citizen_id).closed_at is not None


def found(citizen_id: int) -> Citizen:
    """The citizen's row."""
    with unit_of_work() as session:
        return session.get_one(Citizen, citizen_id)


def closes_on(citizen_id: int) -> date:
    """The day that the newest wish has now."""
    with unit_of_work() as session:
        asked = select(AccountClosing.closes_on).where(AccountClosing.citizen_id == citizen_id)
        return session.scalars(asked.order_by(AccountClosing.id.desc()).limit(1)).one()


def told(citizen_id: int) -> list[str]:
    """What the citizen was told about the end, oldest first."""
    with unit_of_work() as session:
        asked = select(Message.title).where(
            Message.citizen_id == citizen_id, Message.subject.startswith("closing:")
        )
        return list(session.scalars(asked.order_by(Message.id)))


def rows(model: type[db.Base]) -> int:
    """How many rows a table has."""
    with unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
