"""How the result of my application comes to me (送达): /cases/{case_no}/delivery."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.cases import queries as cases
from app.cases.ways import Way
from app.db import unit_of_work
from app.deliveries import queries, service
from app.deliveries.choice import Choice
from app.deliveries.models import DeliveryState, ParcelState, Region
from miniprogram_api import agent_shapes
from web.callers import CITIZEN_OR_COMPANY, COLLECTING, acting_for, current_citizen_id
from web.door import Door
from web.times import ShanghaiTime

door = Door("deliveries", __name__, url_prefix="/api/v1/cases/<case_no>/delivery")

_WAYS = [way.value for way in Way]
_REGIONS = [region.value for region in Region]


class ChoiceIn(Schema):
    """A way with what belongs to it: a hall and who else may come, or to whom and where it is sent."""

    way = fields.String(required=True, validate=validate.OneOf(_WAYS))
    centre_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=16))
    proxy_name = fields.String(load_default="", validate=validate.Length(max=100))
    recipient = fields.String(load_default="", validate=validate.Length(max=100))
    phone = fields.String(load_default="", validate=validate.Length(max=40))
    address = fields.String(load_default="", validate=validate.Length(max=400))


class HallOut(Schema):
    """A hall at which the result can be fetched."""

    id = fields.String()
    name = fields.String()
    address = fields.String()
    phone = fields.String()


class OfferOut(Schema):
    """A way that the guide offers."""

    way = fields.String(attribute="way.value", metadata={"enum": _WAYS})
    text = fields.String()


class TraceLineOut(Schema):
    """One line of the courier's trace."""

    at = ShanghaiTime()
    text = fields.String()
    place = fields.String()


class ParcelOut(Schema):
    """The parcel on its way, its trace newest first; no `waybill` until the courier acknowledged it."""

    waybill = fields.String(allow_none=True)
    state = fields.String(metadata={"enum": [state.value for state in ParcelState]})
    note = fields.String()
    lines = fields.List(fields.Nested(TraceLineOut))


class PostageOut(Schema):
    """What the post costs me, in fen; 0 is free."""

    city = fields.Integer()
    elsewhere = fields.Integer()


class DeliveryOut(Schema):
    """How my result comes to me; `code` is there while it waits at `centre`."""

    way = fields.String(attribute="way.value", metadata={"enum": _WAYS})
    way_text = fields.String()
    state = fields.String(
        attribute="state.value", metadata={"enum": [state.value for state in DeliveryState]}
    )
    state_text = fields.String()
    offers = fields.List(fields.Nested(OfferOut))
    may_change = fields.Boolean()
    may_confirm = fields.Boolean()
    centre = fields.Nested(HallOut, allow_none=True)
    halls = fields.List(fields.Nested(HallOut))
    code = fields.String(allow_none=True)
    proxy_name = fields.String()
    recipient = fields.String()
    phone = fields.String()
    address = fields.String()
    region = fields.String(attribute="region.value", metadata={"enum": _REGIONS})
    postage_fen = fields.Nested(PostageOut)
    bill_no = fields.String(allow_none=True, metadata={"description": "postage that is to be paid first"})
    delivered_at = ShanghaiTime(allow_none=True)
    parcel = fields.Nested(ParcelOut, allow_none=True)


@door.get("", auth=COLLECTING, gives=DeliveryOut)
def show_delivery(case_no: str) -> ResponseReturnValue:
    """Show how my result comes to me: the code to fetch it with, or where the parcel is (送达)."""
    return _shown(case_no)


@door.put("", auth=CITIZEN_OR_COMPANY, takes=ChoiceIn, gives=DeliveryOut)
def choose_delivery(case_no: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Choose how my result comes to me, until it is sent (选择送达方式)."""
    said = {**data, "way": Way(data["way"])}
    with unit_of_work() as session:
        service.choose(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            case_no=case_no,
            choice=Choice(**said),
        )
    return _shown(case_no)


@door.post("/received", auth=CITIZEN_OR_COMPANY, gives=DeliveryOut, idempotent=True)
def confirm_delivery(case_no: str) -> ResponseReturnValue:
    """Say that the post has come, which closes my application (确认收到)."""
    with unit_of_work() as session:
        service.confirm(
            session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
        )
    return _shown(case_no)


def _shown(case_no: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        case = cases.case_of(
            session, citizen_id=current_citizen_id(), organisation_id=acting_for(), case_no=case_no
        )
        shown: dict[str, Any] = DeliveryOut().dump(queries.shown(session, case))
        return agent_shapes.delivery(shown)
