"""What I was told, and what I allow to be told (我的消息、订阅): /messages and /subscriptions."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.db import unit_of_work
from notifications import queries, service
from notifications.wording import TEMPLATES
from web.callers import CITIZEN, current_caller, current_citizen_id
from web.door import Door
from web.paging import PageIn, page
from web.times import ShanghaiTime

door = Door("messages", __name__, url_prefix="/api/v1")

_MOST_AT_ONCE = 200


class MessageOut(Schema):
    """One thing I was told; `page` is where the mini-program goes on."""

    id = fields.Integer()
    title = fields.String()
    text = fields.String()
    page = fields.String()
    created_at = ShanghaiTime()
    read_at = ShanghaiTime(allow_none=True)


class ReadIn(Schema):
    """Which messages were read; none named means all."""

    ids = fields.List(fields.Integer(strict=True), validate=validate.Length(1, _MOST_AT_ONCE))


class SubscriptionIn(Schema):
    """What the platform's prompt answered for one template."""

    template_key = fields.String(required=True, validate=validate.OneOf(TEMPLATES))
    accepted = fields.Boolean(required=True)


class BesideMessagesOut(Schema):
    """How many I have not read."""

    unread = fields.Integer()


class ReadOut(Schema):
    """How many were marked."""

    marked = fields.Integer()


class SubscriptionOut(Schema):
    """What was noted."""

    template_key = fields.String(metadata={"enum": list(TEMPLATES)})
    accepted = fields.Boolean()


@door.get("/messages", auth=CITIZEN, query=PageIn, gives=MessageOut, many=True, beside=BesideMessagesOut)
def list_messages(query: dict[str, Any]) -> ResponseReturnValue:
    """List my messages, newest first (我的消息)."""
    citizen_id = current_citizen_id()
    with unit_of_work() as session:
        found = queries.of_citizen(
            session, citizen_id=citizen_id, before_id=query["cursor"], limit=query["limit"] + 1
        )
        listed = page(found, limit=query["limit"], dump=MessageOut().dump, key=lambda message: message.id)
        return {**listed, "unread": queries.unread_count(session, citizen_id=citizen_id)}


@door.post("/messages/read", auth=CITIZEN, takes=ReadIn, gives=ReadOut)
def read_messages(data: dict[str, Any]) -> ResponseReturnValue:
    """Mark messages as read (已读); repeating it changes nothing."""
    with unit_of_work() as session:
        marked = service.mark_read(session, citizen_id=current_citizen_id(), message_ids=data.get("ids"))
        return {"marked": marked}


@door.post(
    "/subscriptions", auth=CITIZEN, takes=SubscriptionIn, gives=SubscriptionOut, status=201, idempotent=True
)
def subscribe(data: dict[str, Any]) -> ResponseReturnValue:
    """Note what I answered to a subscription prompt (订阅消息授权)."""
    caller = current_caller()
    with unit_of_work() as session:
        service.allow(
            session,
            citizen_id=caller.citizen_id,
            platform=caller.platform,
            template=data["template_key"],
            accepted=data["accepted"],
        )
        return {"template_key": data["template_key"], "accepted": data["accepted"]}, 201
