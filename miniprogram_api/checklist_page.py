"""A checklist as a page that prints well (办理清单打印页)."""

from flask import Response
from flask.typing import ResponseReturnValue

from app import clock
from app.catalogue import cards
from app.checklists import numbers, queries
from app.codes import qr
from app.db import unit_of_work
from app.errors import DomainError
from app.situations import saying
from miniprogram_api import list_pages
from miniprogram_api.checklists import page_url
from web.callers import PUBLIC
from web.door import Door

door = Door("checklist_page", __name__, template_folder="templates")

_A_DAY_S = 86400


@door.get("/checklists/<checklist_no>", auth=PUBLIC)
def show(checklist_no: str) -> ResponseReturnValue:
    """Show the checklist with a code that leads back to it; `?large=1` in large letters."""
    try:
        with unit_of_work() as session:
            view = queries.checklist(session, checklist_no=checklist_no)
    except DomainError as refusal:
        return list_pages.drawn("checklist.html", view=None, status=refusal.status, sentence=refusal.sentence)
    return list_pages.drawn(
        "checklist.html",
        view=view,
        provenance=str(view.guide.body["provenance"]),
        number=numbers.in_groups(view.checklist_no),
        made_on=saying.day_in_words(clock.local(view.made_at).date()),
        limit=cards.limit_text(*view.person.limit),
        ways=[saying.way_in_words(way) for way in view.person.ways],
    )


@door.get("/checklists/<checklist_no>/code.svg", auth=PUBLIC)
def code(checklist_no: str) -> ResponseReturnValue:
    """Give the code that leads to the page; raises ChecklistNotFound."""
    with unit_of_work() as session:
        view = queries.checklist(session, checklist_no=checklist_no)
    return Response(qr.svg(page_url(view.checklist_no)), mimetype="image/svg+xml")


@door.get("/checklist.css", auth=PUBLIC)
def style() -> ResponseReturnValue:
    """Give the style of the page."""
    answer = Response(list_pages.STYLE, mimetype="text/css")
    answer.headers["Cache-Control"] = f"public, max-age={_A_DAY_S}, immutable"
    return answer
