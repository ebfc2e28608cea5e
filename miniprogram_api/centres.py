"""Where to go and when (办事大厅、号源): /centres."""

from datetime import timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, post_load, validate

from app.appointments import elsewhere
from app.appointments import queries as appointments
from app.appointments.bookable import bookable
from app.appointments.queries import OpenSlot
from app.centres import queries
from app.centres.queries import Found, Point
from app.db import unit_of_work
from app.figures import offers
from app.queueing import queries as queueing
from miniprogram_api import cursors, etags
from miniprogram_api.card_shapes import CardOut
from miniprogram_api.where_and_when import Moment, Near
from web.callers import PUBLIC
from web.door import Door
from web.paging import MOST, USUAL
from web.times import ShanghaiTime

door = Door("centres", __name__, url_prefix="/api/v1/centres")

_LOADS = ((100, "full", "已约满"), (80, "busy", "人多"), (50, "moderate", "适中"), (0, "quiet", "空闲"))
_CODE = validate.Regexp(r"[0-9A-Za-z-]{1,40}\Z", error="编码只能是字母、数字和短横线")
_NOBODY_ON_DUTY = {"on_duty": False, "closes_at": None, "last_ticket_at": None, "opens_next": None}
_WALK_IN = "不预约也可以办：每个时段都给现场取号留了名额，直接到大厅取号即可"


