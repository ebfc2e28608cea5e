"""What supervisors of licences are told (审管联动): what waits, was not taken and why, was received."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.desk import oversight
from app.desk.oversight import View
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from platforms import directory
from web import paging
from web.paging import Cursor

door = console_door("console_oversight")

_DONE = {"again": "已登记重新推送，系统会马上再推给监管平台。"}
_CONFLICT = 409
_VIEWS = [view.value for view in oversight.VIEWS]


class ListIn(Schema):
    """Which part of the page, from where, and what was just done."""

    view = fields.String(load_default=_VIEWS[0], validate=validate.OneOf(_VIEWS))
    after = Cursor(load_default=None, validate=validate.Range(1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/oversight", auth=Staff(oversight.SEEING), query=ListIn)
def event_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show what is told of licences, one part at a time, the newest first."""
    return _page(view=View(query["view"]), after=query["after"], notice=_DONE.get(query["done"], ""))


@door.post("/oversight/<int:event_id>/again", auth=Staff(oversight.SEEING))
def again(event_id: int) -> ResponseReturnValue:
    """Tell once more what was not taken (重新推送)."""
    try:
        with unit_of_work() as session:
            oversight.again(session, clerk=callers.current_clerk(), event_id=event_id)
    except DomainError as refusal:
        if refusal.status != _CONFLICT:
            raise
        return _page(view=View.REFUSED, refusal=refusal)
    return pages.see_other("console_oversight.event_list", view=View.UNKNOWN.value, done="again")


def _page(
    *, view: View, after: int | None = None, notice: str = "", refusal: DomainError | None = None
) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        lines, following = oversight.page(session, clerk=clerk, view=view, after=after)
        counts = oversight.counts(session, clerk=clerk)
    return pages.page(
        "oversight.html",
        status=200 if refusal is None else refusal.status,
        joined=directory.current().oversight is not None,
        view=view,
        views={part: (words,) for part, words in oversight.VIEWS.items()},
        counts={part.value: number for part, number in counts.items()},
        lines=lines,
        following=None if following is None else paging.encode(following),
        further=after is not None,
        notice=notice,
        refusal=refusal,
    )
