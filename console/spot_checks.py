"""Cases that the machine decided and a person looks at again (秒批抽查)."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import settings
from app.db import unit_of_work
from app.desk import spot_checks
from app.errors import DomainError
from app.spot_checks import queries
from app.spot_checks.errors import FindingMissing
from app.spot_checks.models import Following, Outcome
from app.spot_checks.service import LONGEST
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_spot_checks")

_DONE = {
    "right": "已记下：正确。",
    "wrong": "已记下：有误。这件等待人工依法处理，办理结果没有变动。",
    "stopped": "已记下：有误。有误的比例超过上限，这个事项的机器审查已自动停用。",
    "followed": "已记下处理结果。",
}
_MENDABLE = {403, 404, 409, 422}


class ChecksIn(Schema):
    """Which part of the list."""

    after = Cursor(load_default=None, validate=validate.Range(1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/instant/checks", auth=Staff(spot_checks.READING), query=ChecksIn)
def check_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the department's drawn cases that are to be looked at, or wrong and not settled."""
    return _page(after=query["after"], notice=_DONE.get(query["done"], ""))


@door.post("/instant/checks/<int:check_id>/finding", auth=Staff(spot_checks.FINDING))
def say_finding(check_id: int) -> ResponseReturnValue:
    """Say whether the machine was right (抽查结论)."""

    def act() -> str:
        said = request.form.get("outcome", "")
        if said not in set(Outcome):
            raise FindingMissing
        with unit_of_work() as session:
            stopped = spot_checks.find(
                session,
                clerk=callers.current_clerk(),
                check_id=check_id,
                outcome=Outcome(said),
                finding=request.form.get("finding", ""),
            )
        return "stopped" if stopped else said

    return _done(act, check_id)


@door.post("/instant/checks/<int:check_id>/following", auth=Staff(spot_checks.READING))
def settle_following(check_id: int) -> ResponseReturnValue:
    """Write down what follows from a wrong decision (后续处理)."""

    def act() -> str:
        said = request.form.get("what", "")
        if said not in set(Following):
            raise FindingMissing
        with unit_of_work() as session:
            spot_checks.follow(
                session,
                clerk=callers.current_clerk(),
                check_id=check_id,
                what=Following(said),
                note=request.form.get("note", ""),
            )
        return "followed"

    return _done(act, check_id)


def _done(act: Callable[[], str], check_id: int) -> ResponseReturnValue:
    try:
        done = act()
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(refusal=refusal, refused=check_id)
    return pages.see_other("console_spot_checks.check_list", done=done)


def _page(
    *,
    after: int | None = None,
    notice: str = "",
    refusal: DomainError | None = None,
    refused: int | None = None,
) -> Response:
    """`refused` is the check whose form was not taken; what was typed stays there."""
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        lines, following = spot_checks.page(session, clerk=clerk, after=after)
        numbers = queries.lately(session)
    return pages.page(
        "spot_checks.html",
        status=200 if refusal is None else refusal.status,
        lines=lines,
        numbers=numbers,
        days=queries.COUNTS_FOR.days,
        percent=settings.current().spot_check_percent,
        limit=settings.current().spot_check_wrong_percent,
        following=None if following is None else paging.encode(following),
        further=after is not None,
        may_find=bool(clerk.roles & spot_checks.FINDING),
        names=spot_checks.FOLLOWING_NAMES,
        longest=LONGEST,
        notice=notice,
        refusal=refusal,
        refused=refused,
        typed=request.form,
    )
