"""Carrying a closing out (到期注销): looked at again, told the day before, then done in one transaction.

The closing, the citizen's row and their drafts are locked before anybody asks whether something is open, so
that a case cannot be handed in between the look and the end. Who is busy just now is left for the next run:
nothing here ever waits for a citizen, so nobody waits in a circle.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.events import publish
from app.idempotency import KeptAnswer
from app.people import closing
from app.people.events import AccountClosed, ClosingMoved
from app.people.models import (
    AccountClosing,
    Citizen,
    ClosingState,
    LoginSession,
    PlatformIdentity,
    SmsCode,
)

TOLD_BEFORE = timedelta(days=1)
# With the fifteen days before, the first look after a postponement still lies within fifteen working days.
POSTPONED_BY = timedelta(days=5)
# Messages about an account's end come by day.
_FROM_HOUR, _TO_HOUR = 8, 21


def due(session: Session, *, after_id: int = 0, limit: int = 100) -> Sequence[int]:
    """Closings that are to be looked at now, by id; none at night."""
    if not _FROM_HOUR <= clock.local(clock.now()).hour < _TO_HOUR:
        return []
    today = clock.today()
    return session.scalars(
        select(AccountClosing.id)
        .where(
            AccountClosing.state == ClosingState.WAITING,
            AccountClosing.id > after_id,
            AccountClosing.closes_on <= today + TOLD_BEFORE,
            or_(
                AccountClosing.closes_on <= today,
                AccountClosing.reminded_for.is_distinct_from(AccountClosing.closes_on),
            ),
        )
        .order_by(AccountClosing.id)
        .limit(limit)
    ).all()


def settle(session: Session, *, closing_id: int) -> None:
    """Remind, postpone or close one account; what somebody else is at is left alone. Safe to repeat."""
    wish = _held(session, closing_id)
    if wish is None:
        return
    citizen = _held_citizen(session, wish.citizen_id)
    if citizen is None or not all(room.hold(session, citizen.id) for room in closing.rooms()):
        return
    today = clock.today()
    is_open = bool(closing.open_matters(session, citizen_id=citizen.id))
    if is_open:
        if wish.closes_on <= today:
            _move(session, wish, to=today + POSTPONED_BY, happening="postponed")
    elif wish.reminded_for != wish.closes_on:
        # Also when the day before went by unseen: nobody's account ends without a warning.
        _move(session, wish, to=max(wish.closes_on, today + TOLD_BEFORE), happening="near")
    elif wish.closes_on <= today:
        _end(session, wish, citizen)


def _held(session: Session, closing_id: int) -> AccountClosing | None:
    return session.scalar(
        select(AccountClosing)
        .where(AccountClosing.id == closing_id, AccountClosing.state == ClosingState.WAITING)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _held_citizen(session: Session, citizen_id: int) -> Citizen | None:
    """The citizen, locked against whatever begins; None while something of theirs is just beginning."""
    return session.scalar(
        select(Citizen)
        .where(Citizen.id == citizen_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _move(session: Session, wish: AccountClosing, *, to: date, happening: str) -> None:
    wish.closes_on = to
    if happening == "near":
        wish.reminded_for = to
    publish(session, ClosingMoved(wish.id, happening, to.isoformat()))


def _end(session: Session, wish: AccountClosing, citizen: Citizen) -> None:
    """Everything that no law keeps goes, and with it every way in; the row stays as a pseudonym."""
    now = clock.now()
    for room in closing.rooms():
        room.forget(session, citizen.id)
    session.execute(delete(LoginSession).where(LoginSession.citizen_id == citizen.id))
    session.execute(delete(PlatformIdentity).where(PlatformIdentity.citizen_id == citizen.id))
    session.execute(
        delete(KeptAnswer).where(
            or_(
                KeptAnswer.owner == f"citizen:{citizen.id}",
                KeptAnswer.owner.startswith(f"citizen:{citizen.id}:"),
            )
        )
    )
    if citizen.phone_index is not None:
        session.execute(delete(SmsCode).where(SmsCode.phone_index == citizen.phone_index))
    citizen.name = citizen.id_number = citizen.phone = None
    citizen.id_number_index = citizen.phone_index = None
    citizen.assurance, citizen.preferences = 0, {}
    citizen.closed_at = now
    wish.state, wish.ended_at = ClosingState.CLOSED, now
    publish(session, AccountClosed(citizen.id))
    session.flush()
    audit.record(
        session,
        actor="system",
        action="account_closed",
        subject=f"citizen:{citizen.id}",
        citizen_id=citizen.id,
    )
