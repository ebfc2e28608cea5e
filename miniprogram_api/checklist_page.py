"""A checklist as a page that prints well (办理清单打印页)."""

import hashlib
from pathlib import Path

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock, settings
from app.catalogue import cards
from app.checklists import queries
from app.codes import qr
from app.db import unit_of_work
from app.errors import DomainError
from app.situations import saying
from miniprogram_api.checklists import page_url
from web.callers import PUBLIC
from web.door import Door

door = Door("checklist_page", __name__, template_folder="templates")

_STYLE = (Path(__file__).with_name("templates") / "checklist.css").read_bytes()
_STYLE_VERSION = hashlib.sha256(_STYLE).hexdigest()[:12]
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
_A_DAY_S = 86400
_NEEDS = {"1": "必须带", "2": "有就带", "3": "可以后补"}


@door.get("/checklists/<checklist_no>", auth=PUBLIC)
def show(checklist_no: str) -> ResponseReturnValue:
    """Show the checklist with a code that leads back to it; `?large=1` in large letters."""
    try:
        with unit_of_work() as session:
            view = queries.checklist(session, checklist_no=checklist_no)
    except DomainError as refusal:
        return _page(None, status=refusal.status, sentence=refusal.sentence)
    return _page(view)


@door.get("/checklists/<checklist_no>/code.svg", auth=PUBLIC)
def code(checklist_no: str) -> ResponseReturnValue:
    """Give the code that leads to the page; raises ChecklistNotFound."""
    with unit_of_work() as session:
        view = queries.checklist(session, checklist_no=checklist_no)
    return Response(qr.svg(page_url(view.checklist_no)), mimetype="image/svg+xml")


@door.get("/checklist.css", auth=PUBLIC)
def style() -> ResponseReturnValue:
    """Give the style of the page."""
    answer = Response(_STYLE, mimetype="text/css")
    answer.headers["Cache-Control"] = f"public, max-age={_A_DAY_S}, immutable"
    return answer


def _page(view: queries.ChecklistView | None, *, status: int = 200, sentence: str = "") -> Response:
    html = render_template(
        "checklist.html",
        city=settings.current().city_name,
        view=view,
        sentence=sentence,
        number=_in_groups(view.checklist_no) if view else "",
        made_on=saying.day_in_words(clock.local(view.made_at).date()) if view else "",
        limit=cards.limit_text(*view.person.limit) if view else "",
        ways=[saying.way_in_words(way) for way in view.person.ways] if view else [],
        needs=_NEEDS,
        yuan=cards.yuan,
        is_large=request.args.get("large") == "1",
        is_demo=bool(view and str(view.guide.body["provenance"]).startswith("demo")),
        style_version=_STYLE_VERSION,
    )
    page = Response(html, status=status, mimetype="text/html")
    page.headers["Content-Security-Policy"] = _POLICY
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def _in_groups(checklist_no: str) -> str:
    """The number in groups of five, to be read out."""
    return " ".join(checklist_no[start : start + 5] for start in range(0, len(checklist_no), 5))
