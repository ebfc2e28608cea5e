"""How far authorities reach today (代办范围): who may do one thing for a citizen in one item."""

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app import on_behalf
from app.delegations import queries
from app.delegations.errors import DelegationNotFound
from app.delegations.models import Act, Delegation
from app.people.models import Citizen


def agent_between(
    session: Session, *, citizen_id: int, agent_id: int, act: Act, task_code: str
) -> on_behalf.Agent:
    """Who may do this for a citizen today, in this item; raises DelegationNotFound."""
    found = session.scalar(
        select(Delegation.id).where(
            Delegation.citizen_id == citizen_id,
            Delegation.agent_id == agent_id,
            *_reaching(act, task_code),
        )
    )
    if found is None:
        raise DelegationNotFound
    return queries.of_agent(session, agent_id=agent_id, delegation_id=found)[1]


def collectors(session: Session, *, citizen_id: int, task_code: str) -> set[str]:
    """The names of those who may fetch a citizen's result of an item today (可以代领的人)."""
    asked = (
        select(Citizen.name)
        .join(Delegation, Delegation.agent_id == Citizen.id)
        .where(Delegation.citizen_id == citizen_id, *_reaching(Act.COLLECT, task_code))
    )
    return {name for name in session.scalars(asked) if name}


def _reaching(act: Act, task_code: str) -> tuple[ColumnElement[bool], ...]:
    """What makes an authority count today for one act in one item."""
    everything = func.jsonb_array_length(Delegation.scope) == 0
    return (
        Delegation.acts.contains([act.value]),
        or_(everything, Delegation.scope.contains([task_code])),
        *queries.live(),
    )
