"""Closing an account (注销): the wish, the time to think it over, taking it back.

The wish waits for 15 days. 《个人信息保护法》art. 47 and 50 give the right and ask for an easy way;
《App违法违规收集使用个人信息行为认定方法》(国信办秘字〔2019〕191号) art. 6 bounds the answer at 15 working
days, which 15 days never exceed. Until then the citizen goes on as before: logging in takes nothing back.

What else the city keeps of a person lies in rooms above this one. They say through a `Room`, which the
program fills in, what must be finished first and forget their part in the same transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.events import publish
from app.people import queries
from app.people.errors import AccountHasOpenMatters
from app.people.events import ClosingMoved
from app.people.models import AccountClosing, ClosingState
from app.people.sessions import SessionOver

WAITS_FOR = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Room:
    """What one part of the city says and does when an account closes; each takes the citizen's id.

    `hold` locks what could become an open matter without a new row, and is False when somebody is at it just
    now; `open_matters` are sentences, empty when nothing is open; `forget` drops what no law keeps.
    """

    open_matters: Callable[[Session, int], list[str]]
    forget: Callable[[Session, int], None]
    hold: Callable[[Session, int], bool] = lambda _session, _citizen_id: True


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with an account's end: what must be finished first, and its day, if one is set."""

    reasons: list[str]
    closes_on: date | None

    @property
    def can_close(self) -> bool:
        """Whether nothing is open."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """What a message about a closing says; `reasons` are what must be finished first."""

    citizen_id: int
    closes_on: date
    waiting: bool
    reasons: list[str]


_rooms: list[Room] = []


def wire(rooms: Sequence[Room]) -> None:
    """Say which rooms keep something of citizens; called once by bootstrap."""
    _rooms[:] = rooms


def rooms() -> Sequence[Room]:
    """The rooms that keep something of citizens."""
    return _rooms


def open_matters(session: Session, *, citizen_id: int) -> list[str]:
    """What must be finished before the account may end, one sentence each (未办结事项)."""
    return [sentence for room in _rooms for sentence in room.open_matters(session, citizen_id)]


def standing(session: Session, *, citizen_id: int) -> Standing:
    """How it stands (注销进度); raises CitizenUnknown, and SessionOver once the account is closed."""
    if queries.citizen(session, citizen_id=citizen_id).closed_at is not None:
        raise SessionOver
    return Standing(
        open_matters(session, citizen_id=citizen_id), queries.closing_on(session, citizen_id=citizen_id)
    )


def start(session: Session, *, citizen_id: int) -> Standing:
    """Wish the account closed (申请注销); repeating it changes nothing.

    Raises AccountHasOpenMatters with the reasons, unless the wish is waiting already; and as `standing`.
    """
    now = standing(session, citizen_id=citizen_id)
    if now.closes_on is not None:
        return now
    if not now.can_close:
        raise AccountHasOpenMatters(errors={"reasons": now.reasons})
    closes_on = clock.today() + WAITS_FOR
    wished = session.scalar(
        insert(AccountClosing)
        .values(citizen_id=citizen_id, asked_at=clock.now(), closes_on=closes_on)
        .on_conflict_do_nothing(
            index_elements=[AccountClosing.citizen_id], index_where=text("state = 'waiting'")
        )
        .returning(AccountClosing.id)
    )
    if wished is not None:
        publish(session, ClosingMoved(wished, "started", closes_on.isoformat()))
        _note(session, citizen_id, "account_closing_started")
    return Standing([], queries.closing_on(session, citizen_id=citizen_id))


def take_back(session: Session, *, citizen_id: int) -> Standing:
    """Keep the account after all (撤销注销申请); repeating it changes nothing. Raises as `standing`.

    While the account is just being closed this waits, and then meets SessionOver.
    """
    kept = session.execute(
        update(AccountClosing)
        .where(AccountClosing.citizen_id == citizen_id, AccountClosing.state == ClosingState.WAITING)
        .values(state=ClosingState.TAKEN_BACK, ended_at=clock.now())
        .returning(AccountClosing.id, AccountClosing.closes_on)
    ).one_or_none()
    now = standing(session, citizen_id=citizen_id)
    if kept is not None:
        publish(session, ClosingMoved(kept.id, "taken_back", kept.closes_on.isoformat()))
        _note(session, citizen_id, "account_closing_taken_back")
    return now


def facts(session: Session, *, closing_id: int) -> ClosingFacts:
    """What a message about a closing says."""
    found = session.execute(
        select(AccountClosing)
        .where(AccountClosing.id == closing_id)
        .execution_options(populate_existing=True)
    ).scalar_one()
    return ClosingFacts(
        citizen_id=found.citizen_id,
        closes_on=found.closes_on,
        waiting=found.state == ClosingState.WAITING,
        reasons=open_matters(session, citizen_id=found.citizen_id),
    )


def _note(session: Session, citizen_id: int, action: str) -> None:
    actor = f"citizen:{citizen_id}"
    audit.record(session, actor=actor, action=action, subject=actor, citizen_id=citizen_id)
