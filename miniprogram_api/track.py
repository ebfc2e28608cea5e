"""Following an application without a login (免登录查进度): /track."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.cases import explained, tracking
from app.cases.errors import CaseNotFound
from app.db import Session, unit_of_work
from miniprogram_api import clock_shapes
from miniprogram_api.case_shapes import CaseBriefOut, NextOut
from miniprogram_api.clock_shapes import ClockOut
from web.callers import PUBLIC
from web.door import Door
from web.times import ShanghaiTime

door = Door("track", __name__, url_prefix="/api/v1/track")

_OF_CASE = (
    "case_no",
    "task_name",
    "dept_name",
    "state",
    "state_text",
    "submitted_at",
    "notice_due_on",
    "correct_by",
    "accepted_at",
    "deemed_accepted_at",
    "not_accepted_at",
    "decided_at",
    "closed_at",
    "terminated_at",
    "promised_due_on",
    "statutory_due_on",
    "notice_from",
    "notice_until",
    "notice_objected_on",
)


class TrackIn(Schema):
    """The six digits that the applicant was given."""

    query_code = fields.String(required=True, validate=validate.Length(1, 16))


class TrackLineOut(Schema):
    """One thing that happened, without names."""

    kind = fields.String()
    at = ShanghaiTime()
    sentence = fields.String()


class TrackOut(CaseBriefOut):
    """Where a case is; nothing personal."""

    class Meta:
        """What nobody but the applicant needs is left out."""

        exclude = ("organisation_id", "task_code", "created_at", "withdrawn_at")

    next = fields.Nested(NextOut)
    clock = fields.Nested(ClockOut, allow_none=True, metadata={"description": "without names and reasons"})
    timeline = fields.List(fields.Nested(TrackLineOut))


@door.get("/<case_no>", auth=PUBLIC, query=TrackIn, gives=TrackOut)
def track_case(case_no: str, query: dict[str, Any]) -> ResponseReturnValue:
    """Show where a case is to whoever holds its number and its code (凭查询码查进度)."""
    with unit_of_work() as session:
        found = tracking.look(session, case_no=case_no, query_code=query["query_code"])
        shown = None if found is None else _shown(session, found)
    # Raised after the unit of work, so that the try stays counted.
    if shown is None:
        raise CaseNotFound
    return shown


def _shown(session: Session, found: tracking.Tracked) -> dict[str, Any]:
    return {
        **CaseBriefOut(only=_OF_CASE).dump(found.case),
        "next": NextOut().dump(found.next),
        "clock": clock_shapes.clock(explained.of(session, found.case, for_owner=False)),
        "timeline": TrackLineOut(many=True).dump(found.timeline),
    }
