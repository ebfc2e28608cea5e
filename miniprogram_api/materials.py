"""Photos of an application's materials (材料照片): /cases/{case_no}/materials/{material_code}/photos."""

import hashlib
from typing import Any

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app import idempotency
from app.cases import handing_in
from app.db import unit_of_work
from app.materials import photos, queries, service
from app.materials.errors import PhotoMissing
from miniprogram_api import material_shapes
from miniprogram_api.material_shapes import PhotoOut
from web.callers import APPLYING, acting_for, current_citizen_id, tap_owner
from web.door import Door, KeyMissing

door = Door("materials", __name__, url_prefix="/api/v1/cases/<case_no>/materials/<material_code>")

# The photo itself and the wrapping of multipart around it.
PHOTO_LIMIT = photos.MAX_BYTES + 64 * 1024
_KEY_LENGTHS = range(8, 65)


class PhotoForm(Schema):
    """One page as a phone sends it (multipart/form-data)."""

    photo = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class OrderIn(Schema):
    """The ids of all photos of the material, in their new order."""

    photo_ids = fields.List(
        fields.Integer(strict=True), required=True, validate=validate.Length(1, service.PAGES_PER_MATERIAL)
    )


class SizeIn(Schema):
    """Which size of a photo to give."""

    size = fields.String(load_default="full", validate=validate.OneOf(["full", "thumb"]))


@door.post(
    "/photos",
    auth=APPLYING,
    form=PhotoForm,
    gives=PhotoOut,
    status=201,
    keyed=True,
    limit=PHOTO_LIMIT,
)
def add_photo(case_no: str, material_code: str) -> ResponseReturnValue:
    """Add a page to a material; answers what was noticed about its quality (上传材料照片).

    Decoding and storing lie between two units of work, so the key is asked for by the view. Its fingerprint
    is the photo and not the body: a phone that sends again wraps the same photo differently. A phone without
    a key is served too, since the same photo twice is one page.
    """
    return _taken_in(case_no, material_code, instead_of=None)


@door.post(
    "/photos/<int:photo_id>/retake",
    auth=APPLYING,
    form=PhotoForm,
    gives=PhotoOut,
    status=201,
    keyed=True,
    limit=PHOTO_LIMIT,
)
def retake_photo(case_no: str, material_code: str, photo_id: int) -> ResponseReturnValue:
    """Take a page anew: the new photo has its place, and the old one goes (重拍材料照片)."""
    return _taken_in(case_no, material_code, instead_of=photo_id)


def _taken_in(case_no: str, material_code: str, *, instead_of: int | None) -> ResponseReturnValue:
    content = _uploaded()
    where: dict[str, Any] = {
        "citizen_id": current_citizen_id(),
        "organisation_id": acting_for(),
        "case_no": case_no,
        "material_code": material_code,
        "instead_of": instead_of,
    }
    claim = _claim(content)
    with unit_of_work() as session:
        earlier = None if claim is None else idempotency.begin(session, claim)
        if earlier is not None:
            return _replayed(earlier)
        key = handing_in.expect_photo(session, **where)
    prepared = photos.prepare(content)
    service.store(key, prepared)
    with unit_of_work() as session:
        earlier = None if claim is None else idempotency.begin(session, claim)
        if earlier is not None:
            return _replayed(earlier)
        photo, new = handing_in.add_photo(session, **where, key=key, prepared=prepared)
        answer = idempotency.Answer(201 if new else 200, orjson.dumps(material_shapes.photo(case_no, photo)))
        if claim is not None:
            idempotency.keep(session, claim, answer)
        return Response(answer.body, status=answer.status, mimetype="application/json")


@door.get("/photos", auth=APPLYING, gives=PhotoOut, many=True)
def list_photos(case_no: str, material_code: str) -> ResponseReturnValue:
    """List the pages of a material in their order (材料照片列表)."""
    with unit_of_work() as session:
        found = handing_in.photos_for_owner(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            case_no=case_no,
            material_code=material_code,
        )
        return {"items": [material_shapes.photo(case_no, photo) for photo in found], "next_cursor": None}


@door.get("/photos/<int:photo_id>", auth=APPLYING, query=SizeIn)
def show_photo(
    case_no: str, material_code: str, *, photo_id: int, query: dict[str, Any]
) -> ResponseReturnValue:
    """Give the bytes of one page, always a JPEG (查看材料照片)."""
    with unit_of_work() as session:
        photo = handing_in.photo_for_owner(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            case_no=case_no,
            material_code=material_code,
            photo_id=photo_id,
        )
    response = Response(queries.content(photo, thumb=query["size"] == "thumb"), mimetype="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="{photo.id}.jpg"'
    return response


@door.delete("/photos/<int:photo_id>", auth=APPLYING, status=204)
def remove_photo(case_no: str, material_code: str, photo_id: int) -> ResponseReturnValue:
    """Take a page away (删除材料照片)."""
    with unit_of_work() as session:
        handing_in.remove_photo(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            case_no=case_no,
            material_code=material_code,
            photo_id=photo_id,
        )
    return Response(status=204)


@door.put("/photos/order", auth=APPLYING, takes=OrderIn, gives=PhotoOut, many=True)
def arrange_photos(case_no: str, material_code: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Put the pages of a material into another order (调整照片顺序)."""
    with unit_of_work() as session:
        arranged = handing_in.arrange_photos(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            case_no=case_no,
            material_code=material_code,
            photo_ids=data["photo_ids"],
        )
        return {"items": [material_shapes.photo(case_no, photo) for photo in arranged], "next_cursor": None}


def _uploaded() -> bytes:
    """The bytes of the one photo; its name and declared type are not believed. Raises PhotoMissing."""
    sent = request.files.get("photo")
    if sent is None:
        raise PhotoMissing
    content = sent.stream.read(photos.MAX_BYTES + 1)
    if not content:
        raise PhotoMissing
    return content


def _claim(content: bytes) -> idempotency.Claim | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if len(key) not in _KEY_LENGTHS or not key.isascii() or not key.isprintable():
        raise KeyMissing
    fingerprint = hashlib.sha256(request.path.encode() + b"\n" + content).digest()
    return idempotency.Claim(tap_owner(), f"{request.method} {request.url_rule}", key, fingerprint)


def _replayed(earlier: idempotency.Answer) -> Response:
    response = Response(earlier.body, status=earlier.status, mimetype="application/json")
    response.headers["Idempotent-Replay"] = "true"
    return response
