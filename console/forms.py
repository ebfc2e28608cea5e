"""What the console's forms and addresses hold (表单)."""

import base64
import binascii
from datetime import date, datetime

from marshmallow import Schema, fields, pre_load, validate

from app.catalogue.models import ItemState
from app.db import LARGEST_ID
from app.desk import in_order, visits
from app.desk.errors import PageUnknown
from app.desk.work import View

LONGEST_ITEM = 60
LONGEST_PROJECT = 40
_LONGEST_MARK = 120
_MOMENTS = {View.DECIDED}
_UNSORTED = {View.CLOSED, View.NOT_ACCEPTED, View.WITHDRAWN, View.TERMINATED}


class WorkListIn(Schema):
    """Which part of the work list, and what it is narrowed by; `applicant` is sealed for this login."""

    view = fields.Enum(View, by_value=True, load_default=None, allow_none=True)
    after = fields.String(load_default=None, validate=validate.Length(max=_LONGEST_MARK))
    item = fields.String(load_default="", validate=validate.Length(max=LONGEST_ITEM))
    project = fields.String(load_default="", validate=validate.Length(max=LONGEST_PROJECT))
    applicant = fields.String(load_default=None, validate=validate.Length(max=_LONGEST_MARK))


class PrechecksIn(Schema):
    """Where the list of pre-checks goes on, and what was just done."""

    after = fields.String(load_default=None, validate=validate.Length(max=_LONGEST_MARK))
    done = fields.String(load_default="", validate=validate.Length(max=16))


class TodayIn(Schema):
    """Which hall's appointments, and which of them was just checked in."""

    centre = fields.String(load_default=None, validate=validate.Length(max=16))
    after = fields.String(load_default=None, validate=validate.Length(max=_LONGEST_MARK))
    came = fields.Integer(load_default=None)


class ItemsIn(Schema):
    """Which items to show."""

    q = fields.String(load_default="", validate=validate.Length(max=LONGEST_ITEM))
    state = fields.Enum(ItemState, by_value=True, load_default=None)
    after = fields.Integer(load_default=None, validate=validate.Range(min=1))

    @pre_load
    def _leave_out_what_is_empty(self, data: dict[str, str], **_: object) -> dict[str, str]:
        """A form without script sends its empty fields too."""
        return _filled(data)


class DraftsIn(Schema):
    """Which drafts to show: those in work, or those that are over."""

    over = fields.Boolean(load_default=False)
    before = fields.Integer(load_default=None, validate=validate.Range(min=1))
    done = fields.String(load_default="", validate=validate.Length(max=16))


class DifferenceIn(Schema):
    """Which two versions to compare."""

    before = fields.Integer(required=True, validate=validate.Range(min=1))
    after = fields.Integer(required=True, validate=validate.Range(min=1))


class AuditIn(Schema):
    """Which lines of the audit log: a clerk's account or name, a case number, a day in the city."""

    clerk = fields.String(load_default="", validate=validate.Length(max=64))
    case = fields.String(load_default="", validate=validate.Length(max=64))
    day = fields.Date(load_default=None)
    before = fields.Integer(load_default=None, validate=validate.Range(min=1))

    @pre_load
    def _leave_out_what_is_empty(self, data: dict[str, str], **_: object) -> dict[str, str]:
        """A form without script sends its empty fields too."""
        return _filled(data)


class LoginIn(Schema):
    """Where to go after the login."""

    next = fields.String(load_default="")


class PhotoIn(Schema):
    """How large a photo is wanted."""

    size = fields.String(load_default="large", validate=validate.OneOf(("thumb", "large")))


class NoticeIn(Schema):
    """What was just done, shown once above the page."""

    done = fields.String(load_default="", validate=validate.Length(max=16))


class PrecheckIn(NoticeIn):
    """Who came with the visit code, if not the applicant."""

    by = fields.Integer(load_default=None, validate=validate.Range(min=1, max=LARGEST_ID))


class SituationsIn(NoticeIn):
    """Which question or rule of the form stands open."""

    open = fields.String(load_default="", validate=validate.Length(max=20))


def written(mark: in_order.Mark | visits.Mark | None) -> str | None:
    """Where a list goes on, as it stands in an address."""
    if mark is None:
        return None
    key = mark.starts_at if isinstance(mark, visits.Mark) else mark.key
    text = f"{'' if key is None else key.isoformat()} {mark.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def work_mark(text: str | None, view: View) -> in_order.Mark | None:
    """Where a view of the work list goes on; raises PageUnknown."""
    if text is None:
        return None
    key, mark_id = _parts(text)
    if view in _UNSORTED or not key:
        return in_order.Mark(None, mark_id)
    return in_order.Mark(_moment(key) if view in _MOMENTS else _day(key), mark_id)


def day_mark(text: str | None) -> in_order.Mark | None:
    """Where a list in the order of days goes on; raises PageUnknown."""
    if text is None:
        return None
    key, mark_id = _parts(text)
    return in_order.Mark(_day(key), mark_id)


def visit_mark(text: str | None) -> visits.Mark | None:
    """Where the list of today's appointments goes on; raises PageUnknown."""
    if text is None:
        return None
    key, mark_id = _parts(text)
    return visits.Mark(_moment(key), mark_id)


def _filled(data: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in data.items() if value}


def _parts(text: str) -> tuple[str, int]:
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        key, _, number = plain.rpartition(" ")
        mark_id = int(number)
    except (binascii.Error, ValueError) as error:
        raise PageUnknown from error
    if not 0 < mark_id < 2**63:
        raise PageUnknown
    return key, mark_id


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise PageUnknown from error
    if found.tzinfo is None:
        raise PageUnknown
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PageUnknown from error
