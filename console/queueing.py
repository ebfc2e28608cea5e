"""The hall's queue (叫号): my window, the steps of a number, and the screen that hangs in the hall."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.centres import queries as centres
from app.db import Session, unit_of_work
from app.desk import calling, duties, queue_view
from app.errors import DomainError
from app.queueing.models import Ticket
from app.queueing.states import PRIORITY_TEXTS
from console import callers, pages
from console.callers import Staff
from console.making import console_door

door = console_door("console_queueing")

_RECEIVING = Staff(duties.RECEIVING)
_DONE = {
    "seated": "窗口已选好，今天都在这里。",
    "left": "已离开窗口。",
    "called": "已叫{number}号，屏幕和市民手机上都能看到。",
    "again": "又叫了一次{number}号。",
    "passed": "{number}号已过号，市民来了可以恢复一次。",
    "serving": "{number}号开始办理。",
    "finished": "{number}号已办结，可以叫下一位了。",
    "moved": "{number}号已转窗口，不用重新排队。",
    "back": "{number}号已恢复，很快会再叫到。",
    "given": "已取{number}号，请告诉市民留意屏幕。",
}
# Mended on the same page, with what was typed still there.
_MENDABLE = {409, 422}


class QueueIn(Schema):
    """Which hall, and what was just done to which number."""

    centre = fields.String(load_default=None, validate=validate.Length(max=16))
    done = fields.String(load_default="", validate=validate.Length(max=16))
    number = fields.String(load_default="", validate=validate.Regexp(r"[0-9A-Z]{0,8}\Z"))


class BoardIn(Schema):
    """Which hall's screen."""

    centre = fields.String(load_default=None, validate=validate.Length(max=16))


@door.get("/queue", auth=_RECEIVING, query=QueueIn)
def queue(query: dict[str, Any]) -> ResponseReturnValue:
    """Show my window, who waits for it, and what may be done now (叫号台)."""
    notice = _DONE.get(query["done"], "").format(number=query["number"])
    return _page(query["centre"], notice=notice)


@door.get("/queue/board", auth=_RECEIVING, query=BoardIn)
def board(query: dict[str, Any]) -> ResponseReturnValue:
    """Show what hangs in the hall: numbers and windows, nothing personal (叫号屏)."""
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        centre_id = queue_view.hall_of(session, clerk=clerk, asked=query["centre"])
        if centre_id is None:
            return _choose_hall(session, then="/console/queue/board")
        shown = queue_view.board(session, clerk=clerk, centre_id=centre_id)
    return pages.page("queue_board.html", board=shown)


@door.post("/queue/window", auth=_RECEIVING)
def take_window() -> ResponseReturnValue:
    """Choose the window at which I work today (选择窗口)."""
    centre_id = request.form.get("centre", "")
    try:
        with unit_of_work() as session:
            calling.sit_down(
                session,
                clerk=callers.current_clerk(),
                centre_id=centre_id,
                window=request.form.get("window", ""),
            )
    except DomainError as refusal:
        return _mend(refusal, centre_id)
    return pages.see_other("console_queueing.queue", done="seated")


@door.post("/queue/leave", auth=_RECEIVING)
def leave_window() -> ResponseReturnValue:
    """Leave my window (离开窗口)."""
    try:
        with unit_of_work() as session:
            calling.leave(session, clerk=callers.current_clerk())
    except DomainError as refusal:
        return _mend(refusal)
    return pages.see_other("console_queueing.queue", done="left")


@door.post("/queue/call", auth=_RECEIVING)
def call_next() -> ResponseReturnValue:
    """Call the next one (叫下一位)."""
    return _step(lambda session: calling.call_next(session, clerk=callers.current_clerk()), done="called")


@door.post("/queue/tickets/<int:ticket_id>/again", auth=_RECEIVING)
def call_again(ticket_id: int) -> ResponseReturnValue:
    """Call the same number once more (重呼)."""
    return _of_ticket(calling.call_again, ticket_id, done="again")


