"""What the addresses of the payments pages hold (缴费页的地址)."""

import re
from datetime import UTC, datetime, timedelta

from marshmallow import Schema, fields, validate

from app.desk.errors import PageUnknown
from payments.desk_orders import Mark

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MARK = re.compile(r"(\d{1,16})-(\d{1,18})", re.ASCII)
_LONGEST = 64


class OrdersIn(Schema):
    """Which orders: of today or all, or those that a number names."""

    day = fields.String(load_default="today", validate=validate.OneOf(("today", "all")))
    no = fields.String(load_default="", validate=validate.Length(max=_LONGEST))
    after = fields.String(load_default=None, validate=validate.Length(max=_LONGEST))


class NumberedIn(Schema):
    """Where a list that is ordered by number goes on, and what was just done."""

    after = fields.Integer(load_default=None, validate=validate.Range(1, 2**63 - 1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


class DifferencesIn(NumberedIn):
    """Those that wait, or those that were seen to."""

    state = fields.String(load_default="open", validate=validate.OneOf(("open", "resolved")))


class DayIn(Schema):
    """Which day's sums; none: today's."""

    day = fields.Date(load_default=None)


class DoneIn(Schema):
    """What was just done."""

    done = fields.String(load_default="", validate=validate.Length(max=16))


def written(mark: Mark | None) -> str | None:
    """Where the list of orders goes on, as it stands in an address."""
    return None if mark is None else f"{(mark.at - _BEGINNING) // _MICROSECOND}-{mark.id}"


def order_mark(text: str | None) -> Mark | None:
    """Where the list of orders goes on; raises PageUnknown."""
    if text is None:
        return None
    found = _MARK.fullmatch(text)
    if found is None:
        raise PageUnknown
    return Mark(_BEGINNING + int(found[1]) * _MICROSECOND, int(found[2]))
