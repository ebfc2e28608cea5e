"""How what stands for a material is shown: that it follows later, or a promise (容缺后补、告知承诺)."""

from marshmallow import Schema, fields

from app.cases import owed
from web.times import ShanghaiTime


class FollowsOut(Schema):
    """That a material follows later by a signed promise (容缺后补), and how it stands with it.

    `due_on` is there once the case is accepted; `open`: it may be brought now.
    """

    days = fields.Integer(metadata={"description": "working days after acceptance"})
    due_on = fields.Date(allow_none=True)
    open = fields.Function(owed.is_open, metadata={"type": "boolean"})
    overdue = fields.Function(owed.is_overdue, metadata={"type": "boolean"})
    delivered_at = ShanghaiTime(allow_none=True)
    sent_back_why = fields.String(allow_none=True)
    confirmed_at = ShanghaiTime(allow_none=True)


class PromiseOut(Schema):
    """That a promise stands for a material (告知承诺); it is checked after the decision."""

    signed_at = ShanghaiTime()
    check_days = fields.Integer(metadata={"description": "working days after the decision"})
