"""The switch that keeps the machine still (停用秒批): for one item or for the whole city.

Whoever decides holds a shared lock until their unit of work ends, whoever throws the switch an exclusive one:
once it is thrown, nothing more is decided.
"""

from collections.abc import Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases.errors import StopReasonMissing
from app.cases.review_models import MachineStop
from app.plain_text import readable

EVERYWHERE = ""
LONGEST_REASON = 200
_LOCK = func.hashtextextended("cases\nmachine", 0)


def stop(session: Session, *, task_code: str, reason: str, clerk_id: int, clerk_name: str) -> bool:
    """Stop the machine (停用), EVERYWHERE or for one item; False when it was. Raises StopReasonMissing."""
    said = readable(reason)
    if not said or len(said) > LONGEST_REASON:
        raise StopReasonMissing
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    stopped = session.scalar(
        insert(MachineStop)
        .values(task_code=task_code, reason=said, clerk_id=clerk_id, clerk_name=clerk_name, at=clock.now())
        .on_conflict_do_nothing(index_elements=[MachineStop.task_code])
        .returning(MachineStop.task_code)
    )
    return stopped is not None


def go_on(session: Session, *, task_code: str) -> bool:
    """Let the machine decide again (恢复); False when it did."""
    gone = delete(MachineStop).where(MachineStop.task_code == task_code).returning(MachineStop.task_code)
    return session.scalar(gone) is not None


def is_stopped(session: Session, *, task_code: str) -> bool:
    """Whether the machine keeps still for an item; until the unit of work ends nobody changes that."""
    hold_switch(session)
    asked = select(MachineStop.task_code).where(MachineStop.task_code.in_((EVERYWHERE, task_code)))
    return session.scalar(asked.limit(1)) is not None


def hold_switch(session: Session) -> None:
    """Keep whoever would throw the switch waiting."""
    session.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))


def stops(session: Session) -> Mapping[str, MachineStop]:
    """Every stop there is, by item."""
    return {stop.task_code: stop for stop in session.scalars(select(MachineStop))}
