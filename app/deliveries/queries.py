"""What can be asked about deliveries (查询送达)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import ways
from app.cases.models import Case
from app.cases.states import State
from app.cases.ways import WAY_TEXTS, Way
from app.catalogue import queries as catalogue
from app.centres.models import Centre
from app.certificates import queries as certificates
from app.deliveries import choice as choices
from app.deliveries import pickup, postage, tracing
from app.deliveries.models import Delivery, DeliveryState, Parcel, ParcelEvent, ParcelState, Region

_CHANGEABLE = frozenset({State.DRAFT, State.SUBMITTED, State.CORRECTION, State.ACCEPTED, State.DECIDED})
STATE_TEXTS = {
    DeliveryState.CHOSEN: "有了决定再送达",
    DeliveryState.WAITING: "等您领取",
    DeliveryState.PREPARING: "等部门寄出",
    DeliveryState.SENDING: "已寄出",
    DeliveryState.RETURNED: "退回了",
    DeliveryState.DELIVERED: "已送达",
    DeliveryState.WITHHELD: "已撤销，不再发放",
}
_AT_THE_OFFICE = frozenset({DeliveryState.WAITING, DeliveryState.PREPARING, DeliveryState.RETURNED})
_ASKING = "正在等快递公司接单，不会丢；等不及可以改成窗口领取"


@dataclass(frozen=True, slots=True)
class Offer:
    """A way the guide offers, in our words."""

    way: Way
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trace."""

    at: datetime
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A parcel as its applicant follows it; `note` where something is to be said about it."""

    waybill: str | None
    state: str
    note: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """All about one delivery for its applicant; `code` only while the result waits for them."""

    way: Way
    way_text: str
    state: DeliveryState
    state_text: str
    offers: list[Offer]
    may_change: bool
    may_confirm: bool
    centre: Centre | None
    halls: Sequence[Centre]
    code: str | None
    proxy_name: str
    recipient: str
    phone: str
    address: str
    region: Region
    postage_fen: dict[str, int]
    # The bill of the postage, while it is to be paid.
    bill_no: str | None
    delivered_at: datetime | None
    parcel: Trace | None


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """What a message says about a delivery."""

    case_id: int
    granted: bool
    state: str
    centre_name: str | None
    waybill: str | None


def shown(session: Session, case: Case) -> Shown:
    """The delivery of a case for its applicant, also before anything was said about it."""
    body = catalogue.guide_by_version(session, version_id=case.guide_version_id).body
    way = ways.chosen(session, case)
    delivery = session.scalar(select(Delivery).where(Delivery.case_id == case.id))
    usual = choices.from_form(case, way)
    centre_id = None if delivery is None else delivery.centre_id
    state = DeliveryState.CHOSEN if delivery is None else _state(session, delivery)
    withheld = state is DeliveryState.WITHHELD
    parcel = None if delivery is None else _latest(session, delivery_id=delivery.id)
    sent = parcel is not None and parcel.state in {ParcelState.ORDERED, ParcelState.MOVING}
    addressed = delivery if delivery is not None and delivery.address is not None else None
    return Shown(
        way=way,
        way_text=WAY_TEXTS[way],
        state=state,
        state_text=STATE_TEXTS[state],
        offers=[Offer(each, WAY_TEXTS[each]) for each in Way if each in ways.offered(body)],
        may_change=State(case.state) in _CHANGEABLE
        and not withheld
        and not (state is DeliveryState.SENDING and parcel is not None and sent),
        may_confirm=state is DeliveryState.SENDING and sent,
        centre=None if centre_id is None else session.get(Centre, centre_id),
        halls=choices.halls(session, body),
        code=pickup.code(delivery) if delivery is not None and state is DeliveryState.WAITING else None,
        proxy_name="" if delivery is None else delivery.proxy_name or "",
        recipient=usual.recipient if addressed is None else addressed.recipient or "",
        phone=usual.phone if addressed is None else addressed.phone or "",
        address=usual.address if addressed is None else addressed.address or "",
        region=Region.CITY if delivery is None else Region(delivery.region),
        postage_fen={region.value: postage.fen(body, region) for region in Region},
        bill_no=None if delivery is None or withheld else postage.unpaid(session, delivery),
        delivered_at=None if delivery is None else delivery.delivered_at,
        parcel=None if parcel is None or way is not Way.POST else trace(session, parcel),
    )


def _state(session: Session, delivery: Delivery) -> DeliveryState:
    """What lies at the office and was revoked is withheld for its applicant, whoever has still to say so."""
    state = DeliveryState(delivery.state)
    if state not in _AT_THE_OFFICE:
        return state
    revoked = certificates.revoked_of(session, case_ids=[delivery.case_id])
    return DeliveryState.WITHHELD if revoked else state


def trace(session: Session, parcel: Parcel) -> Trace:
    """A parcel's trace, the newest first, by the courier's own time and number."""
    ordered = select(ParcelEvent).where(ParcelEvent.parcel_id == parcel.id)
    lines = session.scalars(ordered.order_by(ParcelEvent.at.desc(), ParcelEvent.sequence.desc()))
    waits = parcel.state == ParcelState.ORDERING
    return Trace(
        waybill=parcel.waybill,
        state=parcel.state,
        note=_ASKING if waits else refusal_text(parcel.refusal) if parcel.refusal else "",
        lines=[Line(one.at, tracing.NEWS_TEXTS.get(one.kind, "运输中"), one.place) for one in lines],
    )


def refusal_text(reason: str) -> str:
    """Why a courier does not take a parcel, in words."""
    known = {"unknown_address": "快递送不到这个地址，请核对后重新填写"}
    return known.get(reason, f"快递没有收下，给的原因代码是“{reason}”，可以改成窗口领取")


def facts(session: Session, *, delivery_id: int) -> DeliveryFacts:
    """The facts of one delivery, for a message."""
    delivery = session.get_one(Delivery, delivery_id)
    case = session.get_one(Case, delivery.case_id)
    centre = None if delivery.centre_id is None else session.get(Centre, delivery.centre_id)
    parcel = _latest(session, delivery_id=delivery.id)
    return DeliveryFacts(
        case_id=case.id,
        granted=bool(case.granted),
        state=delivery.state,
        centre_name=None if centre is None else centre.name,
        waybill=None if parcel is None else parcel.waybill,
    )


def of_cases(session: Session, *, case_ids: Sequence[int]) -> dict[int, Delivery]:
    """The deliveries of many cases in one statement, by case."""
    asked = select(Delivery).where(Delivery.case_id.in_(case_ids))
    return {delivery.case_id: delivery for delivery in session.scalars(asked)}


def latest_of(session: Session, *, delivery_ids: Sequence[int]) -> dict[int, Parcel]:
    """The last parcel of each of many deliveries in one statement."""
    asked = select(Parcel).where(Parcel.delivery_id.in_(delivery_ids)).order_by(Parcel.id)
    return {parcel.delivery_id: parcel for parcel in session.scalars(asked)}


def _latest(session: Session, *, delivery_id: int) -> Parcel | None:
    asked = select(Parcel).where(Parcel.delivery_id == delivery_id)
    return session.scalar(asked.order_by(Parcel.id.desc()).limit(1))
