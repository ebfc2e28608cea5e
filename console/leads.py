"""Units that were registered and need a licence next (双告知)."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.desk import duties, leads
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_leads")

_DONE = {"marked": "已记下，这家不再列在待办里。"}
_MENDABLE = {404, 409, 422}


class LeadsIn(Schema):
    """Which part of the list."""

    view = fields.String(load_default="waiting", validate=validate.OneOf(["waiting", "taken_up"]))
    after = Cursor(load_default=None, validate=validate.Range(1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/leads", auth=Staff(duties.READING), query=LeadsIn)
def lead_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the department's units, the newest first."""
    return _page(query["view"], after=query["after"], notice=_DONE.get(query["done"], ""))


@door.post("/leads/<int:lead_id>", auth=Staff(duties.READING))
def mark_lead(lead_id: int) -> ResponseReturnValue:
    """Say what the department did about a unit (处理)."""
    try:
        with unit_of_work() as session:
            leads.mark(
                session, clerk=callers.current_clerk(), lead_id=lead_id, note=request.form.get("note", "")
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page("waiting", refusal=refusal, refused=lead_id)
    return pages.see_other("console_leads.lead_list", done="marked")


def _page(
    view: str,
    *,
    after: int | None = None,
    notice: str = "",
    refusal: DomainError | None = None,
    refused: int | None = None,
) -> Response:
    """`refused` is the unit whose note was not taken; what was typed stays there."""
    with unit_of_work() as session:
        lines, following = leads.page(
            session, clerk=callers.current_clerk(), waiting=view == "waiting", after=after
        )
    return pages.page(
        "leads.html",
        status=200 if refusal is None else refusal.status,
        view=view,
        lines=lines,
        following=None if following is None else paging.encode(following),
        further=after is not None,
        longest=leads.LONGEST_NOTE,
        notice=notice,
        refusal=refusal,
        refused=refused,
        typed=request.form,
    )
