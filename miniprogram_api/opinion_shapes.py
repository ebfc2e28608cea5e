"""How the opinions of other departments are shown to the applicant (征求意见的接口形状)."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from app.cases import opinions as queries
from app.cases.opinion_models import OpinionRequest
from web.times import ShanghaiTime


class DepartmentOpinionOut(Schema):
    """What one department was asked, until when, and what it said; `said` is its reason or its conditions."""

    dept_name = fields.String()
    subject = fields.String()
    state = fields.String(metadata={"enum": ["asked", "given", "silent", "taken_back", "ended"]})
    answer = fields.String(allow_none=True, metadata={"enum": ["agrees", "on_condition", "objects", None]})
    answer_text = fields.String()
    due_on = fields.Date()
    silence_agrees = fields.Boolean()
    said = fields.String(allow_none=True)
    basis = fields.Function(
        lambda one: (one.law if one.state == "silent" else one.legal_basis) or one.taken_back_why,
        metadata={"type": "string", "nullable": True},
    )
    settled_at = ShanghaiTime(allow_none=True)


class OpinionsOut(Schema):
    """The departments that are asked at the same time (并联审批), and how many have answered."""

    received = fields.Integer()
    asked = fields.Integer()
    departments = fields.List(fields.Nested(DepartmentOpinionOut))


def opinions(requests: Sequence[OpinionRequest]) -> dict[str, Any] | None:
    """The opinions of one case; None when nobody was asked."""
    if not requests:
        return None
    now = queries.progress(requests)
    return dict(OpinionsOut().dump({"received": now.received, "asked": now.asked, "departments": requests}))
