"""Handing results over (送达): to be sent, to be fetched, on their way, come back."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.cases.ways import Way
from app.db import unit_of_work
from app.deliveries.choice import Choice
from app.deliveries.errors import PickUpCodeWrong
from app.deliveries.models import DeliveryState
from app.desk import deliveries, duties, withheld
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_deliveries")

_DONE = {
    "sent": "已登记出件，正在通知快递；运单号有了就能打印面单。",
    "handed_out": "已交给领取人，办件已办结。",
    "again": "已改好，放回“待出件”了。",
    "lost": "已登记查无下落，放进“退回”了，可以重新出具后再寄，或转窗口领取。",
    "withheld": "已登记不再发放，办件已办结。请把纸质件收回作废。",
    "kept": "已转为窗口领取，取件码发给了申请人。",
}
_MENDABLE = {404, 409, 422, 429}
_VIEWS = [state.value for state in deliveries.VIEWS]


class ListIn(Schema):
    """Which part of the page, from where, and what was just done."""

    view = fields.String(load_default=_VIEWS[0], validate=validate.OneOf(_VIEWS))
    after = Cursor(load_default=None, validate=validate.Range(1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/deliveries", auth=Staff(duties.READING), query=ListIn)
def delivery_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show what is to be handed over, one kind at a time, the longest waiting first."""
    return _page(view=DeliveryState(query["view"]), after=query["after"], notice=_DONE.get(query["done"], ""))


@door.post("/deliveries/pick-up", auth=Staff(duties.CLOSING))
def look_up() -> ResponseReturnValue:
    """Find the result that waits under a pick-up code (扫取件码)."""
    code = request.form.get("code", "")
    try:
        with unit_of_work() as session:
            found = deliveries.look_up(session, clerk=callers.current_clerk(), code=code)
    except DomainError as refusal:
        return _mend(refusal, view=DeliveryState.WAITING)
    if found is None:
        return _page(view=DeliveryState.WAITING, refusal=PickUpCodeWrong())
    return _page(view=DeliveryState.WAITING, found=found)


@door.post("/deliveries/pick-up/hand-out", auth=Staff(duties.CLOSING))
def hand_out() -> ResponseReturnValue:
    """Hand a result to whoever showed its code and signed (交付签收)."""
    form = request.form
    try:
        with unit_of_work() as session:
            handed = deliveries.hand_out(
                session,
                clerk=callers.current_clerk(),
                code=form.get("code", ""),
                received_by=form.get("received_by", ""),
            )
    except DomainError as refusal:
        return _mend(refusal, view=DeliveryState.WAITING)
    if not handed:
        return _page(view=DeliveryState.WAITING, refusal=PickUpCodeWrong())
    return pages.see_other(
        "console_deliveries.delivery_list", view=DeliveryState.WAITING.value, done="handed_out"
    )


@door.post("/deliveries/<int:delivery_id>/send", auth=Staff(duties.CLOSING))
def send(delivery_id: int) -> ResponseReturnValue:
    """Have the courier fetch a result (出件)."""
    try:
        with unit_of_work() as session:
            deliveries.send(session, clerk=callers.current_clerk(), delivery_id=delivery_id)
    except DomainError as refusal:
        return _mend(refusal, view=DeliveryState.PREPARING)
    return pages.see_other("console_deliveries.delivery_list", view=DeliveryState.SENDING.value, done="sent")


@door.get("/deliveries/<int:delivery_id>/label", auth=Staff(duties.CLOSING))
def label(delivery_id: int) -> ResponseReturnValue:
    """Show the label of a parcel, to be printed, with its trace (面单)."""
    with unit_of_work() as session:
        found = deliveries.label(session, clerk=callers.current_clerk(), delivery_id=delivery_id)
    return pages.page("delivery_label.html", label=found)


@door.get("/deliveries/<int:delivery_id>/again", auth=Staff(duties.CLOSING))
def address(delivery_id: int) -> ResponseReturnValue:
    """Show where something that came back was sent, to be put right (改址重寄)."""
    with unit_of_work() as session:
        choice = deliveries.address(session, clerk=callers.current_clerk(), delivery_id=delivery_id)
    return _address_page(delivery_id, choice)


