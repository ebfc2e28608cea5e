"""Cases that took more visits than promised (超次跑动): the list, one case, why."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import plain_text
from app.db import unit_of_work
from app.desk import duties, over_visits
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.forms import NoticeIn
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_over_visits")

_DONE = {"explained": "说明已保存。"}
_MENDABLE = {403, 409, 422}


class OverVisitsIn(Schema):
    """Which part of the list, and of which department."""

    department = fields.String(load_default="", validate=validate.Length(max=100))
    after = Cursor(load_default=None, validate=validate.Range(1))


@door.get("/over-visits", auth=Staff(duties.READING), query=OverVisitsIn)
def over_visit_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the cases that took more visits than promised, the newest first."""
    clerk = callers.current_clerk()
    department = plain_text.words(query["department"])
    with unit_of_work() as session:
        lines, following = over_visits.page(session, clerk=clerk, department=department, after=query["after"])
        departments = over_visits.departments(session, clerk=clerk)
    return pages.page(
        "over_visits.html",
        lines=lines,
        department=department,
        departments=departments,
        following=None if following is None else paging.encode(following),
        further=query["after"] is not None,
    )


@door.get("/over-visits/<case_no>", auth=Staff(duties.READING), query=NoticeIn)
def over_visit(case_no: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show one of them with its explanations."""
    return _case_page(case_no, notice=_DONE.get(query["done"], ""))


@door.post("/over-visits/<case_no>", auth=Staff(duties.READING))
def explain_over_visit(case_no: str) -> ResponseReturnValue:
    """Say why it took more visits (说明原因)."""
    try:
        with unit_of_work() as session:
            over_visits.explain(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                text=request.form.get("text", ""),
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _case_page(case_no, refusal=refusal)
    return pages.see_other("console_over_visits.over_visit", case_no=case_no, done="explained")


def _case_page(case_no: str, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        line = over_visits.look_at(session, clerk=clerk, case_no=case_no)
    return pages.page(
        "over_visit.html",
        status=200 if refusal is None else refusal.status,
        line=line,
        said_already=clerk.clerk_id in {one.clerk_id for one in line.explanations},
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
