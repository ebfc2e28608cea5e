"""A draft that one fills in for the citizen one sits beside (帮办填表、拍材料)."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.db import unit_of_work
from app.desk import assisted_cases
from app.errors import DomainError
from app.materials import photos
from app.materials import queries as materials
from app.materials import service as material_service
from console import callers, pages
from console.assistance import HELPING, MENDABLE
from console.forms import NoticeIn, PhotoIn
from console.making import console_door
from console.uploads import NoFile

door = console_door("console_assisted_cases")

_CASE = "/assistance/<int:assistance_id>/cases/<case_no>"
_PHOTOS = f"{_CASE}/materials/<material_code>/photos"
_UPLOAD_LIMIT = photos.MAX_BYTES + 64 * 1024
_FIELD, _WAS = "f.", "was."
_DONE = {
    "saved": "已保存。请念给市民听，再请市民自己看一遍。",
    "photo": "照片已加上。",
    "removed": "照片已删掉。",
    "moved": "顺序已调整。",
}


@door.get(_CASE, auth=HELPING, query=NoticeIn)
def draft(assistance_id: int, case_no: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show the form and the photos of a draft."""
    return _draft(assistance_id, case_no, notice=_DONE.get(query["done"], ""))


@door.post(_CASE, auth=HELPING)
def save(assistance_id: int, case_no: str) -> ResponseReturnValue:
    """Keep the form (保存表单)."""
    changes = _changes(request.form)
    try:
        with unit_of_work() as session:
            assisted_cases.save_form(
                session,
                clerk=callers.current_clerk(),
                assistance_id=assistance_id,
                case_no=case_no,
                changes=changes,
            )
    except DomainError as refusal:
        return _mend(assistance_id, case_no, refusal, typed=changes)
    return _back(assistance_id, case_no, "saved")


@door.post(
    _PHOTOS,
    auth=HELPING,
    limit=_UPLOAD_LIMIT,
)
def add_photo(assistance_id: int, case_no: str, material_code: str) -> ResponseReturnValue:
    """Add a photo of a material (拍材料); decoded and stored outside a unit of work."""
    where = _where(assistance_id, case_no, material_code)
    try:
        uploaded = request.files.get("file")
        if uploaded is None or not uploaded.filename:
            raise NoFile
        with unit_of_work() as session:
            key = assisted_cases.expect_photo(session, **where)
        prepared = photos.prepare(uploaded.read(photos.MAX_BYTES + 1))
        material_service.store(key, prepared)
        with unit_of_work() as session:
            assisted_cases.add_photo(session, **where, key=key, prepared=prepared)
    except DomainError as refusal:
        return _mend(assistance_id, case_no, refusal)
    return _back(assistance_id, case_no, "photo")


@door.get(
    f"{_PHOTOS}/<int:photo_id>",
    auth=HELPING,
    query=PhotoIn,
)
def photo(
    assistance_id: int, case_no: str, material_code: str, *, photo_id: int, query: dict[str, str]
) -> ResponseReturnValue:
    """Give one page of a draft."""
    with unit_of_work() as session:
        found = assisted_cases.photo(
            session, **_where(assistance_id, case_no, material_code), photo_id=photo_id
        )
    return Response(materials.content(found, thumb=query["size"] == "thumb"), mimetype="image/jpeg")


@door.post(
    f"{_PHOTOS}/<int:photo_id>/remove",
    auth=HELPING,
)
def remove_photo(
    assistance_id: int, case_no: str, material_code: str, *, photo_id: int
) -> ResponseReturnValue:
    """Take a page out (删照片)."""
    with unit_of_work() as session:
        assisted_cases.remove_photo(
            session, **_where(assistance_id, case_no, material_code), photo_id=photo_id
        )
    return _back(assistance_id, case_no, "removed")


@door.post(
    f"{_PHOTOS}/<int:photo_id>/forward",
    auth=HELPING,
)
def move_photo(assistance_id: int, case_no: str, material_code: str, *, photo_id: int) -> ResponseReturnValue:
    """Put a page before the one ahead of it (往前放)."""
    with unit_of_work() as session:
        assisted_cases.put_forward(
            session, **_where(assistance_id, case_no, material_code), photo_id=photo_id
        )
    return _back(assistance_id, case_no, "moved")


def _changes(form: Mapping[str, str]) -> dict[str, str]:
    """What the clerk changed on their page: what the citizen wrote meanwhile on the phone stays."""
    typed = {key.removeprefix(_FIELD): value for key, value in form.items() if key.startswith(_FIELD)}
    return {
        key: value
        for key, value in typed.items()
        if value.splitlines() != form.get(f"{_WAS}{key}", "").splitlines()
    }


def _where(assistance_id: int, case_no: str, material_code: str) -> dict[str, Any]:
    return {
        "clerk": callers.current_clerk(),
        "assistance_id": assistance_id,
        "case_no": case_no,
        "material_code": material_code,
    }


def _back(assistance_id: int, case_no: str, done: str) -> Response:
    return pages.see_other(
        "console_assisted_cases.draft", assistance_id=assistance_id, case_no=case_no, done=done
    )


def _mend(
    assistance_id: int, case_no: str, refusal: DomainError, *, typed: dict[str, str] | None = None
) -> Response:
    """The draft once more, with what was refused."""
    if refusal.status not in MENDABLE:
        raise refusal
    return _draft(assistance_id, case_no, refusal=refusal, typed=typed or {})


def _draft(
    assistance_id: int,
    case_no: str,
    *,
    notice: str = "",
    refusal: DomainError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    with unit_of_work() as session:
        found = assisted_cases.draft(
            session, clerk=callers.current_clerk(), assistance_id=assistance_id, case_no=case_no
        )
    return pages.page(
        "assist_draft.html",
        status=200 if refusal is None else refusal.status,
        draft=found,
        assistance_id=assistance_id,
        typed=typed or {},
        largest=photos.MAX_BYTES // (1024 * 1024),
        notice=notice,
        refusal=refusal,
    )