@door.post("/queue/tickets/<int:ticket_id>/pass", auth=_RECEIVING)
def pass_over(ticket_id: int) -> ResponseReturnValue:
    """Nobody came after three calls (过号)."""
    return _of_ticket(calling.pass_over, ticket_id, done="passed")


@door.post("/queue/tickets/<int:ticket_id>/serve", auth=_RECEIVING)
def serve(ticket_id: int) -> ResponseReturnValue:
    """The citizen is here (开始办理)."""
    return _of_ticket(calling.serve, ticket_id, done="serving")


@door.post("/queue/tickets/<int:ticket_id>/finish", auth=_RECEIVING)
def finish(ticket_id: int) -> ResponseReturnValue:
    """The citizen's matter is done (办结)."""
    return _of_ticket(calling.finish, ticket_id, done="finished")


@door.post("/queue/tickets/<int:ticket_id>/back", auth=_RECEIVING)
def put_back(ticket_id: int) -> ResponseReturnValue:
    """Put a passed number back into the line, once (恢复)."""
    return _of_ticket(calling.put_back, ticket_id, done="back")


@door.post("/queue/tickets/<int:ticket_id>/transfer", auth=_RECEIVING)
def transfer(ticket_id: int) -> ResponseReturnValue:
    """Send the citizen to other windows, with a reason (转窗口)."""
    return _step(
        lambda session: calling.transfer(
            session,
            clerk=callers.current_clerk(),
            ticket_id=ticket_id,
            window_group_id=request.form.get("group", 0, int),
            reason=request.form.get("reason", ""),
        ),
        done="moved",
    )


@door.post("/queue/tickets", auth=_RECEIVING)
def hand_out() -> ResponseReturnValue:
    """Give a number to somebody without a phone (现场取号)."""
    centre_id = request.form.get("centre", "")
    return _step(
        lambda session: calling.hand_out(
            session,
            clerk=callers.current_clerk(),
            centre_id=centre_id,
            window_group_id=request.form.get("group", 0, int),
            priority=request.form.get("priority", ""),
        ),
        done="given",
        centre_id=centre_id,
    )


def _of_ticket(step: Callable[..., Ticket], ticket_id: int, *, done: str) -> Response:
    return _step(lambda session: step(session, clerk=callers.current_clerk(), ticket_id=ticket_id), done=done)


def _step(step: Callable[[Session], Ticket], *, done: str, centre_id: str | None = None) -> Response:
    """Take one step, then show the queue again; a refusal is shown on it."""
    try:
        with unit_of_work() as session:
            number = step(session).number
    except DomainError as refusal:
        return _mend(refusal, centre_id)
    shown = None if callers.current_clerk().centre_id else centre_id
    return pages.see_other("console_queueing.queue", centre=shown, done=done, number=number)


def _mend(refusal: DomainError, centre_id: str | None = None) -> Response:
    """The queue as it is now with the refusal above it; else the refusal's own page."""
    if refusal.status not in _MENDABLE:
        raise refusal
    return _page(centre_id or None, refusal=refusal)


def _page(asked: str | None, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        centre_id = queue_view.hall_of(session, clerk=clerk, asked=asked)
        if centre_id is None:
            return _choose_hall(session, then="/console/queue", refusal=refusal)
        desk = queue_view.look(session, clerk=clerk, centre_id=centre_id)
    return pages.page(
        "queue.html",
        status=200 if refusal is None else refusal.status,
        desk=desk,
        notice=notice,
        refusal=refusal,
        typed=request.form,
        priorities=PRIORITY_TEXTS,
        most_shown=queue_view.MOST_SHOWN,
    )


def _choose_hall(session: Session, *, then: str, refusal: DomainError | None = None) -> Response:
    halls = [found.centre for found in centres.find(session)]
    status = 200 if refusal is None else refusal.status
    return pages.page("queue_halls.html", status=status, halls=halls, then=then, refusal=refusal)
