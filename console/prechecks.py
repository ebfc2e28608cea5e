"""A look before the way to the window, at the desk (网上预审)."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import copies
from app.cases import correction_points
from app.cases.correction_errors import BeyondGuide, PaperAskedAgain
from app.cases.correction_points import Kind
from app.cases.precheck_errors import NamedTooLate, VisitorUnauthorised
from app.cases.precheck_models import PrecheckState
from app.db import unit_of_work
from app.desk import duties, prechecks
from app.desk.prechecks import Fees
from app.errors import DomainError
from app.materials import queries as materials
from app.prechecks.answering import LONGEST_REASON
from console import callers, corrections, forms, pages
from console.callers import Staff
from console.forms import PhotoIn, PrecheckIn, PrechecksIn
from console.making import console_door

door = console_door("console_prechecks")

_DONE = {
    "passed": "预审已通过，申请人马上收到消息和到窗码。",
    "to_mend": "修改意见已发出，申请人马上收到消息。",
}
# What may not be asked for is written down, whoever tries.
_OVERSTEPS = (BeyondGuide, NamedTooLate, PaperAskedAgain)
_MENDABLE = {403, 409, 422}


@door.get("/prechecks", auth=Staff(duties.READING), query=PrechecksIn)
def waiting(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the drafts that wait for an answer, the first due first."""
    after = forms.day_mark(query["after"])
    with unit_of_work() as session:
        lines, following = prechecks.page(session, clerk=callers.current_clerk(), after=after)
    return pages.page(
        "prechecks.html",
        lines=lines,
        after=query["after"],
        following=forms.written(following),
        notice=_DONE.get(query["done"], ""),
    )


@door.get("/prechecks/<int:precheck_id>", auth=Staff(duties.READING), query=PrecheckIn)
def precheck(precheck_id: int, query: dict[str, Any]) -> ResponseReturnValue:
    """Show a draft as it was asked for, or, at the window, as it has passed."""
    return _page(precheck_id, visitor_id=query["by"], notice=_DONE.get(query["done"], ""))


@door.get("/prechecks/<int:precheck_id>/photos/<int:photo_id>", auth=Staff(duties.READING), query=PhotoIn)
def photo(precheck_id: int, photo_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Give one page of a draft with what it is for across it (用途水印)."""
    with unit_of_work() as session:
        found, purpose = prechecks.photo(
            session, clerk=callers.current_clerk(), precheck_id=precheck_id, photo_id=photo_id
        )
    content = materials.content(found, thumb=query["size"] == "thumb")
    return Response(copies.marked(content, purpose), mimetype="image/jpeg")


@door.post("/prechecks/<int:precheck_id>/pass", auth=Staff(duties.CORRECTING))
def pass_(precheck_id: int) -> ResponseReturnValue:
    """Pass a draft as it is (预审通过)."""
    try:
        with unit_of_work() as session:
            prechecks.pass_(session, clerk=callers.current_clerk(), precheck_id=precheck_id)
    except DomainError as refusal:
        return _mend(precheck_id, refusal)
    return pages.see_other("console_prechecks.waiting", done="passed")


@door.post("/prechecks/<int:precheck_id>/points", auth=Staff(duties.CORRECTING))
def mend(precheck_id: int) -> ResponseReturnValue:
    """Say all that is to be mended (需要修改)."""
    try:
        with unit_of_work() as session:
            prechecks.mend(
                session,
                clerk=callers.current_clerk(),
                precheck_id=precheck_id,
                points=corrections.ticked(),
                late_reason=request.form.get("late_reason", ""),
            )
    except DomainError as refusal:
        return _mend(precheck_id, refusal)
    return pages.see_other("console_prechecks.waiting", done="to_mend")


@door.post("/prechecks/<int:precheck_id>/accept", auth=Staff(duties.ACCEPTING))
def accept(precheck_id: int) -> ResponseReturnValue:
    """Compare the originals and accept in one go (核对原件并受理)."""
    form = request.form
    fees = Fees(form.getlist("fee_code"), form.get("waived") == "yes")
    try:
        with unit_of_work() as session:
            case_no = prechecks.accept(
                session,
                clerk=callers.current_clerk(),
                precheck_id=precheck_id,
                visitor_id=_visitor(),
                compared=form.getlist("compared"),
                fees=fees,
            ).case_no
    except DomainError as refusal:
        return _mend(precheck_id, refusal)
    return pages.see_other("console_cases.case", case_no=case_no, done="accepted")


@door.post("/prechecks/<int:precheck_id>/differ", auth=Staff(duties.CORRECTING))
def differ(precheck_id: int) -> ResponseReturnValue:
    """Say which originals are not as photographed, in the one notice (原件不一致)."""
    form = request.form
    found = {code: form.get(f"differs:{code}", "") for code in form.getlist("differs")}
    try:
        with unit_of_work() as session:
            clerk = callers.current_clerk()
            case_no = prechecks.differ(
                session, clerk=clerk, precheck_id=precheck_id, visitor_id=_visitor(), found=found
            ).case_no
    except DomainError as refusal:
        return _mend(precheck_id, refusal)
    return pages.see_other("console_cases.case", case_no=case_no, done="correction")


def _mend(precheck_id: int, refusal: DomainError) -> Response:
    """The page again with what is wrong above it; what may not be asked for is written down."""
    if isinstance(refusal, _OVERSTEPS):
        with unit_of_work() as session:
            clerk = callers.current_clerk()
            prechecks.note_refusal(session, clerk=clerk, precheck_id=precheck_id, code=refusal.code)
    elif refusal.status not in _MENDABLE:
        raise refusal
    if isinstance(refusal, VisitorUnauthorised):
        raise refusal
    return _page(precheck_id, visitor_id=_visitor(), refusal=refusal)


def _visitor() -> int | None:
    """Who came with the visit code, as the page says that the form stood on; None: the applicant.

    Raises ValidationError: what cannot be read is nobody, and not the applicant.
    """
    said = request.form.get("by", "")
    visitor: int | None = PrecheckIn().load({"by": said})["by"] if said else None
    return visitor


def _page(
    precheck_id: int,
    *,
    visitor_id: int | None = None,
    notice: str = "",
    refusal: DomainError | None = None,
) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        seen = prechecks.look_at(session, clerk=clerk, precheck_id=precheck_id, visitor_id=visitor_id)
    return pages.page(
        "precheck.html",
        status=200 if refusal is None else refusal.status,
        seen=seen,
        by=visitor_id or "",
        row=seen.row,
        case=seen.case,
        states=PrecheckState,
        may_answer=bool(clerk.roles & duties.CORRECTING),
        may_accept=bool(clerk.roles & duties.ACCEPTING),
        kinds=Kind,
        reasons=correction_points.REASONS,
        reason_texts=correction_points.REASON_TEXTS,
        of_passed=(),
        passed=(),
        late=seen.late,
        longest_reason=LONGEST_REASON,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
