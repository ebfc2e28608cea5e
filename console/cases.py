"""One case at the desk (办件): look, accept, decide, close."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import channels, copies
from app.cases.refusing import REFUSAL_TEXTS
from app.cases.remarks import LONGEST as LONGEST_REMARK
from app.cases.states import State, Step
from app.db import unit_of_work
from app.desk import correcting, duties, oversight, remarks, service, site_visits
from app.desk.errors import DecisionUnsaid
from app.documents import queries as documents
from app.errors import DomainError
from app.materials import queries as materials
from app.review_points.engine import OUTCOME_TEXTS
from console import callers, oversteps, pages, telling
from console.callers import Staff
from console.forms import NoticeIn, PhotoIn
from console.making import console_door

door = console_door("console_cases")

_DONE = {
    "accepted": "已受理。缴费通知和进度会发给申请人。",
    "billed": "收费已确定。要缴费的，通知会发给申请人。",
    "correction": "补正告知已发出，申请人马上收到消息。不会再有第二次告知。",
    "not_accepted": "不予受理决定已作出，原因、依据和救济途径已告知申请人。",
    "decided": "决定已作出，并已告知申请人。",
    "closed": "已办结，辛苦了。",
    "paused": "时限已暂停，并已告知申请人。",
    "resumed": "时限继续计算，新的日期已告知申请人。",
    "asked_head": "已报请负责人批准，批准后时限自动延长，并告知申请人。",
    "asked_grant": "有部门不同意，已报请负责人批准；批准后自动准予，并告知申请人。",
    "taken_back": "已不再征求这个部门的意见，申请人可以看到原因。",
    "explained": "说明已保存，申请人可以看到。",
    "owed_confirmed": "补交的材料已核对符合，并已告知申请人。",
    "owed_sent_back": "已退回重交，原因和新的日期已告知申请人。",
    "remarked": "批注已保存。申请人交来的材料没有变动。",
    "terminated": "已终止办理，原因和依据已告知申请人。",
}
# Mended on the case's own page, with what was typed still there.
_MENDABLE = {409, 422}
_ANSWERS = {"yes": True, "no": False}
_DECIDING = ("reason", "legal_basis", "refused_code")


@door.get("/cases/<case_no>", auth=Staff(duties.READING), query=NoticeIn)
def case(case_no: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show a case with all that hangs on it, and what this clerk may do."""
    return _case_page(case_no, notice=_DONE.get(query["done"], ""))


