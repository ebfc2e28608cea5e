"""Blank forms and samples of a draft (草稿的空白表和样本): put, take away, look at."""

from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.db import unit_of_work
from app.desk import draft_files, drafting
from app.errors import DomainError
from app.papers import checking
from app.papers import queries as papers
from app.papers import service as papers_service
from app.publishing import queries
from console import callers, pages
from console.callers import Staff
from console.forms import NoticeIn
from console.making import console_door
from console.uploads import NoFile

door = console_door("console_draft_files")

DRAFTING = Staff(drafting.DRAFTING)
_UPLOAD_LIMIT = checking.MAX_BYTES + 64 * 1024
_MEGABYTE = 1024 * 1024
_MENDABLE = {403, 409, 413, 422}
_DONE = {"put": "文件已放进草稿。", "taken": "已从草稿里拿掉。"}


@door.get("/drafts/<int:draft_id>/files", auth=DRAFTING, query=NoticeIn)
def files(draft_id: int, query: dict[str, str]) -> ResponseReturnValue:
    """Show the files of a draft, material by material."""
    return _page(draft_id, notice=_DONE.get(query["done"], ""))


@door.post("/drafts/<int:draft_id>/files", auth=DRAFTING, limit=_UPLOAD_LIMIT)
def put(draft_id: int) -> ResponseReturnValue:
    """Put a file into a place of the draft, or take away what lies there."""
    clerk, form = callers.current_clerk(), request.form
    place = {"material_code": form.get("material_code", ""), "field": form.get("field", "")}
    try:
        with unit_of_work() as session:
            queries.draft(session, author=drafting.author(clerk), draft_id=draft_id)
        sha256 = None if form.get("take") else _kept(clerk.clerk_id)
        with unit_of_work() as session:
            draft_files.put(session, clerk=clerk, draft_id=draft_id, sha256=sha256, **place)
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(draft_id, refusal=refusal)
    done = "taken" if sha256 is None else "put"
    return pages.see_other("console_draft_files.files", draft_id=draft_id, done=done)


@door.get("/drafts/<int:draft_id>/files/<sha256>", auth=DRAFTING)
def file(draft_id: int, sha256: str) -> ResponseReturnValue:
    """Give a file of the draft, to be saved and never shown as a page."""
    with unit_of_work() as session:
        clerk = callers.current_clerk()
        paper = draft_files.one(session, clerk=clerk, draft_id=draft_id, sha256=sha256)
    response = Response(papers.content(paper), mimetype=paper.media_type)
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(paper.file_name, safe='')}"
    )
    return response


def _kept(clerk_id: int) -> str:
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        raise NoFile
    content = uploaded.read(checking.MAX_BYTES + 1)
    return papers_service.keep(content, uploaded.filename, clerk_id).sha256


def _page(draft_id: int, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        author = drafting.author(callers.current_clerk())
        draft = queries.draft(session, author=author, draft_id=draft_id)
        return pages.page(
            "draft_files.html",
            status=200 if refusal is None else refusal.status,
            draft=draft,
            slots=draft_files.slots(session, draft.body),
            notice=notice,
            refusal=refusal,
            states={state.value: text for state, text in queries.STATE_TEXTS.items()},
            largest=checking.MAX_BYTES // _MEGABYTE,
        )
