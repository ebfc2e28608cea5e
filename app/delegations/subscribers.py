"""What follows from an agent's act (代办留痕): it stands in the audit log, by who did it."""

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.delegations import queries
from app.delegations.events import DelegateActed, DelegationEnded


def write_down(session: Session, event: DelegateActed) -> None:
    """Write an act into the audit log; by itself, since the chain is held until the transaction ends."""
    act = queries.act(session, act_id=event.act_id)
    parties = queries.parties(session, delegation_id=act.delegation_id)
    audit.record(
        session,
        actor=f"citizen:{parties.agent_id}",
        action="delegate_acted",
        subject=f"delegation:{act.delegation_id}",
        details={"kind": act.kind, "of": act.reference},
        citizen_id=parties.giver_id,
    )


def write_end_down(session: Session, event: DelegationEnded) -> None:
    """Write into the audit log that an authority ended with an account or identity (随注销、撤销实名停止)."""
    if not event.actor:
        return
    audit.record(
        session,
        actor=event.actor,
        action="delegation_ended",
        subject=f"delegation:{event.delegation_id}",
        citizen_id=queries.parties(session, delegation_id=event.delegation_id).giver_id,
    )