class CentresIn(Schema):
    """Which centres to show."""

    near = Near(load_default=None)
    lat = fields.Float(load_default=None, validate=validate.Range(-90, 90))
    lng = fields.Float(load_default=None, validate=validate.Range(-180, 180))
    task_code = fields.String(load_default=None, validate=_CODE)
    open_at = Moment(
        load_default=None, metadata={"description": "only halls open then, with a window for the item"}
    )
    at = Moment(load_default=None, metadata={"description": "as they are at this moment; now by default"})
    cursor = fields.String(load_default=None, validate=validate.Length(max=16))
    limit = fields.Integer(load_default=USUAL, validate=validate.Range(1, MOST))

    @post_load
    def _from_where(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        del kwargs
        lat, lng = data.pop("lat"), data.pop("lng")
        if (lat is None) != (lng is None):
            raise ValidationError({"lng": ["经纬度要一起给"]})
        if lat is not None and data["near"] is None:
            data["near"] = Point(lat, lng)
        return data


class CentreIn(Schema):
    """For which item, and as it is when."""

    task_code = fields.String(load_default=None, validate=_CODE)
    at = Moment(load_default=None)


class ItemsIn(Schema):
    """Which part of what a hall offers."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=64))
    limit = fields.Integer(load_default=USUAL, validate=validate.Range(1, MOST))


class WindowGroupOut(Schema):
    """The windows of one field."""

    name = fields.String()
    windows = fields.List(fields.String(), attribute="codes")
    serves = fields.List(fields.String())
    weekend_serves = fields.List(fields.String())


class CentreOut(Schema):
    """A hall in a list: where, how far, open now."""

    id = fields.String(attribute="centre.id")
    name = fields.String(attribute="centre.name")
    level = fields.String(attribute="centre.level")
    region_code = fields.String(attribute="centre.region_code")
    address = fields.String(attribute="centre.address")
    lat = fields.Float(attribute="centre.lat")
    lng = fields.Float(attribute="centre.lng")
    phone = fields.String(attribute="centre.phone")
    distance_m = fields.Integer(allow_none=True)
    walk_minutes = fields.Integer(
        allow_none=True, metadata={"description": "on foot at 1.2 m/s, as the crow flies"}
    )
    open_now = fields.Boolean()
    on_duty = fields.Boolean(
        metadata={"description": "open, and a window for the item works; without an item as open_now"}
    )
    closes_at = ShanghaiTime(allow_none=True, metadata={"description": "of these windows, while on duty"})
    last_ticket_at = ShanghaiTime(allow_none=True)
    opens_next = ShanghaiTime(allow_none=True, metadata={"description": "when these windows open next"})
    open_now_text = fields.Function(
        lambda found: "开放中" if found.open_now else "未开放", metadata={"type": "string"}
    )
    hours = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.List(fields.String())),
        metadata={"description": "ISO weekday → pairs of local times"},
    )
    waiting_now = fields.Integer(metadata={"description": "how many people wait here, as far as we know"})
    follows_city_hours = fields.Boolean(attribute="follows_city")
    provenance = fields.String(attribute="centre.provenance")


class NotHereOut(Schema):
    """Where the item is handled instead; `centre_id` only when it is another hall."""

    sentence = fields.String()
    centre_id = fields.String(allow_none=True)
    centre_name = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    phone = fields.String()
    channels = fields.List(fields.String(metadata={"enum": ["web", "mobile", "courier"]}))


class CentreDetailOut(CentreOut):
    """A whole hall; `not_here` when it was asked for an item that it does not take."""

    shift_days = fields.List(fields.Integer(), attribute="centre.shift_days")
    windows = fields.List(fields.Nested(WindowGroupOut), attribute="centre.groups")
    service_groups = fields.List(fields.String(), attribute="centre.service_groups")
    last_ticket_before_minutes = fields.Integer(attribute="centre.last_ticket_before_minutes")
    lunch_break = fields.Boolean(attribute="centre.lunch_break")
    self_service = fields.List(fields.String(), attribute="centre.self_service")
    accessibility = fields.List(fields.String(), attribute="centre.accessibility")
    special_windows = fields.List(fields.String(), attribute="centre.special_windows")
    parking = fields.String(attribute="centre.parking")
    transit = fields.String(attribute="centre.transit")
    note = fields.String(attribute="centre.note")
    walk_in_text = fields.Constant(_WALK_IN, metadata={"type": "string"})
    not_here = fields.Nested(NotHereOut, allow_none=True)


class BesideCentresOut(Schema):
    """The nearest hall on duty among all of them, not of this page alone; what to do if no hall takes it."""

    nearest_open = fields.String(allow_none=True, metadata={"description": "its id"})
    not_here = fields.Nested(NotHereOut, allow_none=True)


class SlotsIn(Schema):
    """Which slots to show; days inclusive, at most 31."""

    task_code = fields.String(required=True, validate=_CODE)
    first = fields.Date(data_key="from", load_default=None)
    last = fields.Date(data_key="to", load_default=None)

    @post_load
    def _in_order(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        del kwargs
        first, last = data["first"], data["last"]
        if first and last and not timedelta() <= last - first <= timedelta(days=appointments.MOST_DAYS):
            raise ValidationError({"to": ["结束日期应在开始日期之后31天以内"]})
        return data


class SlotOut(Schema):
    """One stretch of time with its free places; the load is said in words too, never by colour alone."""

    slot_id = fields.Integer(attribute="id")
    day = fields.Date()
    starts_at = ShanghaiTime()
    ends_at = ShanghaiTime()
    window_group = fields.String()
    capacity = fields.Integer()
    free = fields.Integer()
    load_percent = fields.Integer(
        attribute="load",
        data_key="load",
        metadata={"description": "percent of the bookable places that are taken"},
    )
    load_level = fields.Function(
        lambda slot: _load(slot)[0],
        metadata={"type": "string", "enum": [level for _, level, _ in _LOADS]},
    )
    load_text = fields.Function(lambda slot: _load(slot)[1], metadata={"type": "string"})


class BesideSlotsOut(Schema):
    """Quieter times to choose instead, and that nobody has to book."""

    quieter = fields.List(fields.Nested(SlotOut))
    walk_in_text = fields.String()


@door.get("", auth=PUBLIC, query=CentresIn, gives=CentreOut, many=True, beside=BesideCentresOut)
def list_centres(query: dict[str, Any]) -> ResponseReturnValue:
    """List the halls, nearest first when it is known from where (附近大厅)."""
    with unit_of_work() as session:
        code = query["task_code"]
        item = bookable(session, task_code=code) if code is not None else None
        found = queries.find(
            session,
            field=item.field if item else None,
            among=sorted(item.centre_ids) if item else None,
            open_at=query["open_at"],
            at=query["at"] or query["open_at"],
            near=query["near"],
        )
        shown, next_cursor = _page(found, cursor=query["cursor"], limit=query["limit"])
        waiting = queueing.waiting(session, centre_ids=[one.centre.id for one in shown])
        items = [CentreOut().dump(one) | {"waiting_now": waiting[one.centre.id]} for one in shown]
        on_duty = (one.centre.id for one in found if one.on_duty)
        instead = elsewhere.in_no_hall(session, task_code=code) if code is not None else None
        body = {
            "items": items,
            "next_cursor": next_cursor,
            "nearest_open": next(on_duty, None),
            "not_here": None if instead is None else NotHereOut().dump(instead),
        }
        return etags.answer(etags.kept(body))


@door.get("/<centre_id>", auth=PUBLIC, query=CentreIn, gives=CentreDetailOut)
def show_centre(centre_id: str, query: dict[str, Any]) -> ResponseReturnValue:
    """Show one hall: windows, hours, parking, accessibility, and where to go instead (大厅详情)."""
    code = query["task_code"]
    with unit_of_work() as session:
        field = bookable(session, task_code=code).field if code is not None else None
        found = queries.see(session, centre_id=centre_id, field=field, at=query["at"])
        waiting = queueing.waiting(session, centre_ids=[centre_id])
        instead = None if code is None else elsewhere.not_at(session, task_code=code, centre_id=centre_id)
        body = CentreDetailOut().dump(found) | {"waiting_now": waiting[centre_id]}
        body["not_here"] = None
        if instead is not None:
            body |= {"not_here": NotHereOut().dump(instead), **_NOBODY_ON_DUTY}
        return etags.answer(etags.kept(body))


@door.get("/<centre_id>/items", auth=PUBLIC, query=ItemsIn, gives=CardOut, many=True)
def list_items_of_centre(centre_id: str, query: dict[str, Any]) -> ResponseReturnValue:
    """List what a hall handles; a community station offers what is marked 就近办 (大厅可办事项)."""
    after, limit = cursors.number(query["cursor"]), query["limit"]
    with unit_of_work() as session:
        centre = queries.centre(session, centre_id=centre_id)
        found, more = offers.page(session, centre=centre, after=after, limit=limit)
        body = {"items": found, "next_cursor": cursors.write(more)}
        return etags.answer(etags.kept(body))


@door.get("/<centre_id>/slots", auth=PUBLIC, query=SlotsIn, gives=SlotOut, many=True, beside=BesideSlotsOut)
def list_slots(centre_id: str, query: dict[str, Any]) -> ResponseReturnValue:
    """List the free places per half hour, with quieter times to choose instead (号源、错峰)."""
    with unit_of_work() as session:
        choice = appointments.slots(session, centre_id=centre_id, **query)
        schema = SlotOut()
        return {
            "items": schema.dump(choice.slots, many=True),
            "next_cursor": None,
            "quieter": schema.dump(choice.quieter, many=True),
            "walk_in_text": _WALK_IN,
        }


def _load(slot: OpenSlot) -> tuple[str, str]:
    return next((level, words) for least, level, words in _LOADS if slot.load >= least)


def _page(found: list[Found], *, cursor: str | None, limit: int) -> tuple[list[Found], str | None]:
    """The halls behind the one whose id is the cursor; a hall that has gone starts the list afresh."""
    ids = [one.centre.id for one in found]
    first = ids.index(cursor) + 1 if cursor in ids else 0
    shown = found[first : first + limit]
    more = first + limit < len(found)
    return shown, shown[-1].centre.id if more else None
