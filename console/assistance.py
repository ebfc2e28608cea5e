"""Helping a citizen from the seat beside them (帮办): ask, wait for the yes, and what is done together."""

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from app.desk import assisted_cases, assisting
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.forms import NoticeIn
from console.making import console_door

door = console_door("console_assistance")

HELPING = Staff(assisting.ASSISTING)
_LONGEST_WISH = 60
_DONE = {
    "saved": "填的内容已保存。",
    "booked": "已预约，市民会收到消息。",
    "begun": "市民已在同意书上签名，可以开始了。",
}
# The page is shown again with what was typed; 404 and 410 say that it is over or never was.
MENDABLE = {403, 409, 413, 422, 429, 503}


class WishIn(NoticeIn):
    """What the citizen wants, in their words, and what has just been done."""

    q = fields.String(load_default="", validate=validate.Length(max=_LONGEST_WISH))


class ItemIn(Schema):
    """For which item a time is looked for."""

    task_code = fields.String(load_default="", validate=validate.Length(max=64))


@door.get("/assistance", auth=HELPING)
def corner() -> ResponseReturnValue:
    """Show where one begins to help, or go to whom one helps (帮办)."""
    with unit_of_work() as session:
        now = assisting.now(session, clerk=callers.current_clerk())
    if now is not None:
        return pages.see_other("console_assistance.table", assistance_id=now.id)
    return pages.page("assist.html", typed={})


@door.post("/assistance", auth=HELPING)
def ask() -> ResponseReturnValue:
    """Ask the citizen of a code that was scanned, or of a number that they say (请求帮办)."""
    clerk, form = callers.current_clerk(), request.form
    phone, content = form.get("phone", "").strip(), form.get("content", "")
    try:
        if phone:
            with unit_of_work() as session:
                assisting.count_try(session, clerk=clerk)
        with unit_of_work() as session:
            if phone:
                begun = assisting.ask_by_phone(session, clerk=clerk, phone=phone)
            else:
                begun = assisting.ask_by_code(session, clerk=clerk, content=content)
    except DomainError as refusal:
        return pages.page("assist.html", status=refusal.status, refusal=refusal, typed=form)
    return pages.see_other("console_assistance.table", assistance_id=begun)


@door.post("/guests/<int:presence_id>/assistance", auth=HELPING)
def ask_guest(presence_id: int) -> ResponseReturnValue:
    """Ask the citizen who was just met on their phone (接待后请求帮办)."""
    with unit_of_work() as session:
        begun = assisting.ask_guest(session, clerk=callers.current_clerk(), presence_id=presence_id)
    return pages.see_other("console_assistance.table", assistance_id=begun)


@door.get("/guests/<int:presence_id>/assistance/sheet", auth=HELPING)
def sheet(presence_id: int) -> ResponseReturnValue:
    """Show what somebody without a phone signs, to print (帮办同意书)."""
    return _sheet(presence_id)


@door.post("/guests/<int:presence_id>/assistance/sheet", auth=HELPING)
def begin_on_paper(presence_id: int) -> ResponseReturnValue:
    """Begin once the signed sheet lies there (纸质同意)."""
    try:
        with unit_of_work() as session:
            begun = assisting.begin_on_paper(
                session,
                clerk=callers.current_clerk(),
                presence_id=presence_id,
                signed="signed" in request.form,
            )
    except DomainError as refusal:
        if refusal.status not in MENDABLE:
            raise
        return _sheet(presence_id, refusal=refusal)
    return pages.see_other("console_assistance.table", assistance_id=begun, done="begun")


