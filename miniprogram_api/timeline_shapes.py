"""How the course of a case is shown (办理经过的接口形状)."""

from marshmallow import Schema, fields

from app import channels
from app.channels import Channel
from web.times import ShanghaiTime


class TimelineLineOut(Schema):
    """One thing that happened with a case."""

    kind = fields.String()
    at = ShanghaiTime()
    actor_kind = fields.String(metadata={"enum": ["citizen", "clerk", "system"]})
    actor_name = fields.String()
    channel = fields.String(allow_none=True, metadata={"enum": [*map(str, Channel), None]})
    channel_text = fields.Function(lambda line: channels.text(line.channel), metadata={"type": "string"})
    sentence = fields.String()
