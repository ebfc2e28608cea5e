"""Guides for partner systems (事项共享): what has changed, whole versions, their history."""

from typing import Any

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from app import clock
from app.catalogue import sharing
from app.catalogue.errors import GuideNotFound
from app.db import unit_of_work
from app.partners.errors import ParameterWrong, PublicGuideNotFound
from partner_api.callers import PARTNER
from web import paging
from web.door import Door
from web.times import ShanghaiTime

door = Door("partner_guides", __name__, url_prefix="/partner/v1/guides")

_LARGEST_VERSION = 2**31 - 1
_STATE = {"enum": list(sharing.STATES.values())}


class ChangesQuery(paging.PageIn):
    """Which guides: those that came into force at `since` or later."""

    since = fields.AwareDateTime(
        load_default=None,
        default_timezone=clock.SHANGHAI,
        metadata={"description": "RFC 3339; without an offset it is of Asia/Shanghai"},
    )


class VersionQuery(Schema):
    """Which version; without one, the newest."""

    version = fields.Integer(load_default=None, validate=validate.Range(1, _LARGEST_VERSION))


class SuccessorOut(Schema):
    """The item that is handled instead (替代事项)."""

    task_code = fields.String()
    name = fields.String()


class GuideVersionOut(Schema):
    """A version of a guide; `successor` says what replaced a cancelled item, null when nothing did."""

    task_code = fields.String()
    name = fields.String()
    version = fields.Integer()
    state = fields.String(metadata=_STATE)
    changed_at = ShanghaiTime()
    over_at = ShanghaiTime(allow_none=True)
    successor = fields.Nested(SuccessorOut, allow_none=True)


class WholeGuideOut(GuideVersionOut):
    """A version with all its fields, as /api/v1/guides/schema describes them."""

    body = fields.Dict()


@door.get("", auth=PARTNER, reads=ChangesQuery, gives=GuideVersionOut, many=True)
def list_changes() -> ResponseReturnValue:
    """List the newest versions of guides in the order in which they came (事项变更)."""
    query = _query(ChangesQuery())
    with unit_of_work() as session:
        found = sharing.changed(
            session, since=query["since"], after=query["cursor"], limit=query["limit"] + 1
        )
        return _answer(
            paging.page(
                found, limit=query["limit"], dump=GuideVersionOut().dump, key=lambda one: one.version_id
            )
        )


@door.get("/<task_code>", auth=PARTNER, reads=VersionQuery, gives=WholeGuideOut)
def show_guide(task_code: str) -> ResponseReturnValue:
    """Give a whole version of a guide, also of a cancelled item (事项全文)."""
    query = _query(VersionQuery())
    try:
        with unit_of_work() as session:
            found = sharing.whole(session, task_code=task_code, version=query["version"])
            return _answer(WholeGuideOut().dump(found))
    except GuideNotFound as error:
        raise PublicGuideNotFound from error


@door.get("/<task_code>/versions", auth=PARTNER, gives=GuideVersionOut, many=True)
def list_versions(task_code: str) -> ResponseReturnValue:
    """List every version of a guide, newest first (事项历史版本)."""
    try:
        with unit_of_work() as session:
            found = sharing.versions(session, task_code=task_code)
            return _answer({"items": GuideVersionOut(many=True).dump(found), "next_cursor": None})
    except GuideNotFound as error:
        raise PublicGuideNotFound from error


def _query(schema: Schema) -> dict[str, Any]:
    """The parameters of the address; raises ParameterWrong, in both languages."""
    try:
        read: dict[str, Any] = schema.load(request.args.to_dict(), unknown=EXCLUDE)
    except (ValidationError, OverflowError) as error:
        names = error.messages_dict if isinstance(error, ValidationError) else {"since": []}
        raise ParameterWrong(errors={name: ["格式不对 / malformed"] for name in names}) from error
    return read


def _answer(body: dict[str, Any]) -> Response:
    """The answer, or 304 when the partner has exactly this; it still counts as one request."""
    response = Response(orjson.dumps(body), mimetype="application/json")
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
