"""Guides from and to Excel (指南表格)."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.catalogue import sheet_guard
from app.db import unit_of_work
from app.desk import draft_sheets, drafting
from app.desk.draft_sheets import Imported
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.making import console_door
from console.uploads import NoFile

door = console_door("console_draft_sheets")

DRAFTING = Staff(drafting.DRAFTING)
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UPLOAD_LIMIT = sheet_guard.LARGEST_FILE + 64 * 1024
_MEGABYTE = 1024 * 1024


@door.get("/drafts/import", auth=DRAFTING)
def import_page() -> ResponseReturnValue:
    """Show how guides are brought in from Excel."""
    return _page()


@door.post("/drafts/import", auth=DRAFTING, limit=_UPLOAD_LIMIT)
def take_in() -> ResponseReturnValue:
    """Check a workbook and begin drafts of what it changes; a file with a fault changes nothing."""
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        return _page(refusal=NoFile())
    reading = draft_sheets.read(uploaded.read(sheet_guard.LARGEST_FILE + 1))
    with unit_of_work() as session:
        done = draft_sheets.take_in(session, clerk=callers.current_clerk(), reading=reading)
        return _page(done=done, file_name=uploaded.filename)


@door.get("/drafts/template.xlsx", auth=DRAFTING)
def template() -> ResponseReturnValue:
    """Give an empty workbook."""
    return _workbook(draft_sheets.template(), name="items-template.xlsx")


@door.get("/drafts/items.xlsx", auth=DRAFTING)
def items() -> ResponseReturnValue:
    """Give the guides in force of the clerk's department."""
    with unit_of_work() as session:
        content = draft_sheets.of_items(session, clerk=callers.current_clerk())
    return _workbook(content, name="items.xlsx")


def _workbook(content: bytes, *, name: str) -> Response:
    response = Response(content, mimetype=_WORKBOOK)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(
    *, done: Imported | None = None, file_name: str = "", refusal: DomainError | None = None
) -> Response:
    refused = refusal is not None or (done is not None and done.faults)
    return pages.page(
        "draft_import.html",
        status=422 if refused else 200,
        done=done,
        file_name=file_name,
        refusal=refusal,
        largest=sheet_guard.LARGEST_FILE // _MEGABYTE,
    )
