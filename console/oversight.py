"""What supervisors of licences are told (审管联动): what waits, was not taken and why, was received."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.desk import oversight
from app.desk.oversight import View
from app.errors import DomainError
from app.oversight import findings
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from platforms import directory
from web import paging
from web.paging import Cursor

door = console_door("console_oversight")

_DONE = {
    "again": "已登记重新推送，系统会马上再推给监管平台。",
    "answered": "处理情况已保存，办件页上可以看到。",
}
# Mended on the page itself, with what was typed still there.
_MENDABLE = {409, 422}
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
        if refusal.status not in _MENDABLE:
            raise
        return _page(view=View.REFUSED, refusal=refusal)
    return pages.see_other("console_oversight.event_list", view=View.UNKNOWN.value, done="again")


@door.post("/oversight/findings/<int:finding_id>/answer", auth=Staff(oversight.SEEING))
def answer(finding_id: int) -> ResponseReturnValue:
    """Say what was done about what a supervisor found (处理监管反馈)."""
    try:
        with unit_of_work() as session:
            oversight.answer(
                session,
                clerk=callers.current_clerk(),
                finding_id=finding_id,
                text=request.form.get("answer", ""),
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(view=View.WAITING, refusal=refusal, refused=finding_id)
    return pages.see_other("console_oversight.event_list", done="answered")


def _page(
    *,
    view: View,
    after: int | None = None,
    notice: str = "",
    refusal: DomainError | None = None,
    refused: int | None = None,
) -> Response:
    """`refused` is the finding whose answer was not taken; what was typed stays there."""
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        lines, following = oversight.page(session, clerk=clerk, view=view, after=after)
        counts = oversight.counts(session, clerk=clerk)
        asked = oversight.to_answer(session, clerk=clerk)
    return pages.page(
        "oversight.html",
        status=200 if refusal is None else refusal.status,
        joined=directory.current().oversight is not None,
        view=view,
        views={part: (words,) for part, words in oversight.VIEWS.items()},
        counts={part.value: number for part, number in counts.items()},
        lines=lines,
        asked=asked,
        refused=refused,
        typed=request.form.get("answer", ""),
        longest=findings.LONGEST,
        following=None if following is None else paging.encode(following),
        further=after is not None,
        notice=notice,
        refusal=refusal,
    )
