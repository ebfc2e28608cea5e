"""Times at the edge (时间): RFC 3339 in Asia/Shanghai, whatever is stored."""

from datetime import datetime
from typing import Any

from marshmallow import fields

from app import clock


class ShanghaiTime(fields.DateTime):
    """An aware moment, shown with +08:00 to the second."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        del attr, obj, kwargs
        return None if value is None else clock.local(value).isoformat(timespec="seconds")
