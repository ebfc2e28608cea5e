"""What the machine decides at once, and the switch that stops it (秒批)."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.cases.machine_stops import LONGEST_REASON
from app.db import unit_of_work
from app.desk import machine
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_instant")

_DONE = {"stopped": "已停用，此后提交的由工作人员审查。", "going": "已恢复，此后提交的由机器审查。"}
_MENDABLE = {404, 409, 422}
_LONGEST_CODE = 33


class InstantIn(Schema):
    """Which part of the list."""

    after = Cursor(load_default=None, validate=validate.Range(1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/instant", auth=Staff(machine.READING), query=InstantIn)
def instant_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the department's instant items, and where the machine is stopped."""
    return _page(after=query["after"], notice=_DONE.get(query["done"], ""))


@door.post("/instant/stop", auth=Staff(machine.STOPPING))
def stop_machine() -> ResponseReturnValue:
    """Stop the machine for an item or for the city (停用)."""

    def act() -> None:
        reason = request.form.get("reason", "")
        with unit_of_work() as session:
            machine.stop(session, clerk=callers.current_clerk(), task_code=_task_code(), reason=reason)

    return _done(act, done="stopped")


@door.post("/instant/go-on", auth=Staff(machine.STOPPING))
def start_machine() -> ResponseReturnValue:
    """Let the machine decide again (恢复)."""

    def act() -> None:
        with unit_of_work() as session:
            machine.go_on(session, clerk=callers.current_clerk(), task_code=_task_code())

    return _done(act, done="going")


def _task_code() -> str:
    """The item that was named; an empty code is the whole city."""
    return "".join(filter(str.isprintable, request.form.get("task_code", "")))[:_LONGEST_CODE]


def _done(act: Callable[[], None], *, done: str) -> ResponseReturnValue:
    try:
        act()
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(refusal=refusal)
    return pages.see_other("console_instant.instant_list", done=done)


def _page(*, after: int | None = None, notice: str = "", refusal: DomainError | None = None) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        lines, following, city = machine.page(session, clerk=clerk, after=after)
    return pages.page(
        "instant.html",
        status=200 if refusal is None else refusal.status,
        lines=lines,
        everywhere=city,
        following=None if following is None else paging.encode(following),
        further=after is not None,
        may_stop=bool(clerk.roles & machine.STOPPING),
        longest=LONGEST_REASON,
        notice=notice,
        refusal=refusal,
    )
