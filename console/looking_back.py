"""Looking back (否定报备、办理回访): every no of a week, and whom to call."""

from datetime import date, timedelta
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import clock
from app.call_backs.drawing import PERCENT
from app.call_backs.errors import CallBackUnsaid
from app.call_backs.models import MOST_TRIES, RESULT_TEXTS, CallBack, Result
from app.call_backs.service import LONGEST, Told
from app.db import unit_of_work
from app.desk import looking_back
from app.desk.looking_back import VIEWS, Contact, View
from app.errors import DomainError
from app.supervision import refusals
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_looking_back")

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MENDABLE = {409, 422}
_TRIES = {str(number) for number in range(MOST_TRIES)}
_SUPERVISORS = Staff(looking_back.SUPERVISING)
_NOTED = {
    "noted": "已记下回访结果。",
    "again": "已记下没有打通，请换个时间再打。",
    "ticket": "已记下回访结果，并转成热线工单，由办理部门限期答复市民。",
}


class WeekIn(Schema):
    """Any day of the week that is looked at; without one, this week's."""

    # Far enough from both ends of the calendar for the weeks beside it.
    week = fields.Date(load_default=None, validate=validate.Range(date(2000, 1, 1), date(2999, 12, 31)))


class CallBacksIn(Schema):
    """Which part of the list, and what was just done."""

    view = fields.String(load_default=View.OPEN.value, validate=validate.OneOf([view.value for view in View]))
    after = Cursor(load_default=None, validate=validate.Range(1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/refusals", auth=_SUPERVISORS, query=WeekIn)
def refusal_list(query: dict[str, date | None]) -> ResponseReturnValue:
    """Show every no of a week with its ground and who decided (否定报备)."""
    monday = refusals.week_of(query["week"] or clock.today())
    with unit_of_work() as session:
        lines = looking_back.refused(session, clerk=callers.current_clerk(), monday=monday)
    return pages.page(
        "refusals.html",
        lines=lines,
        grounds=refusals.by_ground(lines),
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - timedelta(weeks=1),
        following=monday + timedelta(weeks=1) if monday < refusals.week_of(clock.today()) else None,
    )


@door.get("/refusals/export.xlsx", auth=_SUPERVISORS, query=WeekIn)
def export_refusals(query: dict[str, date | None]) -> ResponseReturnValue:
    """Give every no of a week as a workbook (导出)."""
    monday = refusals.week_of(query["week"] or clock.today())
    with unit_of_work() as session:
        lines = looking_back.refused(session, clerk=callers.current_clerk(), monday=monday)
    response = Response(refusals.sheet(lines), mimetype=_WORKBOOK)
    response.headers["Content-Disposition"] = f'attachment; filename="refusals-{monday:%Y%m%d}.xlsx"'
    return response


@door.get("/call-backs", auth=_SUPERVISORS, query=CallBacksIn)
def call_back_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show whom to call, and what came of earlier calls (办理回访)."""
    return _page(view=View(query["view"]), after=query["after"], notice=_NOTED.get(query["done"], ""))


@door.post("/call-backs/<int:call_back_id>/telephone", auth=_SUPERVISORS)
def call_back_telephone(call_back_id: int) -> ResponseReturnValue:
    """Show the number to call, which is written down (回访电话)."""
    with unit_of_work() as session:
        contact = looking_back.telephone(session, clerk=callers.current_clerk(), call_back_id=call_back_id)
    return _page(after=_before(call_back_id), contact=contact)


@door.post("/call-backs/<int:call_back_id>", auth=_SUPERVISORS)
def note_call_back(call_back_id: int) -> ResponseReturnValue:
    """Write down what came of a call (回访结果)."""
    form = request.form
    try:
        if form.get("result") not in set(Result):
            raise CallBackUnsaid
        tries = form.get("tries", "")
        told = Told(Result(form["result"]), form.get("said", ""), int(tries) if tries in _TRIES else 0)
        with unit_of_work() as session:
            noted = looking_back.note(
                session, clerk=callers.current_clerk(), call_back_id=call_back_id, told=told
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(after=_before(call_back_id), refusal=refusal, refused=call_back_id)
    return pages.see_other("console_looking_back.call_back_list", done=_became(noted))


def _became(noted: CallBack) -> str:
    if noted.result is None:
        return "again"
    return "noted" if noted.complaint_id is None else "ticket"


def _before(call_back_id: int) -> int | None:
    """A page of the list that begins with this call-back, also where it stood further on."""
    return call_back_id - 1 or None


def _page(
    *,
    view: View = View.OPEN,
    after: int | None = None,
    notice: str = "",
    refusal: DomainError | None = None,
    refused: int | None = None,
    contact: Contact | None = None,
) -> Response:
    """`refused`: whose form was not taken; `contact`: who is called now."""
    with unit_of_work() as session:
        lines, following = looking_back.page(session, clerk=callers.current_clerk(), view=view, after=after)
        numbers = looking_back.lately(session)
    return pages.page(
        "call_backs.html",
        status=200 if refusal is None else refusal.status,
        view=view,
        views={each: (words,) for each, words in VIEWS.items()},
        lines=lines,
        numbers=numbers,
        percent=PERCENT,
        most_tries=MOST_TRIES,
        results=RESULT_TEXTS,
        longest=LONGEST,
        following=None if following is None else paging.encode(following),
        further=after is not None,
        notice=notice,
        refusal=refusal,
        refused=refused,
        contact=contact,
        typed=request.form,
    )
