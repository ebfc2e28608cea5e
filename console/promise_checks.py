"""Promises that are looked into after the decision (承诺核查): the list, the finding, what follows."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import Session, unit_of_work
from app.desk import promise_checks
from app.errors import DomainError
from app.promise_checks.errors import EvidenceMissing, SettlementUnfounded
from app.promise_checks.models import TEXTS, CheckState
from app.promise_checks.service import LONGEST, Settlement
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from web import paging
from web.paging import Cursor

door = console_door("console_promise_checks")

_DONE = {
    "found": "核查结论已记下。不实的已告知申请人，可以陈述申辩。",
    "settled": "处理结果已记下，并已告知申请人。",
}
_MENDABLE = {403, 409, 422}
_ANSWERS = {"yes": True, "no": False}
_OUTCOMES = {
    CheckState.CLEARED.value: "申辩成立，撤销记录",
    CheckState.CORRECTED.value: "不实，责令改正",
    CheckState.REVOKED.value: "不实，撤销决定",
}


class ChecksIn(Schema):
    """Which part of the list."""

    after = Cursor(load_default=None, validate=validate.Range(1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


@door.get("/promise-checks", auth=Staff(promise_checks.READING), query=ChecksIn)
def check_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the department's promises that are to be looked into, or broken and not settled."""
    return _page(after=query["after"], notice=_DONE.get(query["done"], ""))


@door.post("/promise-checks/<int:check_id>/finding", auth=Staff(promise_checks.FINDING))
def say_finding(check_id: int) -> ResponseReturnValue:
    """Say whether a promise was kept, with what was seen (核查结论)."""

    def act(session: Session) -> None:
        said = request.form.get("met", "")
        if said not in _ANSWERS:
            raise EvidenceMissing
        promise_checks.find(
            session,
            clerk=callers.current_clerk(),
            check_id=check_id,
            met=_ANSWERS[said],
            evidence=request.form.get("evidence", ""),
        )

    return _done(act, check_id, done="found")


@door.post("/promise-checks/<int:check_id>/settlement", auth=Staff(promise_checks.SETTLING))
def settle(check_id: int) -> ResponseReturnValue:
    """Settle what follows from a broken promise (处理)."""

    def act(session: Session) -> None:
        form = request.form
        if form.get("to") not in _OUTCOMES:
            raise SettlementUnfounded
        promise_checks.settle(
            session,
            clerk=callers.current_clerk(),
            check_id=check_id,
            settlement=Settlement(
                CheckState(form["to"]), form.get("reason", ""), form.get("legal_basis", "")
            ),
        )

    return _done(act, check_id, done="settled")


def _done(act: Callable[[Session], None], check_id: int, *, done: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            act(session)
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(refusal=refusal, refused=check_id)
    return pages.see_other("console_promise_checks.check_list", done=done)


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
        lines, following = promise_checks.page(session, clerk=clerk, after=after)
    return pages.page(
        "promise_checks.html",
        status=200 if refusal is None else refusal.status,
        lines=lines,
        following=None if following is None else paging.encode(following),
        further=after is not None,
        may_find=bool(clerk.roles & promise_checks.FINDING),
        may_settle=bool(clerk.roles & promise_checks.SETTLING),
        clerk_id=clerk.clerk_id,
        texts=TEXTS,
        outcomes=_OUTCOMES,
        longest=LONGEST,
        notice=notice,
        refusal=refusal,
        refused=refused,
        typed=request.form,
    )