@door.get("/cases/<case_no>/materials/<material_code>", auth=Staff(duties.READING), query=NoticeIn)
def material(case_no: str, material_code: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show the pages of one material, large, with what clerks wrote beside it."""
    return _material_page(case_no, material_code, notice=_DONE.get(query["done"], ""))


@door.post("/cases/<case_no>/materials/<material_code>/remarks", auth=Staff(remarks.REMARKING))
def remark(case_no: str, material_code: str) -> ResponseReturnValue:
    """Write a remark beside a material, which itself stays as it was handed in (批注)."""
    try:
        with unit_of_work() as session:
            remarks.write(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                material_code=material_code,
                text=request.form.get("remark", ""),
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _material_page(case_no, material_code, refusal=refusal)
    return pages.see_other(
        "console_cases.material", case_no=case_no, material_code=material_code, done="remarked"
    )


@door.get("/cases/<case_no>/photos/<int:photo_id>", auth=Staff(duties.READING), query=PhotoIn)
def photo(case_no: str, photo_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Give one photo: always a JPEG of ours, whatever was uploaded."""
    with unit_of_work() as session:
        found = service.photo(session, clerk=callers.current_clerk(), case_no=case_no, photo_id=photo_id)
    return Response(materials.content(found, thumb=query["size"] == "thumb"), mimetype="image/jpeg")


@door.get("/cases/<case_no>/photos/<int:photo_id>/copy", auth=Staff(duties.READING))
def photo_copy(case_no: str, photo_id: int) -> ResponseReturnValue:
    """Give a copy of one photo to keep or to print, with what it is for across it (带水印的副本)."""
    with unit_of_work() as session:
        found, purpose = service.photo_to_copy(
            session, clerk=callers.current_clerk(), case_no=case_no, photo_id=photo_id
        )
    response = Response(copies.marked(materials.content(found, thumb=False), purpose), mimetype="image/jpeg")
    response.headers["Content-Disposition"] = f'attachment; filename="{case_no}-{found.id}.jpg"'
    return response


@door.post("/cases/<case_no>/accept", auth=Staff(duties.ACCEPTING))
def accept(case_no: str) -> ResponseReturnValue:
    """Accept a case and bill what was chosen (受理)."""
    form = request.form
    try:
        with unit_of_work() as session:
            service.accept(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                fee_codes=form.getlist("fee_code"),
                waived=form.get("waived") == "yes",
            )
    except DomainError as refusal:
        return mend(case_no, refusal)
    return pages.see_other("console_cases.case", case_no=case_no, done="accepted")


@door.post("/cases/<case_no>/bill", auth=Staff(duties.BILLING))
def bill(case_no: str) -> ResponseReturnValue:
    """Bill or waive what a case costs that silence accepted (确定收费)."""
    form = request.form
    try:
        with unit_of_work() as session:
            service.bill(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                fee_codes=form.getlist("fee_code"),
                waived=form.get("waived") == "yes",
            )
    except DomainError as refusal:
        return mend(case_no, refusal)
    return pages.see_other("console_cases.case", case_no=case_no, done="billed")


@door.post("/cases/<case_no>/decide", auth=Staff(duties.DECIDING))
def decide(case_no: str) -> ResponseReturnValue:
    """Grant or refuse with reason and legal basis (作出决定); against an objection the head is asked."""
    form = request.form
    try:
        if form.get("granted") not in _ANSWERS or form.get("checked") != "yes":
            raise DecisionUnsaid
        with unit_of_work() as session:
            decided = service.decide(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                granted=_ANSWERS[form["granted"]],
                said={word: form.get(word, "") for word in _DECIDING},
            )
            done = "decided" if decided.state == State.DECIDED else "asked_grant"
    except DomainError as refusal:
        return mend(case_no, refusal)
    return pages.see_other("console_cases.case", case_no=case_no, done=done)


@door.post("/cases/<case_no>/close", auth=Staff(duties.CLOSING))
def close(case_no: str) -> ResponseReturnValue:
    """Close a decided case (办结)."""
    try:
        with unit_of_work() as session:
            service.close(session, clerk=callers.current_clerk(), case_no=case_no)
    except DomainError as refusal:
        return mend(case_no, refusal)
    return pages.see_other("console_cases.case", case_no=case_no, done="closed")


def mend(case_no: str, refusal: DomainError) -> Response:
    """The case again with what is wrong above it and what was typed still in it; else the refusal's page."""
    if not oversteps.written_down(case_no, refusal) and refusal.status not in _MENDABLE:
        raise refusal
    return _case_page(case_no, refusal=refusal)


def _material_page(
    case_no: str, material_code: str, *, notice: str = "", refusal: DomainError | None = None
) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        found = service.look_at_material(session, clerk=clerk, case_no=case_no, material_code=material_code)
    return pages.page(
        "material.html",
        status=200 if refusal is None else refusal.status,
        case=found.overview.case,
        material=found.material,
        remarks=found.remarks,
        may_remark=found.taken_in and bool(clerk.roles & remarks.REMARKING),
        longest=LONGEST_REMARK,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )


def _case_page(case_no: str, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        seen = service.look_at(session, clerk=callers.current_clerk(), case_no=case_no)
    # Apart from the look, which was written down and keeps the audit log's other writers waiting.
    with unit_of_work() as session:
        case = seen.overview.case
        told = telling.told(session, case)
        papers = documents.of_case(session, case_id=case.id)
        changes = correcting.changes(session, seen.overview)
        visits = site_visits.of_case(session, case_id=case.id)
        overseen = oversight.of_case(session, clerk=callers.current_clerk(), case_id=case.id)
        found = oversight.found_of(session, clerk=callers.current_clerk(), case_id=case.id)
        may_go = site_visits.may_plan(session, clerk=callers.current_clerk(), case=case)
    return pages.page(
        "case.html",
        status=200 if refusal is None else refusal.status,
        seen=seen,
        told=told,
        changes=changes,
        papers=papers,
        visits=visits,
        may_go=may_go,
        overseen=overseen,
        found=found,
        ways=telling.WAYS,
        sendings=telling.SENDINGS,
        outcomes=OUTCOME_TEXTS,
        refusals=REFUSAL_TEXTS,
        channels={channel.value: words for channel, words in channels.TEXTS.items()},
        case=seen.overview.case,
        steps=Step,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