@door.post("/deliveries/<int:delivery_id>/again", auth=Staff(duties.CLOSING))
def send_again(delivery_id: int) -> ResponseReturnValue:
    """Prepare something that came back for another sending."""
    form = request.form
    choice = Choice(
        Way.POST,
        recipient=form.get("recipient", ""),
        phone=form.get("phone", ""),
        address=form.get("address", ""),
    )
    try:
        with unit_of_work() as session:
            deliveries.send_again(
                session, clerk=callers.current_clerk(), delivery_id=delivery_id, choice=choice
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE - {404}:
            raise
        return _address_page(delivery_id, choice, refusal=refusal)
    return pages.see_other(
        "console_deliveries.delivery_list", view=DeliveryState.PREPARING.value, done="again"
    )


@door.post("/deliveries/<int:delivery_id>/pick-up", auth=Staff(duties.CLOSING))
def keep(delivery_id: int) -> ResponseReturnValue:
    """Keep for its applicant to fetch what came back, or whose postage nobody pays (转窗口领取)."""
    try:
        with unit_of_work() as session:
            deliveries.keep_for_pick_up(session, clerk=callers.current_clerk(), delivery_id=delivery_id)
    except DomainError as refusal:
        return _mend(refusal, view=DeliveryState.RETURNED)
    return pages.see_other("console_deliveries.delivery_list", view=DeliveryState.WAITING.value, done="kept")


@door.post("/deliveries/<int:delivery_id>/lost", auth=Staff(duties.CLOSING))
def give_up(delivery_id: int) -> ResponseReturnValue:
    """Say that the courier cannot find a parcel (查无下落)."""
    try:
        with unit_of_work() as session:
            deliveries.give_up(
                session,
                clerk=callers.current_clerk(),
                delivery_id=delivery_id,
                reason=request.form.get("reason", ""),
            )
    except DomainError as refusal:
        return _mend(refusal, view=DeliveryState.SENDING)
    return pages.see_other("console_deliveries.delivery_list", view=DeliveryState.RETURNED.value, done="lost")


@door.post("/deliveries/<int:delivery_id>/withhold", auth=Staff(duties.CLOSING))
def withhold(delivery_id: int) -> ResponseReturnValue:
    """Give to nobody the paper of what was revoked (已撤销，不再发放)."""
    try:
        with unit_of_work() as session:
            withheld.withhold(session, clerk=callers.current_clerk(), delivery_id=delivery_id)
    except DomainError as refusal:
        return _mend(refusal, view=DeliveryState.WAITING)
    return pages.see_other("console_deliveries.delivery_list", done="withheld")


def _mend(refusal: DomainError, *, view: DeliveryState) -> Response:
    if refusal.status not in _MENDABLE:
        raise refusal
    return _page(view=view, refusal=refusal)


def _page(
    *,
    view: DeliveryState,
    after: int | None = None,
    notice: str = "",
    refusal: DomainError | None = None,
    found: deliveries.Found | None = None,
) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        lines, following = deliveries.page(session, clerk=clerk, view=view, after=after)
        counts = deliveries.counts(session, clerk=clerk)
    return pages.page(
        "deliveries.html",
        status=200 if refusal is None else refusal.status,
        view=view,
        views={state: (words,) for state, words in deliveries.VIEWS.items()},
        counts={state.value: number for state, number in counts.items()},
        lines=lines,
        found=found,
        may_hand_over=bool(clerk.roles & duties.CLOSING),
        following=None if following is None else paging.encode(following),
        further=after is not None,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )


def _address_page(delivery_id: int, choice: Choice, *, refusal: DomainError | None = None) -> Response:
    return pages.page(
        "delivery_address.html",
        status=200 if refusal is None else refusal.status,
        delivery_id=delivery_id,
        choice=choice,
        refusal=refusal,
    )
