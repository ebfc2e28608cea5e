"""Lists (分页): newest first, continued by an opaque cursor; never by counting from the start."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError, fields, validate

Row = TypeVar("Row")

MOST = 100
USUAL = 20


class Cursor(fields.Field[int]):
    """Where a list goes on: an id, wrapped so that nobody builds on its meaning."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        del attr, obj, kwargs
        return None if value is None else encode(int(value))

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        del attr, data, kwargs
        return decode(value)


class PageIn(Schema):
    """Which part of a list."""

    cursor = Cursor(load_default=None)
    limit = fields.Integer(load_default=USUAL, validate=validate.Range(1, MOST))


def encode(key: int) -> str:
    """A cursor from an id."""
    return base64.urlsafe_b64encode(key.to_bytes(8, "big", signed=True)).decode().rstrip("=")


def decode(cursor: object) -> int:
    """An id from a cursor; raises ValidationError."""
    try:
        raw = base64.urlsafe_b64decode(str(cursor) + "=")
    except (binascii.Error, ValueError) as error:
        raise ValidationError("页码无效，请从头查看") from error
    if len(raw) != 8:  # noqa: PLR2004 - a 64-bit id
        raise ValidationError("页码无效，请从头查看")
    return int.from_bytes(raw, "big", signed=True)


def page(
    found: Sequence[Row], *, limit: int, dump: Callable[[Row], Any], key: Callable[[Row], int]
) -> dict[str, Any]:
    """One page from up to `limit` + 1 rows; the extra row only says that there are more."""
    shown = found[:limit]
    more = len(found) > limit
    return {
        "items": [dump(row) for row in shown],
        "next_cursor": encode(key(shown[-1])) if more else None,
    }
