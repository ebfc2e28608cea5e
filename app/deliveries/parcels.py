"""Sending by the courier (寄出): the intent, and how the courier's answers are written down.

The job that asks the courier owns every repetition. It asks under the parcel's own reference, so that a lost
acknowledgement leads to another question and never to a second parcel.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import batches, clock
from app.cases import timeline
from app.cases.models import Case
from app.cases.ways import Way
from app.catalogue import queries as catalogue
from app.centres.models import Centre
from app.deliveries import holding, postage
from app.deliveries.errors import NotLostYet, NotPreparing, PostageUnpaid
from app.deliveries.events import DeliveryMoved
from app.deliveries.models import Delivery, DeliveryState, Parcel, ParcelState
from app.events import publish

TO_ASK: Final = (
    ParcelState.ORDERING.value,
    ParcelState.ORDERED.value,
    ParcelState.MOVING.value,
    ParcelState.CANCELLING.value,
)
# Minutes between two questions about what the courier has not acknowledged, and about what is on its way.
_LADDER_MIN: Final = (1, 1, 5, 15, 30, 60)
_ON_ITS_WAY_MIN: Final = 240
# Natural days after which the desk may give up what the courier cannot find.
LOST_AFTER: Final = timedelta(days=15)
# What nobody waits for any more.
OVER: Final = (DeliveryState.DELIVERED.value, DeliveryState.WITHHELD.value)
_WITH_COURIER: Final = (ParcelState.ORDERED.value, ParcelState.MOVING.value)


def send(session: Session, delivery: Delivery, *, case: Case, clerk_id: int) -> Parcel:
    """Write down that a result is to be sent (出件); the job orders the parcel.

    Settled by one conditional UPDATE against another clerk and against the applicant who changes their mind.
    Raises NotPreparing, PostageUnpaid, GrantRevoked.
    """
    now = clock.now()
    sending = session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state == DeliveryState.PREPARING.value)
        .values(state=DeliveryState.SENDING.value, changed_at=now)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    if sending is None:
        raise NotPreparing
    session.refresh(delivery)
    if postage.is_owed(session, delivery):
        raise PostageUnpaid
    holding.refuse_revoked(session, case_id=case.id)
    parcel = Parcel(
        delivery_id=delivery.id,
        reference=f"YM{clock.local(now):%Y%m%d}-{secrets.token_hex(12)}",
        sealed_label=json.dumps(_label(session, delivery, case), ensure_ascii=False),
        clerk_id=clerk_id,
        begun_at=now,
        next_check_at=now,
    )
    session.add(parcel)
    session.flush()
    return parcel


def take_back(session: Session, delivery: Delivery) -> bool:
    """Whether a delivery whose row is held may take another way: the courier has nothing of it.

    What the courier may have heard of and never acknowledged is called off by the job.
    """
    if delivery.state != DeliveryState.SENDING:
        return delivery.state not in OVER
    called_off = session.scalar(
        update(Parcel)
        .where(Parcel.delivery_id == delivery.id, Parcel.state == ParcelState.ORDERING.value)
        .values(state=ParcelState.CANCELLING.value, next_check_at=clock.now(), checks=0)
        .returning(Parcel.id)
    )
    return called_off is not None


def sign(session: Session, delivery: Delivery) -> bool:
    """Write down that what the courier has was received; whether the courier had anything."""
    signed = session.scalar(
        update(Parcel)
        .where(Parcel.delivery_id == delivery.id, Parcel.state.in_(_WITH_COURIER))
        .values(state=ParcelState.SIGNED.value)
        .returning(Parcel.id)
        .execution_options(synchronize_session=False)
    )
    return signed is not None


def claim(session: Session) -> int | None:
    """The number of the parcel that waits longest of those whose moment has come; its next one is later.

    Only the number: a label that nobody can open must not hold up the others.
    """
    now = clock.now()
    due = (
        select(Parcel.id, Parcel.state, Parcel.checks)
        .where(Parcel.state.in_(TO_ASK), Parcel.next_check_at <= now)
        .order_by(Parcel.next_check_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(due).one_or_none()
    if found is None:
        return None
    later = _next_check(found.state, found.checks, now)
    session.execute(
        update(Parcel)
        .where(Parcel.id == found.id)
        .values(next_check_at=later, checks=Parcel.checks + 1)
        .execution_options(synchronize_session=False)
    )
    return int(found.id)


def note_ordered(session: Session, *, parcel_id: int, waybill: str) -> None:
    """Write down that the courier took the order (已下单); once, however often it is told."""
    delivery = holding.of_parcel(session, parcel_id=parcel_id).delivery
    parcel = session.scalars(
        update(Parcel)
        .where(Parcel.id == parcel_id, Parcel.state == ParcelState.ORDERING.value)
        .values(state=ParcelState.ORDERED.value, waybill=waybill, checks=0)
        .returning(Parcel)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if parcel is None:
        return
    timeline.note(
        session,
        case_id=delivery.case_id,
        kind="parcel_ordered",
        actor=timeline.SYSTEM,
        sentence=f"结果已交快递寄出，运单号{waybill}",
        reference=parcel.reference,
    )
    publish(session, DeliveryMoved(delivery.id, DeliveryState.SENDING.value, parcel.reference))


def note_refused(session: Session, *, parcel_id: int, reason: str) -> None:
    """Write down that the courier does not take it (快递不收): the desk and the applicant are to mend it."""
    delivery = holding.of_parcel(session, parcel_id=parcel_id).delivery
    refused = session.scalars(
        update(Parcel)
        .where(Parcel.id == parcel_id, Parcel.state == ParcelState.ORDERING.value)
        .values(state=ParcelState.REFUSED.value, refusal=reason[:64] or "refused")
        .returning(Parcel)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if refused is not None:
        came_back(session, delivery, refused, why="快递没有收下这一件")


def note_cancelled(session: Session, *, parcel_id: int) -> None:
    """Write down that the courier forgot a parcel that is not wanted any more."""
    session.execute(
        update(Parcel)
        .where(Parcel.id == parcel_id, Parcel.state == ParcelState.CANCELLING.value)
        .values(state=ParcelState.CANCELLED.value)
    )


def note_collected(session: Session, *, parcel_id: int, waybill: str) -> None:
    """Write down that a parcel was collected before it could be called off (已揽收): it goes on by post.

    Nothing changes for a result that was handed over or withheld meanwhile, or is in another parcel.
    """
    held = holding.of_parcel(session, parcel_id=parcel_id)
    delivery, parcel = held.delivery, held.parcel
    if parcel.state != ParcelState.CANCELLING:
        return
    parcel.waybill = waybill
    if delivery.state in OVER or _has_live(session, delivery):
        parcel.state = ParcelState.CANCELLED.value
        return
    parcel.state, parcel.checks = ParcelState.ORDERED.value, 0
    delivery.state, delivery.changed_at = DeliveryState.SENDING.value, clock.now()
    held.case.delivery_way = Way.POST.value
    body = catalogue.guide_by_version(session, version_id=held.case.guide_version_id).body
    postage.keep(held.case, delivery, body=body)
    timeline.note(
        session,
        case_id=delivery.case_id,
        kind="parcel_ordered",
        actor=timeline.SYSTEM,
        sentence=f"快递已经揽收，撤不回来，结果仍然邮寄送达，运单号{waybill}",
        reference=parcel.reference,
    )
    publish(session, DeliveryMoved(delivery.id, DeliveryState.SENDING.value, parcel.reference))


def came_back(session: Session, delivery: Delivery, parcel: Parcel, *, why: str) -> None:
    """A parcel came back, or never left (退回): the desk has a task, and the applicant may choose anew."""
    moved = session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.state == DeliveryState.SENDING.value)
        .values(state=DeliveryState.RETURNED.value, changed_at=clock.now())
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(delivery)
    if moved is None:
        return
    timeline.note(
        session,
        case_id=delivery.case_id,
        kind="parcel_returned",
        actor=timeline.SYSTEM,
        sentence=f"{why}，可以改地址再寄，或改为窗口领取",
        reference=parcel.reference,
    )
    publish(session, DeliveryMoved(delivery.id, DeliveryState.RETURNED.value, parcel.reference))


def _has_live(session: Session, delivery: Delivery) -> bool:
    live = (ParcelState.ORDERING.value, *_WITH_COURIER)
    asked = select(Parcel.id).where(Parcel.delivery_id == delivery.id, Parcel.state.in_(live)).limit(1)
    return session.scalar(asked) is not None


def may_be_lost(parcel: Parcel) -> bool:
    """Whether the courier has had it for so long that the desk may give it up (查无下落)."""
    return parcel.state in _WITH_COURIER and parcel.begun_at <= clock.now() - LOST_AFTER


def give_up(session: Session, delivery: Delivery) -> None:
    """Treat what the courier cannot find as come back (查无下落): the case can end; raises NotLostYet.

    Its delivery's row is held. A parcel that turns up after all changes nothing any more.
    """
    lost = session.scalars(
        update(Parcel)
        .where(
            Parcel.delivery_id == delivery.id,
            Parcel.state.in_(_WITH_COURIER),
            Parcel.begun_at <= clock.now() - LOST_AFTER,
        )
        .values(state=ParcelState.RETURNED.value)
        .returning(Parcel)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if lost is None:
        raise NotLostYet
    came_back(session, delivery, lost, why="快递公司没有找到这一件")


def label(parcel: Parcel) -> dict[str, str]:
    """What the courier is told, and what the label says (面单)."""
    opened: dict[str, str] = json.loads(parcel.sealed_label)
    return opened


def _label(session: Session, delivery: Delivery, case: Case) -> Mapping[str, str]:
    here = None if delivery.centre_id is None else session.get(Centre, delivery.centre_id)
    return {
        "sender": case.dept_name,
        "sender_phone": here.phone if here is not None else "",
        "recipient": delivery.recipient or "",
        "phone": delivery.phone or "",
        "address": delivery.address or "",
        "goods": "政务服务文件",
    }


def _next_check(state: str, checks: int, now: datetime) -> datetime:
    if state in _WITH_COURIER:
        return now + timedelta(minutes=_ON_ITS_WAY_MIN)
    return batches.next_check(now, checks=checks, ladder_min=_LADDER_MIN)
