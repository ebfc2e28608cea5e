"""What the courier says of a parcel (物流轨迹): kept once by its own number, shown in its own order.

News come twice, late and in any order. Where a parcel is follows from the newest by the courier's own time
and number; an older one that arrives later is a line of the trace and changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases import timeline
from app.cases.states import State
from app.deliveries import holding, parcels, service
from app.deliveries.holding import Held
from app.deliveries.models import DeliveryState, Parcel, ParcelEvent, ParcelState


class News(StrEnum):
    """What a courier can say (轨迹状态)."""

    COLLECTED = "collected"
    TRANSIT = "transit"
    DELIVERING = "delivering"
    FAILED = "failed"
    SIGNED = "signed"
    RETURNING = "returning"
    RETURNED = "returned"


NEWS_TEXTS: Final[Mapping[str, str]] = {
    News.COLLECTED: "快递已揽收",
    News.TRANSIT: "运输中",
    News.DELIVERING: "正在派送",
    News.FAILED: "这次没有送到，会再派送",
    News.SIGNED: "已签收",
    News.RETURNING: "正在退回",
    News.RETURNED: "已退回",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news: its own number, when it happened, the courier's count, where."""

    reference: str
    waybill: str
    event_no: str
    sequence: int
    kind: str
    at: datetime
    place: str


def take(session: Session, told: Told) -> bool:
    """Keep a piece of news and follow it; False when it was kept before, or is of no parcel of ours."""
    parcel_id = session.scalar(select(Parcel.id).where(Parcel.reference == told.reference))
    if parcel_id is None:
        return False
    held = holding.of_parcel(session, parcel_id=parcel_id)
    if not _kept(session, held.parcel, told):
        return False
    if held.parcel.state == ParcelState.ORDERING:
        parcels.note_ordered(session, parcel_id=parcel_id, waybill=told.waybill)
    _follow(session, held)
    return True


def catch_up(session: Session, *, parcel_id: int) -> None:
    """Follow what was kept of a parcel while nobody waited for it (补看轨迹)."""
    _follow(session, holding.of_parcel(session, parcel_id=parcel_id))


def _follow(session: Session, held: Held) -> None:
    newest = _newest(session, held.parcel)
    if newest is not None:
        _FOLLOWED.get(newest.kind, _moving)(session, held)


def _kept(session: Session, parcel: Parcel, told: Told) -> bool:
    new = insert(ParcelEvent).values(
        parcel_id=parcel.id,
        event_no=told.event_no,
        sequence=told.sequence,
        kind=told.kind,
        at=told.at,
        place=told.place,
        received_at=clock.now(),
    )
    once = new.on_conflict_do_nothing(index_elements=[ParcelEvent.parcel_id, ParcelEvent.event_no])
    return session.scalar(once.returning(ParcelEvent.id)) is not None


def _newest(session: Session, parcel: Parcel) -> ParcelEvent | None:
    ordered = select(ParcelEvent).where(ParcelEvent.parcel_id == parcel.id)
    return session.scalar(ordered.order_by(ParcelEvent.at.desc(), ParcelEvent.sequence.desc()).limit(1))


def _moving(session: Session, held: Held) -> None:
    """On its way, in whichever direction."""
    del session
    if held.parcel.state == ParcelState.ORDERED:
        held.parcel.state = ParcelState.MOVING.value


def _signed(session: Session, held: Held) -> None:
    """Received: the case is closed with it."""
    if held.parcel.state not in _ON_ITS_WAY:
        return
    held.parcel.state = ParcelState.SIGNED.value
    if held.case.state == State.DECIDED and held.delivery.state == DeliveryState.SENDING:
        service.close(session, held.case, held.delivery, actor=timeline.SYSTEM, sentence="邮件已签收")


def _returned(session: Session, held: Held) -> None:
    """It is back at the office."""
    if held.parcel.state in _ON_ITS_WAY:
        held.parcel.state = ParcelState.RETURNED.value
        session.flush()
        parcels.came_back(session, held.delivery, held.parcel, why="邮件没有送到，已退回")


_ON_ITS_WAY: Final = frozenset({ParcelState.ORDERED.value, ParcelState.MOVING.value})
_FOLLOWED: Final[Mapping[str, Callable[[Session, Held], None]]] = {
    News.SIGNED: _signed,
    News.RETURNED: _returned,
}
