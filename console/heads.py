"""What waits for the head of a department (负责人批准): longer limits, grants against an objection."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.db import unit_of_work
from app.desk import duties, heads
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.forms import NoticeIn
from console.making import console_door

door = console_door("console_heads")

_DONE = {
    "yes": "已批准，马上生效，理由和您的姓名已告知申请人。",
    "no": "没有批准，经办人会看到，并按原来的情况继续办理。",
}
_MENDABLE = {409, 422}


@door.get("/approvals", auth=Staff(duties.SEEING_APPROVALS), query=NoticeIn)
def approval_list(query: dict[str, str]) -> ResponseReturnValue:
    """Show what waits for the head's yes or no."""
    return _page(notice=_DONE.get(query["done"], ""))


@door.post("/approvals/<int:approval_id>", auth=Staff(duties.HEADING))
def settle_approval(approval_id: int) -> ResponseReturnValue:
    """Say yes or no (批准、不批准)."""
    said = "yes" if request.form.get("approved") == "yes" else "no"
    try:
        with unit_of_work() as session:
            heads.settle(
                session, clerk=callers.current_clerk(), approval_id=approval_id, approved=said == "yes"
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(refusal=refusal)
    return pages.see_other("console_heads.approval_list", done=said)


def _page(*, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        lines = heads.page(session, clerk=callers.current_clerk())
    return pages.page(
        "approvals.html",
        status=200 if refusal is None else refusal.status,
        lines=lines,
        may_settle=bool(callers.current_clerk().roles & duties.HEADING),
        notice=notice,
        refusal=refusal,
    )
