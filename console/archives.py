"""Packages of closed cases (归档): packed, handed over, received, or not and why; one is looked through."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.archives import checking
from app.archives.errors import ArchiveDamaged
from app.archives.models import TransferState
from app.db import unit_of_work
from app.desk import archives, duties
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_archives")

_DONE = {"again": "已登记重新移交，系统会马上再交给档案系统。"}
_CONFLICT = 409
_VIEWS = [state.value for state in archives.VIEWS]


class ListIn(Schema):
    """Which part of the page, from where, and what was just done."""

    view = fields.String(load_default=_VIEWS[0], validate=validate.OneOf(_VIEWS))
    after = Cursor(load_default=None, validate=validate.Range(1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/archives", auth=Staff(duties.READING), query=ListIn)
def archive_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the packages of closed cases, one kind at a time, the newest first."""
    return _page(view=TransferState(query["view"]), after=query["after"], notice=_DONE.get(query["done"], ""))


@door.post("/archives/<int:archive_id>/check", auth=Staff(duties.READING))
def check(archive_id: int) -> ResponseReturnValue:
    """Look through a package: is every file what it was (核验完整性)."""
    with unit_of_work() as session:
        archive = archives.to_check(session, clerk=callers.current_clerk(), archive_id=archive_id)
    if checking.fault_of(archive) is not None:
        return _page(view=_looked_at(), refusal=ArchiveDamaged())
    digest = archive.sha256.hex()
    return _page(
        view=_looked_at(),
        notice=f"{archive.archive_no}：{archive.files}个文件都和归档时一致，校验值 {digest[:16]}…",
    )


@door.post("/archives/<int:archive_id>/again", auth=Staff(duties.CLOSING))
def again(archive_id: int) -> ResponseReturnValue:
    """Hand over once more what was not taken (重新移交)."""
    try:
        with unit_of_work() as session:
            archives.again(session, clerk=callers.current_clerk(), archive_id=archive_id)
    except DomainError as refusal:
        if refusal.status != _CONFLICT:
            raise
        return _page(view=TransferState.REFUSED, refusal=refusal)
    return pages.see_other("console_archives.archive_list", view=TransferState.WAITING.value, done="again")


def _looked_at() -> TransferState:
    """The part of the page from which somebody asked."""
    view = request.form.get("view", "")
    return TransferState(view if view in _VIEWS else _VIEWS[0])


def _page(
    *, view: TransferState, after: int | None = None, notice: str = "", refusal: DomainError | None = None
) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        lines, following = archives.page(session, clerk=clerk, view=view, after=after)
        counts = archives.counts(session, clerk=clerk)
        unpacked = archives.unpacked(session, clerk=clerk)
        stuck = archives.stuck(session, clerk=clerk)
    return pages.page(
        "archives.html",
        status=200 if refusal is None else refusal.status,
        view=view,
        views={state: (words,) for state, words in archives.VIEWS.items()},
        counts={state.value: number for state, number in counts.items()},
        lines=lines,
        unpacked=unpacked,
        stuck=stuck,
        may_hand_over=bool(clerk.roles & duties.CLOSING),
        following=None if following is None else paging.encode(following),
        further=after is not None,
        notice=notice,
        refusal=refusal,
    )
