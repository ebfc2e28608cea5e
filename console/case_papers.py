"""A case's papers at the desk (文书、告知记录): open, correct, who was told what, tell once more."""

from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import clock
from app.db import unit_of_work
from app.desk import duties, papers, service
from app.documents import queries as documents
from app.errors import DomainError
from console import callers, oversteps, pages, telling
from console.callers import Staff
from console.forms import NoticeIn
from console.making import console_door
from notifications import resending
from notifications.models import MOST_ROUNDS

door = console_door("console_case_papers")

_DONE = {
    "resent": "短信已经安排补发，发送结果过一会儿刷新可见。",
    "corrected": "新的文书已经出具，并已告知申请人；原来的一份标为已更正。",
}
_MENDABLE = {409, 422}


@door.get("/cases/<case_no>/told", auth=Staff(duties.READING), query=NoticeIn)
def told(case_no: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show who was told what about a case, by which way, and what became of it (告知记录)."""
    return _page(case_no, notice=_DONE.get(query["done"], ""))


@door.get("/cases/<case_no>/documents/<int:document_id>", auth=Staff(duties.READING))
def document(case_no: str, document_id: int) -> ResponseReturnValue:
    """Give the file of a document (打开文书)."""
    with unit_of_work() as session:
        found = papers.open_document(
            session, clerk=callers.current_clerk(), case_no=case_no, document_id=document_id
        )
    response = Response(documents.content(found), mimetype="application/pdf")
    name = quote(documents.file_name(found), safe="")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    return response


@door.post("/cases/<case_no>/documents/<int:document_id>/correct", auth=Staff(duties.DECIDING))
def correct(case_no: str, document_id: int) -> ResponseReturnValue:
    """Replace a document that has a mistake by a new one that names it (更正文书)."""
    try:
        with unit_of_work() as session:
            papers.correct(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                document_id=document_id,
                said=request.form.get("said", ""),
            )
    except DomainError as refusal:
        return _mend(case_no, refusal)
    return pages.see_other("console_case_papers.told", case_no=case_no, done="corrected")


@door.post("/cases/<case_no>/messages/<int:message_id>/resend", auth=Staff(duties.TELLING))
def resend(case_no: str, message_id: int) -> ResponseReturnValue:
    """Have a message leave once more by short message (补发)."""
    clerk = callers.current_clerk()
    try:
        with unit_of_work() as session:
            case = service.case_of(session, clerk, case_no)
            resending.resend(
                session,
                message_id=message_id,
                readers=telling.readers_today(session, case),
                subjects=telling.subjects(session, case),
                by=clerk.name,
            )
            papers.note_resent(session, clerk=clerk, case=case, message_id=message_id)
    except DomainError as refusal:
        return _mend(case_no, refusal)
    return pages.see_other("console_case_papers.told", case_no=case_no, done="resent")


def _mend(case_no: str, refusal: DomainError) -> Response:
    if not oversteps.written_down(case_no, refusal) and refusal.status not in _MENDABLE:
        raise refusal
    return _page(case_no, refusal=refusal)


def _page(case_no: str, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        case = papers.look_at_told(session, clerk=clerk, case_no=case_no)
    # Apart from the look, which was written down and keeps the audit log's other writers waiting.
    with unit_of_work() as session:
        lines = telling.told(session, case)
        listed = documents.of_case(session, case_id=case.id)
    return pages.page(
        "told.html",
        status=200 if refusal is None else refusal.status,
        case=case,
        told=lines,
        papers=listed,
        ways=telling.WAYS,
        sendings=telling.SENDINGS,
        may_tell=bool(clerk.roles & duties.TELLING),
        may_correct=bool(clerk.roles & duties.DECIDING),
        most=MOST_ROUNDS,
        now=clock.now(),
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
