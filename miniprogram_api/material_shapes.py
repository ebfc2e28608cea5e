"""How a material of a case and its photos are shown (材料与照片的接口形状)."""

from typing import Any
from urllib.parse import quote

from marshmallow import Schema, fields

from app.bundles.one_list import SharedMaterial
from app.cases.overview import MaterialView
from app.materials.models import Photo
from miniprogram_api.point_shapes import PointOut
from miniprogram_api.undertaking_shapes import FollowsOut, PromiseOut


class FindingOut(Schema):
    """One hint about a photo's quality, with a sentence for the citizen."""

    code = fields.String()
    sentence = fields.String()


class PhotoOut(Schema):
    """One page of a material; the addresses need the owner's login."""

    id = fields.Integer()
    page = fields.Integer()
    width = fields.Integer(metadata={"description": "pixels"})
    height = fields.Integer(metadata={"description": "pixels"})
    size_bytes = fields.Integer()
    findings = fields.List(fields.Nested(FindingOut))
    url = fields.String()
    thumb_url = fields.String()


class CaseCertificateOut(Schema):
    """A certificate: the one that the case gave, or one that stands for a material."""

    id = fields.Integer()
    name = fields.String()
    identifier = fields.String()


class CaseMaterialOut(Schema):
    """One material with its photos; of materials with the same `one_of`, one is enough.

    `certificate`: one of ours that stands for the material, so that nobody photographs it.
    """

    material_code = fields.String()
    name = fields.String()
    mandatory = fields.Boolean()
    one_of = fields.String(allow_none=True)
    takes_photos = fields.Boolean(metadata={"description": "false: filled in online"})
    fill_note = fields.String()
    photos = fields.List(fields.Nested(PhotoOut))
    certificate = fields.Nested(CaseCertificateOut, allow_none=True)
    to_correct = fields.Nested(PointOut, allow_none=True)
    may_follow = fields.Boolean(metadata={"description": "may be handed in after acceptance, by promise"})
    follows = fields.Nested(FollowsOut, allow_none=True)
    may_promise = fields.Boolean(metadata={"description": "a signed promise may stand for it"})
    promise = fields.Nested(PromiseOut, allow_none=True)


# Made once: a schema copies all its fields whenever one is made, which takes longer than filling it.
_FINDINGS, CERTIFICATE, _POINT = FindingOut(many=True), CaseCertificateOut(), PointOut()
_FOLLOWS, _PROMISE = FollowsOut(), PromiseOut()


def asked_for(case_no: str, shown: MaterialView | SharedMaterial) -> dict[str, Any]:
    """A material that is to be handed in, with its pages."""
    return {
        "material_code": shown.code,
        "name": shown.name,
        "mandatory": shown.mandatory,
        "one_of": shown.one_of,
        "takes_photos": shown.takes_photos,
        "fill_note": shown.fill_note,
        "photos": [photo(case_no, page) for page in shown.photos],
    }


def material(case_no: str, shown: MaterialView) -> dict[str, Any]:
    """A material with its pages and with what stands for it."""
    return {
        **asked_for(case_no, shown),
        "certificate": hung(CERTIFICATE, shown.given_by),
        "to_correct": hung(_POINT, shown.to_correct),
        "may_follow": shown.may_follow,
        "follows": hung(_FOLLOWS, shown.follows),
        "may_promise": shown.may_promise,
        "promise": hung(_PROMISE, shown.promise),
    }


def photo(case_no: str, shown: Photo) -> dict[str, Any]:
    """A photo with its addresses."""
    address = f"/api/v1/cases/{case_no}/materials/{quote(shown.material_code, safe='')}/photos/{shown.id}"
    return {
        "id": shown.id,
        "page": shown.page,
        "width": shown.width,
        "height": shown.height,
        "size_bytes": shown.size_bytes,
        "findings": _FINDINGS.dump(shown.findings),
        "url": address,
        "thumb_url": f"{address}?size=thumb",
    }


def hung(schema: Schema, there: object | None) -> dict[str, Any] | None:
    """What hangs on something; None where nothing does."""
    return None if there is None else dict(schema.dump(there))
