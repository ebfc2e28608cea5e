"""Cases that go from hall to hall (异地代收代办): the list, and handing one over."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.desk import duties, transfers
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_transfers")

_DONE = {
    "handed_over": "已登记移交，正在通知省平台；回执到了这里会更新。",
    "taken_in": "已接收，办件的经过里会写上。",
}
_MENDABLE = {404, 409, 422}


class TransfersIn(Schema):
    """Which part of the list, and what was just done."""

    after = Cursor(load_default=None, validate=validate.Range(1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/transfers", auth=Staff(duties.READING), query=TransfersIn)
def transfer_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show what goes from and to the clerk's hall, the newest first."""
    return _page(after=query["after"], notice=_DONE.get(query["done"], ""))


@door.post("/transfers", auth=Staff(duties.RECEIVING))
def hand_over() -> ResponseReturnValue:
    """Send what was collected for a case to another hall (转出)."""
    form = request.form
    try:
        with unit_of_work() as session:
            transfers.hand_over(
                session,
                clerk=callers.current_clerk(),
                case_no=form.get("case_no", ""),
                to_code=form.get("to_code", ""),
                to_name=form.get("to_name", ""),
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(after=None, refusal=refusal)
    return pages.see_other("console_transfers.transfer_list", done="handed_over")


@door.post("/transfers/<int:transfer_id>/received", auth=Staff(duties.RECEIVING))
def take_in(transfer_id: int) -> ResponseReturnValue:
    """Take in what another hall sent to the clerk's own (接收)."""
    try:
        with unit_of_work() as session:
            transfers.take_in(session, clerk=callers.current_clerk(), transfer_id=transfer_id)
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(after=None, refusal=refusal)
    return pages.see_other("console_transfers.transfer_list", done="taken_in")


def _page(*, after: int | None, notice: str = "", refusal: DomainError | None = None) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        lines, following = transfers.page(session, clerk=clerk, after=after)
        halls = transfers.halls(session, clerk=clerk)
        waiting = transfers.waiting(session, clerk=clerk)
    return pages.page(
        "transfers.html",
        status=200 if refusal is None else refusal.status,
        lines=lines,
        waiting=waiting,
        halls=halls,
        may_hand_over=bool(clerk.roles & duties.RECEIVING) and clerk.centre_id is not None,
        following=None if following is None else paging.encode(following),
        further=after is not None,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
