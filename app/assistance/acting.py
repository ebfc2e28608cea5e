"""What a clerk does for the citizen beside them (帮办中): held while it is done, narrowed, and written down.

Each of these means nothing while nobody is helped.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true, update
from sqlalchemy.orm import Session

from app import clock, on_behalf
from app.assistance import queries
from app.assistance.errors import AssistanceOver, AssistanceUnagreed, OwnHandOnly
from app.assistance.models import AssistAct, Assistance
from app.on_behalf import Helper
from app.people.models import Citizen


@contextlib.contextmanager
def helping(session: Session, *, clerk_id: int, clerk: str, assistance_id: int) -> Iterator[Assistance]:
    """Do for the citizen what stands within; the session does not end before this unit of work does.

    Raises AssistanceNotFound, AssistanceUnagreed, AssistanceOver.
    """
    held = hold(session, clerk_id=clerk_id, assistance_id=assistance_id)
    on_behalf.help_as(Helper(held.id, held.citizen_id, clerk_id, clerk))
    try:
        yield held
    finally:
        on_behalf.help_as(None)


def hold(session: Session, *, clerk_id: int, assistance_id: int) -> Assistance:
    """The live session of this clerk, which this unit of work keeps from ending; raises as `helping`.

    The citizen is held before it, as the end of an account does: in another order the two would wait for
    each other.
    """
    found = queries.of_clerk(session, clerk_id=clerk_id, assistance_id=assistance_id)
    citizen = select(Citizen.id).where(Citizen.id == found.citizen_id)
    session.execute(citizen.with_for_update(read=True, key_share=True))
    now = clock.now()
    held = session.scalar(
        update(Assistance)
        .where(
            Assistance.id == found.id,
            Assistance.ended_at.is_(None),
            Assistance.agreed_at.is_not(None),
            Assistance.over_at > now,
            Assistance.last_at > now - queries.IDLE_FOR,
        )
        .values(last_at=now)
        .returning(Assistance)
        .execution_options(populate_existing=True)
    )
    if held is not None:
        return held
    session.refresh(found)
    if found.agreed_at is None and not queries.is_over(found):
        raise AssistanceUnagreed
    raise AssistanceOver


def covered(row: type[Any]) -> ColumnElement[bool]:
    """Which rows a helper may touch: the citizen's own drafts; other rows raise OwnHandOnly."""
    helper = on_behalf.helper()
    if helper is None:
        return true()
    if not hasattr(row, "sealed_form"):
        raise OwnHandOnly
    return and_(row.citizen_id == helper.citizen_id, row.state == "draft")


def refuse() -> None:
    """Refuse a helper what is the citizen's own hand; raises OwnHandOnly."""
    if on_behalf.helper() is not None:
        raise OwnHandOnly


def note(session: Session, *, kind: str, reference: str, sentence: str) -> None:
    """Write down what a helper did; every act is a row of its own."""
    helper = on_behalf.helper()
    if helper is not None:
        session.add(
            AssistAct(
                assistance_id=helper.assistance_id,
                reference=reference,
                kind=kind,
                sentence=sentence,
                at=clock.now(),
            )
        )
        session.flush()
