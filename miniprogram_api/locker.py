"""Photos used again from earlier cases (材料库): /me/locker, and with one tap in a case's material."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import LARGEST_ID, unit_of_work
from app.locker import queries, service
from app.locker.queries import Kept, Offer, Used
from miniprogram_api import material_shapes
from miniprogram_api.material_shapes import PhotoOut
from web.callers import CITIZEN, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("locker", __name__, url_prefix="/api/v1")


class LockerItemOut(Schema):
    """One entry: what it is, the case that brought it, its pages, and its last day."""

    id = fields.Integer()
    name = fields.String()
    case_no = fields.String()
    task_name = fields.String()
    taken_on = fields.Date(metadata={"description": "when its oldest page was first handed in"})
    expires_on = fields.Date()
    photos = fields.List(fields.Nested(PhotoOut))


class LockerOfferOut(LockerItemOut):
    """An entry that fits a material of the case."""

    material_code = fields.String()


class LockerUseOut(Schema):
    """One time an entry was used: when, for which case of which department, and where its pages came from."""

    id = fields.Integer()
    name = fields.String()
    pages = fields.Integer()
    used_at = ShanghaiTime()
    case_no = fields.String()
    task_name = fields.String()
    dept_name = fields.String()
    from_case_no = fields.String()
    from_task_name = fields.String()


class LockerItemIn(Schema):
    """Which entry to use."""

    item_id = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST_ID))


@door.get("/me/locker", auth=CITIZEN, query=PageIn, gives=LockerItemOut, many=True)
def list_locker_items(query: dict[str, Any]) -> ResponseReturnValue:
    """List what is in my locker, newest first (我的材料库)."""
    with unit_of_work() as session:
        found = queries.of_citizen(
            session, citizen_id=current_citizen_id(), before_id=query["cursor"], limit=query["limit"] + 1
        )
        return page(found, limit=query["limit"], dump=_item, key=lambda kept: kept.item.id)


@door.get("/me/locker/uses", auth=CITIZEN, query=PageIn, gives=LockerUseOut, many=True)
def list_locker_uses(query: dict[str, Any]) -> ResponseReturnValue:
    """List when my locker was used for what, newest first (材料库使用记录)."""
    with unit_of_work() as session:
        found = queries.uses(
            session, citizen_id=current_citizen_id(), before_id=query["cursor"], limit=query["limit"] + 1
        )
        return page(found, limit=query["limit"], dump=_use, key=lambda used: used.use.id)


@door.delete("/me/locker/<int:item_id>", auth=CITIZEN, status=204)
def remove_locker_item(item_id: int) -> ResponseReturnValue:
    """Take an entry out of my locker (删除); doing it again changes nothing."""
    with unit_of_work() as session:
        service.remove(session, citizen_id=current_citizen_id(), item_id=item_id)
    return Response(status=204)


@door.get("/cases/<case_no>/locker", auth=CITIZEN, gives=LockerOfferOut, many=True)
def list_locker_offers(case_no: str) -> ResponseReturnValue:
    """List what in my locker fits the materials of my case (可以直接用的)."""
    with unit_of_work() as session:
        found = queries.offers(session, citizen_id=current_citizen_id(), case_no=case_no)
        return {"items": [_offer(offer) for offer in found], "next_cursor": None}


@door.post(
    "/cases/<case_no>/materials/<material_code>/locker",
    auth=CITIZEN,
    takes=LockerItemIn,
    gives=PhotoOut,
    many=True,
    idempotent=True,
)
def use_locker_item(case_no: str, material_code: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Use an entry for a material of my case (用以前交过的); answers all pages that the material has then."""
    with unit_of_work() as session:
        pages = service.use(
            session,
            citizen_id=current_citizen_id(),
            case_no=case_no,
            material_code=material_code,
            item_id=data["item_id"],
        )
        return {"items": [material_shapes.photo(case_no, one) for one in pages], "next_cursor": None}


def _item(kept: Kept) -> dict[str, Any]:
    told = {
        "id": kept.item.id,
        "name": kept.item.name,
        "case_no": kept.case.case_no,
        "task_name": kept.case.task_name,
        "taken_on": kept.item.taken_on,
        "expires_on": kept.item.expires_on,
    }
    photos = [material_shapes.photo(kept.case.case_no, one) for one in kept.pages]
    return {**LockerItemOut(exclude=["photos"]).dump(told), "photos": photos}


def _offer(offer: Offer) -> dict[str, Any]:
    return {**_item(offer.kept), "material_code": offer.material_code}


def _use(used: Used) -> dict[str, Any]:
    told = {
        "id": used.use.id,
        "name": used.use.name,
        "pages": used.use.pages,
        "used_at": used.use.used_at,
        "case_no": used.case.case_no,
        "task_name": used.case.task_name,
        "dept_name": used.case.dept_name,
        "from_case_no": used.origin.case_no,
        "from_task_name": used.origin.task_name,
    }
    return dict(LockerUseOut().dump(told))
