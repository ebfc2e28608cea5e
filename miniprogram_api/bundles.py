"""Several items as one matter (一件事)."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.bundles import following, queries, starting
from app.catalogue import cards
from app.db import unit_of_work
from miniprogram_api import bundle_shapes, cursors, etags
from miniprogram_api.bundle_questions import MOST_PARTS, TASK_CODE, said_field
from miniprogram_api.bundle_shapes import BundleStartedOut
from miniprogram_api.card_shapes import CardOut
from web.callers import CITIZEN_OR_COMPANY, PUBLIC, acting_for, audience_of, current_citizen_id
from web.door import Door

door = Door("bundles", __name__, url_prefix="/api/v1/bundles")


class BundlesQuery(Schema):
    """For whom, and which page."""

    audience = fields.String(load_default=None, validate=validate.OneOf(list(cards.AUDIENCES)))
    cursor = fields.String(load_default=None, validate=validate.Length(max=64))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


_MOST_ANSWERS = 40


class BundleStartIn(Schema):
    """Which items (task codes; none named: all), and what the citizen answered.

    `said` holds answers to the questions that are asked once, by their names; `answers` those to the guides'
    own questions, by task code, which go before.
    """

    parts = fields.List(fields.String(validate=TASK_CODE), validate=validate.Length(1, MOST_PARTS))
    said = said_field()
    answers = fields.Dict(
        keys=fields.String(validate=TASK_CODE),
        values=fields.Dict(
            keys=fields.String(validate=validate.Length(1, 64)),
            values=fields.String(validate=validate.Length(max=200)),
            validate=validate.Length(max=_MOST_ANSWERS),
        ),
        validate=validate.Length(max=MOST_PARTS),
    )


class BundleOut(Schema):
    """A bundle: its items, what others do, in which order, and what is saved."""

    bundle_key = fields.String()
    name = fields.String()
    audience = fields.String()
    items = fields.List(fields.Nested(CardOut))
    external = fields.List(fields.String(), metadata={"description": "what other offices do"})
    form_fields = fields.List(fields.String(), metadata={"description": "asked once for all items"})
    question_count = fields.Integer(metadata={"description": "situation questions, each counted once"})
    order = fields.List(
        fields.List(fields.String()), metadata={"description": "item keys; those in one step go in parallel"}
    )
    deadline_text = fields.String()
    tips = fields.String()
    materials_before = fields.Integer()
    materials_after = fields.Integer()
    visits_before = fields.Integer()
    longest_promise_days = fields.Integer()
    provenance = fields.String()


@door.get("", auth=PUBLIC, query=BundlesQuery, gives=BundleOut, many=True)
def list_bundles(query: dict[str, Any]) -> ResponseReturnValue:
    """List the bundles (一件事列表)."""
    after = cursors.number(query["cursor"])
    with unit_of_work() as session:
        found, more = queries.all_of(
            session, audience=audience_of(query["audience"]), after=after, limit=query["limit"]
        )
        body = {"items": [_bundle(one) for one in found], "next_cursor": cursors.write(more)}
    return etags.answer(etags.kept(body))


@door.get("/<key>", auth=PUBLIC, gives=BundleOut)
def show_bundle(key: str) -> ResponseReturnValue:
    """Show one bundle (一件事详情)."""
    with unit_of_work() as session:
        body = _bundle(queries.bundle(session, key=key))
    return etags.answer(etags.kept(body))


@door.post(
    "/<key>/applications",
    auth=CITIZEN_OR_COMPANY,
    takes=BundleStartIn,
    gives=BundleStartedOut,
    status=201,
    idempotent=True,
)
def start_bundle_application(key: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Begin an application for a bundle, or go on with the live draft (一件事申请)."""
    with unit_of_work() as session:
        started = starting.start(
            session,
            citizen_id=current_citizen_id(),
            organisation_id=acting_for(),
            bundle_key=key,
            chosen=data.get("parts"),
            answers=data.get("answers"),
            said=data.get("said"),
        )
        shown = bundle_shapes.whole(following.of_application(session, started.application))
        return {**shown, "left_out": started.left_out}, 201 if started.new else 200


def _bundle(view: queries.BundleView) -> dict[str, Any]:
    body = view.body
    dumped: dict[str, Any] = BundleOut().dump(
        {
            "bundle_key": view.bundle_key,
            "name": view.name,
            "audience": view.audience,
            "items": view.items,
            "external": body.get("external", []),
            "form_fields": view.form_fields,
            "question_count": view.question_count,
            "order": view.order,
            "deadline_text": body.get("deadline_policy", ""),
            "tips": body.get("tips", ""),
            "materials_before": view.figures.materials.before,
            "materials_after": view.figures.materials.after,
            "visits_before": view.figures.visits.before,
            "longest_promise_days": view.figures.slowest,
            "provenance": view.provenance,
        }
    )
    return dumped
