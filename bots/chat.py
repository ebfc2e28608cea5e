"""The chat of the mini-program (在线咨询): /chat/messages."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.db import unit_of_work
from bots import brain
from bots.replies import Question
from web.callers import MAYBE_CITIZEN, maybe_citizen_id
from web.door import Door

door = Door("chat", __name__, url_prefix="/api/v1/chat")

ACTIONS = {"progress": "查进度", "person": "转人工", "menu": "菜单"}


class ChatIn(Schema):
    """What was said, or which button was tapped."""

    text = fields.String(validate=validate.Length(1, 200, error="请用一两句话说明，200字以内"))
    action = fields.String(validate=validate.OneOf(list(ACTIONS)))

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """Either a text or an action."""
        if ("text" in data) == ("action" in data):
            raise ValidationError("请说一句话或点一个按钮", "text")


class SourceOut(Schema):
    """What an answer quotes."""

    task_code = fields.String()
    field = fields.String()
    version = fields.Integer()


class ChoiceOut(Schema):
    """What one may say next."""

    text = fields.String()
    task_code = fields.String(allow_none=True)


class ReplyOut(Schema):
    """One answer."""

    kind = fields.String()
    text = fields.String()
    choices = fields.List(fields.Nested(ChoiceOut))
    sources = fields.List(fields.Nested(SourceOut))
    demo = fields.Boolean()


class ChatOut(Schema):
    """The answers to one message."""

    replies = fields.List(fields.Nested(ReplyOut))


@door.post("/messages", auth=MAYBE_CITIZEN, takes=ChatIn, gives=ChatOut)
def say(data: dict[str, Any]) -> ResponseReturnValue:
    """Ask a question or tap a button (在线咨询)."""
    text = data.get("text") or ACTIONS[data["action"]]
    with unit_of_work() as session:
        reply = brain.answer(session, Question(text, maybe_citizen_id()))
        return {"replies": [ReplyOut().dump(reply)]}
