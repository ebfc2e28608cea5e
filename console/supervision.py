"""Electronic supervision (效能监察): what it was told, tickets of late cases, the export."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock
from app.db import unit_of_work
from app.desk import clocks, work
from app.errors import DomainError
from app.supervision import exporting
from app.supervision import queries as supervision
from app.supervision.models import TicketState
from console import callers, pages
from console.callers import Staff
from console.forms import NoticeIn
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_supervision")

_DONE = {"settled": "已核实办结。"}
_MENDABLE = {409, 422}
_USUAL_DAYS = 30


class View(StrEnum):
    """The parts of the page."""

    OPENED = "opened"
    EXPLAINED = "explained"
    SETTLED = "settled"
    ALERTS = "alerts"


_VIEWS = {
    View.OPENED: ("待说明", "超期最早的在前"),
    View.EXPLAINED: ("待核实", "先超期的在前"),
    View.SETTLED: ("已办结", "新的在前"),
    View.ALERTS: ("预警记录", "新的在前"),
}


class SupervisionIn(Schema):
    """Which part of the page."""

    view = fields.Enum(View, by_value=True, load_default=View.OPENED)
    after = Cursor(load_default=None, validate=validate.Range(1))


class PeriodIn(Schema):
    """The first and the last day of an export."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)


@door.get("/supervision", auth=Staff(clocks.SUPERVISING), query=SupervisionIn)
def supervision_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the tickets of late cases, or what supervision was told."""
    view, after = query["view"], query["after"]
    with unit_of_work() as session:
        counts = supervision.counts(session, most=work.COUNTED_TO)
        lines: Any
        if view is View.ALERTS:
            lines, following = supervision.alerts(session, after=after)
        else:
            lines, following = supervision.tickets(session, state=TicketState(view.value), after=after)
    return pages.page(
        "supervision.html",
        views=_VIEWS,
        view=view,
        counts=counts,
        lines=lines,
        following=None if following is None else paging.encode(following),
        further=after is not None,
        first=_first_day(),
        last=clock.today(),
    )


@door.get("/supervision/export", auth=Staff(clocks.SUPERVISING), query=PeriodIn)
def export_alerts(query: dict[str, date]) -> ResponseReturnValue:
    """Give the alerts of some days as the supervision office takes them (导出)."""
    first, last = query["first"], query["last"]
    with unit_of_work() as session:
        written = exporting.table(session, first=first, last=last)
        clocks.note_export(session, clerk=callers.current_clerk(), days=f"{first}/{last}")
    response = Response(written.encode("utf-8-sig"), mimetype="text/csv")
    name = f"supervision-{first:%Y%m%d}-{last:%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@door.get("/supervision/<int:ticket_id>", auth=Staff(clocks.SUPERVISING), query=NoticeIn)
def supervision_ticket(ticket_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show one ticket with what was said."""
    return _ticket_page(ticket_id, notice=_DONE.get(query["done"], ""))


@door.post("/supervision/<int:ticket_id>", auth=Staff(clocks.SUPERVISING))
def settle_ticket(ticket_id: int) -> ResponseReturnValue:
    """Close a ticket that was explained (核实办结)."""
    try:
        with unit_of_work() as session:
            clocks.settle(
                session,
                clerk=callers.current_clerk(),
                ticket_id=ticket_id,
                text=request.form.get("text", ""),
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _ticket_page(ticket_id, refusal=refusal)
    return pages.see_other("console_supervision.supervision_ticket", ticket_id=ticket_id, done="settled")


def _ticket_page(ticket_id: int, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        line = clocks.look_at_ticket(session, clerk=callers.current_clerk(), ticket_id=ticket_id)
        alerts = supervision.alerts_of_case(session, case_id=line.ticket.case_id)
    return pages.page(
        "supervision_ticket.html",
        status=200 if refusal is None else refusal.status,
        line=line,
        alerts=alerts,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )


def _first_day() -> date:
    return clock.today() - timedelta(days=_USUAL_DAYS)
