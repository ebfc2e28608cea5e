"""Locks of a delivery (加锁次序): the case first, then its delivery, its parcels, and what the case gave.

Whoever keeps to this order cannot deadlock with anybody else who does.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases.errors import CaseNotFound
from app.cases.models import Case
from app.certificates import revoking
from app.deliveries.errors import GrantRevoked
from app.deliveries.models import Delivery, DeliveryState, Parcel, Region


@dataclass(frozen=True, slots=True)
class Held:
    """A parcel with its delivery and case, all three locked."""

    case: Case
    delivery: Delivery
    parcel: Parcel


def case(session: Session, *, case_id: int) -> Case:
    """A case, locked until the unit of work ends; raises CaseNotFound."""
    lock = select(Case).where(Case.id == case_id).with_for_update()
    found = session.scalar(lock.execution_options(populate_existing=True))
    if found is None:
        raise CaseNotFound
    return found


def delivery(session: Session, *, case_id: int) -> Delivery:
    """The delivery of a case whose row is held, made when there is none, and locked."""
    new = insert(Delivery).values(
        case_id=case_id,
        state=DeliveryState.CHOSEN.value,
        region=Region.CITY.value,
        changed_at=clock.now(),
    )
    session.execute(new.on_conflict_do_nothing(index_elements=[Delivery.case_id]))
    lock = select(Delivery).where(Delivery.case_id == case_id).with_for_update()
    return session.scalars(lock.execution_options(populate_existing=True)).one()


def refuse_revoked(session: Session, *, case_id: int) -> None:
    """Raises GrantRevoked for what may not be handed over any more; nobody revokes it meanwhile."""
    if not revoking.stands(session, case_id=case_id):
        raise GrantRevoked


def of_parcel(session: Session, *, parcel_id: int) -> Held:
    """A parcel with its delivery and case, all three locked."""
    asked = select(Delivery.case_id).join(Parcel, Parcel.delivery_id == Delivery.id)
    case_id = session.scalars(asked.where(Parcel.id == parcel_id)).one()
    held = case(session, case_id=case_id)
    mine = delivery(session, case_id=case_id)
    parcel = session.get_one(Parcel, parcel_id, with_for_update=True, populate_existing=True)
    return Held(held, mine, parcel)
