"""A draft that one fills in for the citizen one sits beside (帮办填表、拍材料)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
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
# A page has a photo of each material: a few that are too large are refused by themselves, with all else kept.
_UPLOAD_LIMIT = 4 * photos.MAX_BYTES
_FIELD, _WAS, _FILE = "f.", "was.", "file."
_DONE = {
    "saved": "已保存。请念给市民听，再请市民自己看一遍。",
    "photo": "照片已加上，填的内容也保存了。",
    "removed": "照片已删掉，填的内容也保存了。",
    "moved": "顺序已调整，填的内容也保存了。",
}


@door.get(_CASE, auth=HELPING, query=NoticeIn)
def draft(assistance_id: int, case_no: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show the form and the photos of a draft."""
    return _draft(assistance_id, case_no, notice=_DONE.get(query["done"], ""))


@door.post(_CASE, auth=HELPING, limit=_UPLOAD_LIMIT)
def save(assistance_id: int, case_no: str) -> ResponseReturnValue:
    """Keep the form and the photos that were chosen (保存)."""
    return _kept(assistance_id, case_no, done="saved")


@door.post(_PHOTOS, auth=HELPING, limit=_UPLOAD_LIMIT)
def add_photo(assistance_id: int, case_no: str, material_code: str) -> ResponseReturnValue:
    """Add a photo of a material, and keep what else stands on the page (拍材料)."""

    def chosen() -> None:
        if not _chosen(material_code):
            raise NoFile

    return _kept(assistance_id, case_no, done="photo", then=chosen)


@door.get(
    f"{_PHOTOS}/<int:photo_id>",
    auth=HELPING,
    query=PhotoIn,
)
def photo(
    assistance_id: int, case_no: str, material_code: str, *, photo_id: int, query: dict[str, str]
) -> ResponseReturnValue:
    """Give one page of a draft; only into its page, so that no tab of its own keeps it after the end."""
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return pages.see_other("console_assisted_cases.draft", assistance_id=assistance_id, case_no=case_no)
    with unit_of_work() as session:
        found = assisted_cases.photo(
            session, **_where(assistance_id, case_no, material_code), photo_id=photo_id
        )
    return Response(materials.content(found, thumb=query["size"] == "thumb"), mimetype="image/jpeg")


@door.post(f"{_PHOTOS}/<int:photo_id>/remove", auth=HELPING, limit=_UPLOAD_LIMIT)
def remove_photo(
    assistance_id: int, case_no: str, material_code: str, *, photo_id: int
) -> ResponseReturnValue:
    """Take a page out, and keep what else stands on the page (删照片)."""

    def remove() -> None:
        with unit_of_work() as session:
            assisted_cases.remove_photo(
                session, **_where(assistance_id, case_no, material_code), photo_id=photo_id
            )

    return _kept(assistance_id, case_no, done="removed", then=remove)


@door.post(f"{_PHOTOS}/<int:photo_id>/forward", auth=HELPING, limit=_UPLOAD_LIMIT)
def move_photo(assistance_id: int, case_no: str, material_code: str, *, photo_id: int) -> ResponseReturnValue:
    """Put a page before the one ahead of it, and keep what else stands on the page (往前放)."""

    def forward() -> None:
        with unit_of_work() as session:
            assisted_cases.put_forward(
                session, **_where(assistance_id, case_no, material_code), photo_id=photo_id
            )

    return _kept(assistance_id, case_no, done="moved", then=forward)


def _kept(
    assistance_id: int, case_no: str, *, done: str, then: Callable[[], None] | None = None
) -> ResponseReturnValue:
    """Keep everything that the page was sent with, then do what was pressed; what is refused stops no other.

    Each is kept by itself: a photo that cannot be read costs nobody what they typed, and the other way round.
    """
    changes, refusals = _changes(request.form), list[DomainError]()
    chosen = [code for name in request.files if _chosen(code := name.removeprefix(_FILE))]
    steps: list[Callable[[], None]] = [partial(_add_photo, assistance_id, case_no, code) for code in chosen]
    if changes or not (steps or then):
        steps.insert(0, partial(_save_form, assistance_id, case_no, changes))
    if then is not None:
        steps.append(then)
    for step in steps:
        try:
            step()
        except DomainError as refusal:
            if refusal.status not in MENDABLE:
                raise
            refusals.append(refusal)
    if refusals:
        return _draft(assistance_id, case_no, refusals=refusals, typed=changes)
    if "back" in request.form:
        return pages.see_other("console_assistance.table", assistance_id=assistance_id, done=done)
    return pages.see_other(
        "console_assisted_cases.draft", assistance_id=assistance_id, case_no=case_no, done=done
    )


def _save_form(assistance_id: int, case_no: str, changes: Mapping[str, str]) -> None:
    with unit_of_work() as session:
        assisted_cases.save_form(
            session,
            clerk=callers.current_clerk(),
            assistance_id=assistance_id,
            case_no=case_no,
            changes=changes,
        )


def _add_photo(assistance_id: int, case_no: str, material_code: str) -> None:
    """Decoded and stored outside a unit of work."""
    where = _where(assistance_id, case_no, material_code)
    with unit_of_work() as session:
        key = assisted_cases.expect_photo(session, **where)
    prepared = photos.prepare(request.files[f"{_FILE}{material_code}"].read(photos.MAX_BYTES + 1))
    material_service.store(key, prepared)
    with unit_of_work() as session:
        assisted_cases.add_photo(session, **where, key=key, prepared=prepared)


def _chosen(material_code: str) -> bool:
    """Whether a photo of a material was chosen; browsers send the fields that were left alone, too."""
    uploaded = request.files.get(f"{_FILE}{material_code}")
    return uploaded is not None and bool(uploaded.filename)


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


def _draft(
    assistance_id: int,
    case_no: str,
    *,
    notice: str = "",
    refusals: Sequence[DomainError] = (),
    typed: Mapping[str, str] | None = None,
) -> Response:
    with unit_of_work() as session:
        found = assisted_cases.draft(
            session, clerk=callers.current_clerk(), assistance_id=assistance_id, case_no=case_no
        )
    return pages.page(
        "assist_draft.html",
        status=refusals[0].status if refusals else 200,
        draft=found,
        assistance_id=assistance_id,
        typed=typed or {},
        largest=photos.MAX_BYTES // (1024 * 1024),
        notice=notice,
        refusals=refusals,
        wrong={key: said for refusal in refusals for key, said in (refusal.errors or {}).items()},
    )
