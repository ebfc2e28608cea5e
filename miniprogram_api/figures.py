"""What the city promised and how much of it is kept (承诺指标): as JSON, and as a page to read and print."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app import settings
from app.db import unit_of_work
from app.figures import queries
from app.figures.shapes import Unit
from miniprogram_api import etags
from web.callers import PUBLIC
from web.door import Door

door = Door("figures", __name__, template_folder="templates")

_STYLE = (Path(__file__).with_name("templates") / "figures.css").read_bytes()
_STYLE_VERSION = hashlib.sha256(_STYLE).hexdigest()[:12]
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
_A_DAY_S = 86400
_COUNTS = {"description": "what the value is counted from"}


class PartOut(Schema):
    """A line of a number."""

    name = fields.String()
    value = fields.Float(allow_none=True)
    text = fields.String()
    counted = fields.Float()
    of = fields.Float()


class ObservedOut(Schema):
    """What really happened, counted from closed cases."""

    definition = fields.String()
    value = fields.Float(allow_none=True)
    text = fields.String()
    counted = fields.Integer(metadata=_COUNTS)
    of = fields.Integer(metadata=_COUNTS)


class FigureOut(Schema):
    """One number: `counted` of `of` by `definition`; without cases or items the value is null."""

    key = fields.String()
    promises = fields.List(fields.String(), metadata={"description": "numbers of the promises, such as N08"})
    name = fields.String()
    definition = fields.String()
    unit = fields.String(metadata={"enum": [unit.value for unit in Unit]})
    value = fields.Float(allow_none=True)
    text = fields.String()
    counted = fields.Float(metadata=_COUNTS)
    of = fields.Float(allow_none=True, metadata=_COUNTS)
    goal = fields.Float(allow_none=True)
    goal_text = fields.String()
    kept = fields.Boolean(allow_none=True)
    observed = fields.Nested(ObservedOut, allow_none=True)
    parts = fields.List(fields.Nested(PartOut))


class StationOut(Schema):
    """A community station with how many items it offers."""

    centre_id = fields.String()
    name = fields.String()
    items = fields.Integer()


class OverVisitsOut(Schema):
    """An item whose cases took more visits than promised in the last 90 days."""

    task_code = fields.String()
    name = fields.String()
    promised = fields.Integer()
    cases = fields.Integer()


class BaselineOut(Schema):
    """Against which state reductions are counted."""

    frozen_on = fields.Date()
    note = fields.String()
    provenance = fields.String()


class NotMeasuredOut(Schema):
    """A promise without a number, and why."""

    promises = fields.List(fields.String())
    name = fields.String()
    reason = fields.String()


class ReportOut(Schema):
    """Every published number of a day."""

    counted_on = fields.Date()
    figures = fields.List(fields.Nested(FigureOut))
    stations = fields.List(fields.Nested(StationOut))
    over_visits = fields.List(fields.Nested(OverVisitsOut))
    baseline = fields.Nested(BaselineOut, allow_none=True)
    not_measured = fields.List(fields.Nested(NotMeasuredOut))
    provenance = fields.String()


@door.get("/api/v1/figures", auth=PUBLIC, gives=ReportOut)
def show_figures() -> ResponseReturnValue:
    """Give the promised numbers, each with what it is counted from (承诺指标)."""
    return etags.answer(etags.kept(_report()))


@door.get("/figures", auth=PUBLIC)
def figures_page() -> ResponseReturnValue:
    """Show the promised numbers as a page that can be read on a phone and printed (承诺指标公开)."""
    html = render_template(
        "figures.html", city=settings.current().city_name, report=_report(), style_version=_STYLE_VERSION
    )
    page = Response(html, mimetype="text/html")
    page.headers["Content-Security-Policy"] = _POLICY
    page.headers["Cache-Control"] = "public, no-cache"
    page.set_etag(hashlib.sha256(html.encode()).hexdigest()[:32])
    return page.make_conditional(request)


@door.get("/figures.css", auth=PUBLIC)
def figures_style() -> ResponseReturnValue:
    """Give the style of the page."""
    style = Response(_STYLE, mimetype="text/css")
    style.headers["Cache-Control"] = f"public, max-age={_A_DAY_S}, immutable"
    return style


def _report() -> dict[str, Any]:
    with unit_of_work() as session:
        report = queries.published.report(session)
    dumped: dict[str, Any] = ReportOut().dump(report)
    return dumped
