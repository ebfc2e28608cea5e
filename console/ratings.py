"""Bad ratings to be mended (好差评、差评整改): the list, the numbers, one ticket."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.desk import ratings
from app.desk.ratings import Action, View
from app.errors import DomainError
from app.evaluations import levels, mending, published
from app.evaluations.errors import CallBackUnsaid
from app.evaluations.mending import CALL_BACK_TEXTS, CallBack
from console import callers, charts, pages
from console.callers import Staff
from console.charts import Series
from console.forms import NoticeIn
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_ratings")

_VIEWS = {
    View.OPEN: ("待整改", "先到期的在前"),
    View.MENDED: ("待回访", "先到期的在前"),
    View.DONE: ("已办结", "新的在前"),
}
_DONE = {
    "mended": "已记下整改情况，并已告知评价人。",
    "dismissed": "已记下核实结论，并已告知评价人。",
    "extended": "时限已延长。",
    "called_back": "已记下回访结果。",
}
# Mended on the ticket's own page, with what was typed still there.
_MENDABLE = {409, 422}


class RatingsIn(Schema):
    """Which part of the list."""

    view = fields.Enum(View, by_value=True, load_default=View.OPEN)
    after = Cursor(load_default=None, validate=validate.Range(1))


@door.get("/ratings", auth=Staff(ratings.MENDING), query=RatingsIn)
def rating_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show a part of the list of bad ratings, and how the city is rated."""
    clerk, view = callers.current_clerk(), query["view"]
    with unit_of_work() as session:
        summary = published.numbers.summary(session)
        counts = ratings.counts(session, clerk=clerk)
        lines, following = ratings.page(session, clerk=clerk, view=view, after=query["after"])
    shown = list(levels.LEVELS.values())
    chart = charts.over(
        "全市评价",
        axis="等级",
        names=[level.text for level in shown],
        series=[Series("件数", [summary.by_level[level.level] for level in shown])],
    )
    return pages.page(
        "ratings.html",
        views=_VIEWS,
        view=view,
        counts=counts,
        summary=summary,
        lines=lines,
        following=None if following is None else paging.encode(following),
        further=query["after"] is not None,
        charts=[chart] if summary.count else [],
    )


@door.get("/ratings/<int:ticket_id>", auth=Staff(ratings.MENDING), query=NoticeIn)
def rating(ticket_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show one ticket with its history, and what this clerk may do."""
    return _ticket_page(ticket_id, notice=_DONE.get(query["done"], ""))


@door.post("/ratings/<int:ticket_id>/mend", auth=Staff(ratings.MENDING))
def mend(ticket_id: int) -> ResponseReturnValue:
    """Say what was done (整改到位)."""
    return _said(ticket_id, ratings.mend, done="mended")


@door.post("/ratings/<int:ticket_id>/dismiss", auth=Staff(ratings.REVIEWING))
def dismiss(ticket_id: int) -> ResponseReturnValue:
    """Say why nothing is to be mended (核实不属实)."""
    return _said(ticket_id, ratings.dismiss, done="dismissed")


@door.post("/ratings/<int:ticket_id>/extend", auth=Staff(ratings.REVIEWING))
def extend(ticket_id: int) -> ResponseReturnValue:
    """Give a complex ticket its longer limit (延长时限)."""
    return _said(ticket_id, ratings.extend, done="extended")


@door.post("/ratings/<int:ticket_id>/call-back", auth=Staff(ratings.REVIEWING))
def call_back(ticket_id: int) -> ResponseReturnValue:
    """Write down what the citizen said of the mending (回访)."""
    result = request.form.get("result", "")
    try:
        if result not in list(CallBack):
            raise CallBackUnsaid
        with unit_of_work() as session:
            ratings.call_back(
                session,
                clerk=callers.current_clerk(),
                ticket_id=ticket_id,
                result=CallBack(result),
                text=request.form.get("text", ""),
            )
    except DomainError as refusal:
        return _mended(ticket_id, refusal)
    return pages.see_other("console_ratings.rating", ticket_id=ticket_id, done="called_back")


@door.post("/ratings/<int:ticket_id>/telephone", auth=Staff(ratings.REVIEWING))
def telephone(ticket_id: int) -> ResponseReturnValue:
    """Show the number for a call-back, which is written down (回访电话)."""
    with unit_of_work() as session:
        number = ratings.telephone(session, clerk=callers.current_clerk(), ticket_id=ticket_id)
    notice = "" if number else "没有可以回访的电话，评价人可以在手机上确认。"
    return _ticket_page(ticket_id, number=number, notice=notice)


def _said(ticket_id: int, act: Callable[..., None], *, done: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            act(
                session,
                clerk=callers.current_clerk(),
                ticket_id=ticket_id,
                text=request.form.get("text", ""),
            )
    except DomainError as refusal:
        return _mended(ticket_id, refusal)
    return pages.see_other("console_ratings.rating", ticket_id=ticket_id, done=done)


def _mended(ticket_id: int, refusal: DomainError) -> Response:
    """The ticket again with what is wrong above it and what was typed in it; else the refusal's page."""
    if refusal.status not in _MENDABLE:
        raise refusal
    return _ticket_page(ticket_id, refusal=refusal)


def _ticket_page(
    ticket_id: int, *, notice: str = "", number: str = "", refusal: DomainError | None = None
) -> Response:
    with unit_of_work() as session:
        seen = ratings.look_at(session, clerk=callers.current_clerk(), ticket_id=ticket_id)
    return pages.page(
        "rating.html",
        status=200 if refusal is None else refusal.status,
        seen=seen,
        line=seen.line,
        actions=Action,
        results=CALL_BACK_TEXTS,
        complex_days=mending.COMPLEX_DAYS,
        notice=notice,
        number=number,
        refusal=refusal,
        typed=request.form,
        acted=request.path.rpartition("/")[2],
    )
