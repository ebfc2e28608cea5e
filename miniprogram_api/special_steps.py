"""The list of special steps (特殊环节清单): site checks, reviews, hearings, with their own limits."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.catalogue import cards, codes
from app.db import unit_of_work
from app.figures import offers
from miniprogram_api import cursors, etags
from web.callers import PUBLIC
from web.door import Door

door = Door("special_steps", __name__, url_prefix="/api/v1/guides")


class StepsQuery(Schema):
    """Which part of the list; `limit` counts items."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=64))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 100))


class StepOut(Schema):
    """One special step of one item; its days do not run in the item's limit unless they are counted in it."""

    task_code = fields.String()
    item_name = fields.String()
    name = fields.String()
    days = fields.Integer()
    unit = fields.String(metadata={"enum": list(codes.LIMIT_UNITS)})
    days_text = fields.Function(
        lambda step: cards.limit_text(step["days"], step["unit"]), metadata={"type": "string"}
    )
    counted_in_limit = fields.Boolean()
    note = fields.String()
    basis = fields.String(metadata={"description": "the step's own, else the laws of the item"})


@door.get("/special-steps", auth=PUBLIC, query=StepsQuery, gives=StepOut, many=True)
def list_special_steps(query: dict[str, Any]) -> ResponseReturnValue:
    """List every special step of every item (特殊环节清单)."""
    with unit_of_work() as session:
        found, more = offers.special_steps(
            session, after=cursors.number(query["cursor"]), limit=query["limit"]
        )
        body = {"items": StepOut(many=True).dump(found), "next_cursor": cursors.write(more)}
        return etags.answer(etags.kept(body))
