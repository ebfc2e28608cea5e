"""Handing results over at the desk (送达): to be sent, to be fetched, on its way, come back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases import timeline
from app.cases.models import Case
from app.cases.ways import Way
from app.centres.models import Centre
from app.certificates import queries as certificates
from app.deliveries import holding, parcels, pickup, postage, queries, service
from app.deliveries.choice import Choice, from_form
from app.deliveries.errors import DeliveryNotFound, LossUnexplained, NotPreparing
from app.deliveries.models import Delivery, DeliveryState, Parcel, ParcelState
from app.deliveries.queries import Trace
from app.desk import delivery_rows, duties
from app.people import phones
from app.people.queries import masked_name
from app.plain_text import words
from app.staff.sessions import OnDuty

PAGE: Final = 30
_LONGEST_REASON: Final = 200
_REVOKED: Final = "结果已经撤销，纸质件不能发放"
VIEWS: Final = {
    DeliveryState.PREPARING: "待出件",
    DeliveryState.WAITING: "待领取",
    DeliveryState.SENDING: "已寄出",
    DeliveryState.RETURNED: "退回",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery of a list: to whom only masked; `held_up`: it cannot be sent yet, or never (`revoked`)."""

    id: int
    case_no: str
    task_name: str
    what: str
    recipient: str | None
    where: str
    since: datetime
    waybill: str | None
    parcel_state: str | None
    note: str
    held_up: bool
    revoked: bool
    may_withhold: bool
    may_be_lost: bool


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed and stuck on the parcel (面单)."""

    case_no: str
    waybill: str | None
    reference: str
    told: dict[str, str]
    trace: Trace


@dataclass(frozen=True, slots=True)
class Found:
    """A result that waits under the code that was shown: whose it is, and who else may take it."""

    id: int
    case_no: str
    task_name: str
    what: str
    applicant: str
    may_fetch: list[str]


def counts(session: Session, *, clerk: OnDuty) -> dict[DeliveryState, int]:
    """How many there are of each kind."""
    duties.refuse_unless(clerk, duties.READING)
    asked = (
        select(Delivery.state, func.count())
        .join(Case, Case.id == Delivery.case_id)
        .where(Delivery.state.in_([state.value for state in VIEWS]), delivery_rows.seen_by(clerk))
        .group_by(Delivery.state)
    )
    found = {DeliveryState(state): number for state, number in session.execute(asked)}
    return {state: found.get(state, 0) for state in VIEWS}


def page(
    session: Session, *, clerk: OnDuty, view: DeliveryState, after: int | None = None, limit: int = PAGE
) -> tuple[list[Line], int | None]:
    """The deliveries of one kind, the longest waiting first, and where the list goes on."""
    duties.refuse_unless(clerk, duties.READING)
    asked = (
        select(Delivery, Case, Centre.name)
        .join(Case, Case.id == Delivery.case_id)
        .outerjoin(Centre, Centre.id == Delivery.centre_id)
        .where(Delivery.state == view.value, delivery_rows.seen_by(clerk), Delivery.id > (after or 0))
        .order_by(Delivery.id)
        .limit(limit + 1)
    )
    rows = session.execute(asked).all()
    shown = rows[:limit]
    sent = queries.latest_of(session, delivery_ids=[row.Delivery.id for row in shown])
    owed = postage.owed_of(session, [row.Delivery for row in shown])
    revoked = certificates.revoked_of(session, case_ids=[row.Case.id for row in shown])
    lines = [
        _line(
            row.Delivery,
            row.Case,
            hall=row.name,
            parcel=sent.get(row.Delivery.id),
            owed=owed,
            revoked=revoked,
        )
        for row in shown
    ]
    return lines, lines[-1].id if len(rows) > limit else None


def look_up(session: Session, *, clerk: OnDuty, code: str) -> Found | None:
    """What waits under the code of a pick-up (扫取件码), or None; keep the unit of work, the try counts.

    Raises PickUpTriedTooOften, GrantRevoked.
    """
    duties.refuse_unless(clerk, duties.CLOSING)
    found = pickup.find(session, typed=code, clerk_id=clerk.clerk_id, centre_id=clerk.centre_id)
    if found is None:
        return None
    holding.refuse_revoked(session, case_id=found.case_id)
    case = session.get_one(Case, found.case_id)
    return Found(
        id=found.id,
        case_no=case.case_no,
        task_name=case.task_name,
        what=_what(case),
        applicant=from_form(case, Way.WINDOW).recipient,
        may_fetch=service.may_fetch(session, case, found),
    )


def hand_out(session: Session, *, clerk: OnDuty, code: str, received_by: str) -> bool:
    """Hand a result to whoever shows its code and signs (窗口领取); False when there is none under it.

    Raises what `service.hand_out` and `look_up` raise.
    """
    duties.refuse_unless(clerk, duties.CLOSING)
    found = pickup.find(session, typed=code, clerk_id=clerk.clerk_id, centre_id=clerk.centre_id)
    if found is None:
        return False
    actor = timeline.clerk(duties.officer(clerk))
    service.hand_out(session, found, actor=actor, received_by=received_by)
    delivery_rows.record(session, clerk, session.get_one(Case, found.case_id), action="result_handed_out")
    return True


def send(session: Session, *, clerk: OnDuty, delivery_id: int) -> None:
    """Have the courier fetch a result (出件).

    Raises DeliveryNotFound, NotPreparing, PostageUnpaid, GrantRevoked.
    """
    case, delivery = delivery_rows.held(session, clerk, delivery_id)
    parcels.send(session, delivery, case=case, clerk_id=clerk.clerk_id)
    delivery_rows.record(session, clerk, case, action="result_sent")


def send_again(session: Session, *, clerk: OnDuty, delivery_id: int, choice: Choice) -> None:
    """Prepare what came back for another sending, to an address that was put right (改址重寄).

    Raises DeliveryNotFound, NotPreparing, AddressIncomplete.
    """
    _anew(session, clerk, delivery_id, choice=choice)


def keep_for_pick_up(session: Session, *, clerk: OnDuty, delivery_id: int) -> None:
    """Keep for its applicant what came back, or whose postage nobody pays (转窗口领取); raises as above."""
    _anew(session, clerk, delivery_id, choice=Choice(Way.WINDOW))


def give_up(session: Session, *, clerk: OnDuty, delivery_id: int, reason: str) -> None:
    """Say that the courier cannot find a parcel (查无下落), and what it answered.

    Raises DeliveryNotFound, LossUnexplained, NotLostYet.
    """
    case, delivery = delivery_rows.held(session, clerk, delivery_id)
    said = words(reason)
    if not 0 < len(said) <= _LONGEST_REASON:
        raise LossUnexplained
    parcels.give_up(session, delivery)
    delivery_rows.record(session, clerk, case, action="result_lost", reason=said)


def label(session: Session, *, clerk: OnDuty, delivery_id: int) -> Label:
    """The label of what is being sent (打印面单); raises DeliveryNotFound."""
    case, delivery = delivery_rows.held(session, clerk, delivery_id)
    parcel = queries.latest_of(session, delivery_ids=[delivery.id]).get(delivery.id)
    if parcel is None:
        raise DeliveryNotFound
    delivery_rows.record(session, clerk, case, action="label_viewed")
    return Label(
        case_no=case.case_no,
        waybill=parcel.waybill,
        reference=parcel.reference,
        told=parcels.label(parcel),
        trace=queries.trace(session, parcel),
    )


def address(session: Session, *, clerk: OnDuty, delivery_id: int) -> Choice:
    """Where something that came back was sent to, to be put right; raises DeliveryNotFound."""
    case, delivery = delivery_rows.held(session, clerk, delivery_id)
    delivery_rows.record(session, clerk, case, action="label_viewed")
    return Choice(
        Way.POST,
        recipient=delivery.recipient or "",
        phone=delivery.phone or "",
        address=delivery.address or "",
    )


def _anew(session: Session, clerk: OnDuty, delivery_id: int, *, choice: Choice) -> None:
    case, delivery = delivery_rows.held(session, clerk, delivery_id)
    unpaid = delivery.state == DeliveryState.PREPARING and postage.is_owed(session, delivery)
    if delivery.state != DeliveryState.RETURNED and not (unpaid and choice.way is Way.WINDOW):
        raise NotPreparing
    if choice.way is Way.WINDOW:
        choice = replace(choice, centre_id=None, proxy_name=delivery.proxy_name or "")
    actor = timeline.clerk(duties.officer(clerk))
    service.change(session, case, choice, actor=actor, at_the_desk=True)
    delivery_rows.record(session, clerk, case, action="result_sent_anew")


def _line(
    delivery: Delivery,
    case: Case,
    *,
    hall: str | None,
    parcel: Parcel | None,
    owed: Collection[int],
    revoked: Collection[int],
) -> Line:
    ended = case.id in revoked
    held_up = ended or (delivery.state == DeliveryState.PREPARING and delivery.id in owed)
    waits = delivery.state == DeliveryState.WAITING
    return Line(
        id=delivery.id,
        case_no=case.case_no,
        task_name=case.task_name,
        what=_what(case),
        recipient=masked_name(from_form(case, Way.WINDOW).recipient if waits else delivery.recipient),
        where=hall or case.dept_name if waits else phones.masked(delivery.phone) or "",
        since=delivery.changed_at,
        waybill=None if parcel is None else parcel.waybill,
        parcel_state=None if parcel is None else parcel.state,
        note=_REVOKED if ended else "邮费还没有缴" if held_up else _note(parcel),
        held_up=held_up,
        revoked=ended,
        may_withhold=ended and (delivery.state != DeliveryState.SENDING or _only_asked(parcel)),
        may_be_lost=parcel is not None and parcels.may_be_lost(parcel),
    )


def _only_asked(parcel: Parcel | None) -> bool:
    """Whether the courier was asked and has taken nothing yet."""
    return parcel is not None and parcel.state == ParcelState.ORDERING


def _note(parcel: Parcel | None) -> str:
    if parcel is None:
        return ""
    if parcel.refusal:
        return queries.refusal_text(parcel.refusal)
    return "等快递公司接单，会自动再问" if parcel.state == ParcelState.ORDERING else ""


def _what(case: Case) -> str:
    return "办理结果" if case.granted else "不予办理的决定"


def views(found: dict[DeliveryState, int]) -> Sequence[tuple[str, str, int]]:
    """The parts of the page: what each is called in addresses and in words, and how many are in it."""
    return [(state.value, VIEWS[state], number) for state, number in found.items()]