@door.get("/assistance/<int:assistance_id>", auth=HELPING, query=WishIn)
def table(assistance_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show whom one helps: waiting for the yes, what is open, or that it is over."""
    clerk, found = callers.current_clerk(), []
    with unit_of_work() as session:
        seen = assisting.table(session, clerk=clerk, assistance_id=assistance_id)
    if query["q"] and seen.session.state == "live":
        with unit_of_work() as session:
            found = assisted_cases.found(session, clerk=clerk, assistance_id=assistance_id, text=query["q"])
    return pages.page(
        "assist_table.html", table=seen, found=found, q=query["q"], notice=_DONE.get(query["done"], "")
    )


@door.get("/assistance/<int:assistance_id>/left", auth=HELPING)
def left(assistance_id: int) -> ResponseReturnValue:
    """Say on an open page how long it still lasts, and clear the screen once it is over (还有几分钟)."""
    with unit_of_work() as session:
        minutes = assisting.minutes_left(session, clerk=callers.current_clerk(), assistance_id=assistance_id)
    if minutes is not None:
        return pages.page("assist_left.html", minutes=minutes)
    response = Response(status=204)
    response.headers["HX-Redirect"] = url_for("console_assistance.table", assistance_id=assistance_id)
    return response


@door.post("/assistance/<int:assistance_id>/end", auth=HELPING)
def end(assistance_id: int) -> ResponseReturnValue:
    """End it, or stop waiting (结束帮办)."""
    with unit_of_work() as session:
        assisting.end(session, clerk=callers.current_clerk(), assistance_id=assistance_id)
    return pages.see_other("console_assistance.table", assistance_id=assistance_id)


@door.get("/assistance/<int:assistance_id>/items/<task_code>", auth=HELPING)
def item(assistance_id: int, task_code: str) -> ResponseReturnValue:
    """Ask what the item wants to know before a draft is begun (情形问题)."""
    with unit_of_work() as session:
        asked = assisted_cases.item(
            session,
            clerk=callers.current_clerk(),
            assistance_id=assistance_id,
            task_code=task_code,
            typed=_answers(request.args),
        )
    return pages.page(
        "assist_item.html", item=asked, assistance_id=assistance_id, answers=_answers(request.args)
    )


@door.post("/assistance/<int:assistance_id>/items/<task_code>", auth=HELPING)
def start(assistance_id: int, task_code: str) -> ResponseReturnValue:
    """Begin a draft of the item (开始申请)."""
    answers = {key: value for key, value in _answers(request.form).items() if key != "csrf"}
    with unit_of_work() as session:
        case_no = assisted_cases.start(
            session,
            clerk=callers.current_clerk(),
            assistance_id=assistance_id,
            task_code=task_code,
            answers=answers,
        )
    return pages.see_other("console_assisted_cases.draft", assistance_id=assistance_id, case_no=case_no)


@door.get("/assistance/<int:assistance_id>/visits", auth=HELPING, query=ItemIn)
def times(assistance_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show when the citizen could come to this hall (可约时间)."""
    return _times(assistance_id, query["task_code"])


@door.post("/assistance/<int:assistance_id>/visits", auth=HELPING)
def book(assistance_id: int) -> ResponseReturnValue:
    """Book a visit (帮约)."""
    task_code = request.form.get("task_code", "")
    try:
        with unit_of_work() as session:
            assisted_cases.book(
                session,
                clerk=callers.current_clerk(),
                assistance_id=assistance_id,
                task_code=task_code,
                slot_id=request.form.get("slot", 0, type=int),
            )
    except DomainError as refusal:
        if refusal.status not in MENDABLE:
            raise
        return _times(assistance_id, task_code, refusal=refusal)
    return pages.see_other("console_assistance.table", assistance_id=assistance_id, done="booked")


def _answers(form: Any) -> dict[str, str]:
    """What was answered; several ticks of one question stand together."""
    return {key: ",".join(form.getlist(key)) for key in form}


def _sheet(presence_id: int, *, refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        found = assisting.sheet(session, clerk=callers.current_clerk(), presence_id=presence_id)
    return pages.page(
        "assist_sheet.html",
        status=200 if refusal is None else refusal.status,
        sheet=found,
        presence_id=presence_id,
        refusal=refusal,
    )


def _times(assistance_id: int, task_code: str, *, refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        choice = assisted_cases.times(
            session, clerk=callers.current_clerk(), assistance_id=assistance_id, task_code=task_code
        )
    return pages.page(
        "assist_times.html",
        status=200 if refusal is None else refusal.status,
        choice=choice,
        assistance_id=assistance_id,
        refusal=refusal,
    )
