"""Complaints to be answered (热线工单): the list and one complaint."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.desk import hotline
from app.desk.hotline import View
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.forms import NoticeIn
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_hotline")

_VIEWS = {View.OPEN: ("待答复", "先到期的在前"), View.ANSWERED: ("已答复", "新的在前")}
_DONE = {
    "answered": "已答复，并已告知市民。",
    "told": "进展已告知市民，请在期限内给出最终答复。",
    "passed_on": "已转给承办部门，期限不变。",
    "asked": "已交办，各部门会看到这条诉求和答复期限。",
    "part": "会办意见已保存，牵头部门和企业都能看到。",
}
# Mended on the complaint's own page, with what was typed still there.
_MENDABLE = {409, 422}


class ComplaintsIn(Schema):
    """Which part of the list."""

    view = fields.Enum(View, by_value=True, load_default=View.OPEN)
    after = Cursor(load_default=None, validate=validate.Range(1))


@door.get("/hotline", auth=Staff(hotline.ANSWERING), query=ComplaintsIn)
def complaint_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show a part of the list of complaints, the first due first."""
    clerk, view = callers.current_clerk(), query["view"]
    with unit_of_work() as session:
        counts = hotline.counts(session, clerk=clerk)
        lines, following = hotline.page(session, clerk=clerk, view=view, after=query["after"])
    return pages.page(
        "hotline.html",
        views=_VIEWS,
        view=view,
        counts=counts,
        lines=lines,
        following=None if following is None else paging.encode(following),
        further=query["after"] is not None,
    )


@door.get("/hotline/<complaint_no>", auth=Staff(hotline.ANSWERING), query=NoticeIn)
def complaint(complaint_no: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show one complaint with its answers, and what this clerk may do."""
    return _complaint_page(complaint_no, notice=_DONE.get(query["done"], ""))


@door.post("/hotline/<complaint_no>/answer", auth=Staff(hotline.ANSWERING))
def answer(complaint_no: str) -> ResponseReturnValue:
    """Answer for good, or tell how it goes on (答复、告知进展)."""
    final = request.form.get("final") == "yes"

    def act() -> None:
        with unit_of_work() as session:
            hotline.answer(
                session,
                clerk=callers.current_clerk(),
                complaint_no=complaint_no,
                text=request.form.get("text", ""),
                final=final,
            )

    return _done(complaint_no, act, done="answered" if final else "told")


@door.post("/hotline/<complaint_no>/pass-on", auth=Staff(hotline.PASSING_ON))
def pass_on(complaint_no: str) -> ResponseReturnValue:
    """Have a department answer (转办)."""

    def act() -> None:
        with unit_of_work() as session:
            hotline.pass_on(
                session,
                clerk=callers.current_clerk(),
                complaint_no=complaint_no,
                department=request.form.get("department", ""),
            )

    return _done(complaint_no, act, done="passed_on")


@door.post("/hotline/<complaint_no>/ask", auth=Staff(hotline.PASSING_ON))
def ask(complaint_no: str) -> ResponseReturnValue:
    """Name who replies to a company and ask other departments (交办、会办)."""

    def act() -> None:
        with unit_of_work() as session:
            hotline.ask(
                session,
                clerk=callers.current_clerk(),
                complaint_no=complaint_no,
                lead=request.form.get("lead", ""),
                others=request.form.getlist("others"),
            )

    return _done(complaint_no, act, done="asked")


@door.post("/hotline/<complaint_no>/part", auth=Staff(hotline.ANSWERING))
def answer_part(complaint_no: str) -> ResponseReturnValue:
    """Say what one's department says (会办意见)."""

    def act() -> None:
        with unit_of_work() as session:
            hotline.answer_part(
                session,
                clerk=callers.current_clerk(),
                complaint_no=complaint_no,
                dept_code=request.form.get("dept_code", ""),
                text=request.form.get("text", ""),
            )

    return _done(complaint_no, act, done="part")


def _done(complaint_no: str, act: Callable[[], None], *, done: str) -> ResponseReturnValue:
    """Act and go on to the complaint; a refusal is shown on it, with what was typed still there."""
    try:
        act()
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _complaint_page(complaint_no, refusal=refusal)
    return pages.see_other("console_hotline.complaint", complaint_no=complaint_no, done=done)


def _complaint_page(complaint_no: str, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        seen = hotline.look_at(session, clerk=callers.current_clerk(), complaint_no=complaint_no)
    return pages.page(
        "complaint.html",
        status=200 if refusal is None else refusal.status,
        seen=seen,
        line=seen.line,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
