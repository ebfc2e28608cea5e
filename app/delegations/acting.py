"""What an agent does for a citizen (代办): within the authority, held while it is done, and written down.

Each of these means nothing while the citizen acts in person. Where a clerk types for them instead (帮办),
what may be seen and what is written down is `assistance.acting`'s. The authority is held (`FOR SHARE`) by
whatever changes something, so that it ends afterwards, or before.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock, on_behalf
from app.assistance import acting as assistance
from app.catalogue.delegating import is_delegable
from app.catalogue.models import GuideVersion
from app.catalogue.queries import Guide
from app.delegations import queries
from app.delegations.errors import DelegationNotFound, NotDelegable, NotDelegated, OwnHandNeeded
from app.delegations.events import DelegateActed
from app.delegations.models import DelegateAct, Delegation
from app.events import publish
from app.on_behalf import Agent
from app.people.models import Citizen

VIEWED: Final = "viewed"


def held(session: Session, agent: Agent, *, hold: bool = True) -> Delegation:
    """The authority under which somebody acts now; raises DelegationNotFound once it has ended.

    `hold`: it does not end before this unit of work does.
    """
    if hold:
        _hold_both(session, agent)
    asked = select(Delegation).where(
        Delegation.id == agent.delegation_id, Delegation.agent_id == agent.citizen_id, *queries.live()
    )
    if hold:
        asked = asked.with_for_update(read=True)
    found = session.scalar(asked.execution_options(populate_existing=True))
    if found is None:
        raise DelegationNotFound
    return found


def _hold_both(session: Session, agent: Agent) -> None:
    """Hold giver and agent before the authority, as the end of an account or an identity does.

    What is done for the giver needs their row later on; in another order the two would wait for each other.
    """
    sides = (Delegation.citizen_id, Delegation.agent_id)
    both = (
        select(Citizen.id)
        .join(Delegation, or_(*(Citizen.id == side for side in sides)))
        .where(Delegation.id == agent.delegation_id)
        .order_by(Citizen.id)
    )
    session.execute(both.with_for_update(read=True, key_share=True, of=Citizen))


def covered(session: Session, row: type[Any], *, hold: bool) -> ColumnElement[bool]:
    """Which rows of the citizen an agent may see: of items within the authority whose guide allows it.

    What was over before the authority began stays unseen. Only cases are ever shown to an agent: other
    rows raise OwnHandNeeded. Raises DelegationNotFound, and as `assistance.acting.covered` does.
    """
    agent = on_behalf.agent()
    if agent is None:
        return assistance.covered(row)
    if not hasattr(row, "guide_version_id"):
        raise OwnHandNeeded
    delegation = held(session, agent, hold=hold)
    allowed = select(GuideVersion.id).where(GuideVersion.id == row.guide_version_id, is_delegable())
    over = func.coalesce(row.closed_at, row.withdrawn_at, row.terminated_at, row.not_accepted_at)
    return and_(
        row.citizen_id == delegation.citizen_id,
        row.task_code.in_(delegation.scope) if delegation.scope else true(),
        allowed.exists(),
        or_(over.is_(None), over >= delegation.accepted_at),
    )


def refuse_item(session: Session, guide: Guide) -> None:
    """Let an agent begin only what they may; the authority is held.

    Raises NotDelegable where the guide does not allow it (不得代办), NotDelegated, DelegationNotFound.
    """
    agent = on_behalf.agent()
    if agent is None:
        return
    delegation = held(session, agent)
    if delegation.scope and guide.task_code not in delegation.scope:
        raise NotDelegated(name=guide.name)
    if not guide.is_delegable:
        raise NotDelegable(name=guide.name)


def note(session: Session, *, kind: str, reference: str, sentence: str) -> None:
    """Write down what an agent did; the citizen is told, once a day for each kind and thing.

    That something was looked at is written down alone.
    """
    agent = on_behalf.agent()
    if agent is None:
        assistance.note(session, kind=kind, reference=reference, sentence=sentence)
        return
    act_id = session.scalar(
        insert(DelegateAct)
        .values(
            delegation_id=agent.delegation_id,
            reference=reference,
            kind=kind,
            sentence=sentence,
            day=clock.today(),
            at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(DelegateAct.id)
    )
    if act_id is not None and kind != VIEWED:
        publish(session, DelegateActed(act_id))
