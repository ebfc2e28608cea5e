"""Clerks at windows (窗口值守): who sits where today."""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.centres.models import WindowGroup
from app.queueing.errors import NoWindow, SomebodyThere, WindowTaken, WindowUnknown
from app.queueing.models import Ticket, WindowSession

# How often a clerk looks again when another clerk has sat down meanwhile.
_LOOKS = 3


def sit_down(session: Session, *, clerk_id: int, centre_id: str, window: str) -> WindowSession:
    """Work at a window from now on (选择窗口); repeating it changes nothing.

    The clerk leaves the window where they were, and a colleague who went without saying so loses this one.
    Raises WindowUnknown, SomebodyThere when their own window has somebody in front of it, WindowTaken when
    this one has.
    """
    group = _group_of(session, centre_id=centre_id, window=window)
    for _ in range(_LOOKS):
        here = at_window(session, centre_id=centre_id, window=window)
        if here is not None and here.clerk_id == clerk_id:
            return here
        mine = of_clerk(session, clerk_id=clerk_id)
        for held in sorted((found for found in (here, mine) if found is not None), key=lambda one: one.id):
            _clear(session, held, own=held is mine)
        if _open(session, clerk_id=clerk_id, group=group, window=window):
            break
    seated = of_clerk(session, clerk_id=clerk_id)
    if seated is None or (seated.centre_id, seated.window) != (centre_id, window):
        raise WindowTaken(window=window, number="另一个")
    return seated


def leave(session: Session, *, clerk_id: int) -> None:
    """Leave the window (离开窗口); raises SomebodyThere while somebody is in front of it."""
    mine = of_clerk(session, clerk_id=clerk_id)
    if mine is not None:
        _clear(session, mine, own=True)


def of_clerk(session: Session, *, clerk_id: int, lock: bool = False) -> WindowSession | None:
    """Where a clerk works today; with `lock` nobody else moves it until the transaction ends."""
    asked = select(WindowSession).where(
        WindowSession.clerk_id == clerk_id,
        WindowSession.day == clock.today(),
        WindowSession.closed_at.is_(None),
    )
    if lock:
        asked = asked.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalar(asked)


def needed(session: Session, *, clerk_id: int) -> WindowSession:
    """Where a clerk works today, locked: of two clicks one comes after the other. Raises NoWindow."""
    found = of_clerk(session, clerk_id=clerk_id, lock=True)
    if found is None:
        raise NoWindow
    return found


def at_window(session: Session, *, centre_id: str, window: str) -> WindowSession | None:
    """Who works at a window today."""
    return session.scalar(
        select(WindowSession).where(
            WindowSession.centre_id == centre_id,
            WindowSession.window == window,
            WindowSession.day == clock.today(),
            WindowSession.closed_at.is_(None),
        )
    )


def _group_of(session: Session, *, centre_id: str, window: str) -> WindowGroup:
    groups = session.scalars(select(WindowGroup).where(WindowGroup.centre_id == centre_id))
    found = next((group for group in groups if window in group.codes), None)
    if found is None:
        raise WindowUnknown
    return found


def _clear(session: Session, held: WindowSession, *, own: bool) -> None:
    """End the work at a window that has nobody in front of it; its row is locked against a call meanwhile."""
    session.execute(select(WindowSession.id).where(WindowSession.id == held.id).with_for_update())
    number = session.scalar(select(Ticket.number).where(Ticket.session_id == held.id))
    if number is not None:
        raise SomebodyThere(number=number) if own else WindowTaken(window=held.window, number=number)
    session.execute(
        update(WindowSession)
        .where(WindowSession.id == held.id, WindowSession.closed_at.is_(None))
        .values(closed_at=clock.now())
    )


def _open(session: Session, *, clerk_id: int, group: WindowGroup, window: str) -> bool:
    made = session.scalar(
        insert(WindowSession)
        .values(
            clerk_id=clerk_id,
            centre_id=group.centre_id,
            window_group_id=group.id,
            window=window,
            day=clock.today(),
            opened_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(WindowSession.id)
    )
    return made is not None
