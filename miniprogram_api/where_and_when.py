"""Places and moments as they come in a query string (位置、时间)."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields

from app import clock
from app.centres.queries import Point

_YEARS = range(2000, 2100)


class Near(fields.Field[Point]):
    """A place as `lat,lng` in GCJ-02 degrees, as wx.getLocation gives it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Point:
        del attr, data, kwargs
        try:
            lat, lng = (float(part) for part in str(value).split(","))
        except ValueError as error:
            raise ValidationError("位置应写成“纬度,经度”") from error
        if not (-90 <= lat <= 90 and -180 <= lng <= 180):  # noqa: PLR2004 - degrees
            raise ValidationError("位置应写成“纬度,经度”")
        return Point(lat, lng)


class Moment(fields.Field[datetime]):
    """An RFC 3339 time; without an offset it is Asia/Shanghai. A `+` that a query string lost is put back."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        del attr, data, kwargs
        try:
            moment = datetime.fromisoformat(str(value).replace(" ", "+"))
        except ValueError as error:
            raise ValidationError("时间应写成 2026-11-20T10:00:00+08:00") from error
        if moment.year not in _YEARS:
            raise ValidationError("时间应写成 2026-11-20T10:00:00+08:00")
        return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
