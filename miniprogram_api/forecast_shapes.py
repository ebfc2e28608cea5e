"""How a forecast is shown (办结预测的接口形状)."""

from typing import Any

from marshmallow import Schema, fields

from app.forecasts import queries
from app.forecasts.models import CaseForecast


class ForecastOut(Schema):
    """How long the newest cases of an item took, in working days; null where there are too few to say."""

    cases = fields.Integer()
    half_days = fields.Integer(allow_none=True, metadata={"description": "half of them took no longer"})
    most_days = fields.Integer(allow_none=True, metadata={"description": "nine of ten took no longer"})
    sentence = fields.String()
    calibration = fields.String(metadata={"description": "how often this was right; empty while unknown"})


class CaseForecastOut(Schema):
    """What was forecast of a case when it was accepted, and how many working days it took in the end."""

    sentence = fields.Function(
        lambda one: queries.sentence(one.cases, half=one.half_days, most=one.most_days),
        metadata={"type": "string"},
    )
    half_by = fields.Date()
    most_by = fields.Date()
    took_days = fields.Integer(allow_none=True)
    calibration = fields.String()


def of_case(found: CaseForecast | None, *, calibration: str) -> dict[str, Any] | None:
    """The forecast of a case; None when there was none."""
    if found is None:
        return None
    return {**CaseForecastOut(exclude=("calibration",)).dump(found), "calibration": calibration}
