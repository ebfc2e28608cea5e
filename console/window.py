"""Meeting citizens (接待): the scan field, who stands at the window, today's appointments."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.centres import queries as centres
from app.db import unit_of_work
from app.desk import duties, visits
from app.desk import window as desk
from app.desk.window import CaseNamed, Met
from console import callers, forms, pages
from console.callers import ANY_CLERK, Staff
from console.forms import TodayIn
from console.making import console_door

door = console_door("console_window")


@door.get("/window", auth=ANY_CLERK)
def window() -> ResponseReturnValue:
    """Show the field into which a scanner types (扫码接待)."""
    return pages.page("window.html")


@door.post("/scan", auth=ANY_CLERK)
def scan() -> ResponseReturnValue:
    """Go to what was scanned or typed: a citizen, an appointment, a case."""
    with unit_of_work() as session:
        found = desk.scan(session, clerk=callers.current_clerk(), content=request.form.get("content", ""))
    if isinstance(found, Met):
        return pages.see_other("console_window.guest", presence_id=found.presence_id)
    if isinstance(found, CaseNamed):
        return pages.see_other("console_cases.case", case_no=found.case_no)
    return _to_today(found.visit.centre_id, found.visit.id)


@door.get("/guests/<int:presence_id>", auth=Staff(duties.MEETING))
def guest(presence_id: int) -> ResponseReturnValue:
    """Show what is theirs who just showed their code to this clerk."""
    with unit_of_work() as session:
        found = desk.guest(session, clerk=callers.current_clerk(), presence_id=presence_id)
    return pages.page("guest.html", guest=found)


@door.get("/appointments", auth=Staff(duties.RECEIVING), query=TodayIn)
def today(query: dict[str, Any]) -> ResponseReturnValue:
    """Show who is expected today in the clerk's hall; a clerk without one chooses."""
    after = forms.visit_mark(query["after"])
    centre_id = callers.current_clerk().centre_id or query["centre"]
    with unit_of_work() as session:
        if centre_id is None:
            return pages.page("halls.html", halls=[found.centre for found in centres.find(session)])
        hall = centres.centre(session, centre_id=centre_id)
        counts = visits.counts(session, centre_id=hall.id)
        expected, following = visits.page(session, centre_id=hall.id, after=after)
    return pages.page(
        "appointments.html",
        hall=hall,
        counts=counts,
        expected=expected,
        following=forms.written(following),
        came=query["came"],
    )


@door.post("/appointments/<int:appointment_id>/check-in", auth=Staff(duties.RECEIVING))
def check_in(appointment_id: int) -> ResponseReturnValue:
    """Check in somebody on the list (签到)."""
    with unit_of_work() as session:
        visit = desk.check_in_by_id(session, clerk=callers.current_clerk(), appointment_id=appointment_id)
    return _to_today(visit.centre_id, visit.id)


def _to_today(centre_id: str, appointment_id: int) -> Response:
    chosen = None if callers.current_clerk().centre_id else centre_id
    return pages.see_other("console_window.today", centre=chosen, came=appointment_id)
