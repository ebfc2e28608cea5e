"""The list of a bundle as a page that prints well (一件事办理清单打印页)."""

from flask import Response
from flask.typing import ResponseReturnValue

from app import clock
from app.bundles import lists
from app.checklists import numbers
from app.codes import qr
from app.db import unit_of_work
from app.errors import DomainError
from app.situations import saying
from miniprogram_api import list_pages
from miniprogram_api.bundle_lists import page_url
from web.callers import PUBLIC
from web.door import Door

door = Door("bundle_list_page", __name__, template_folder="templates")


@door.get("/bundle-lists/<list_no>", auth=PUBLIC)
def show(list_no: str) -> ResponseReturnValue:
    """Show the list of a bundle with a code that leads back to it; `?large=1` in large letters."""
    try:
        with unit_of_work() as session:
            view = lists.kept(session, list_no=list_no)
    except DomainError as refusal:
        return list_pages.drawn(
            "bundle_list.html", view=None, status=refusal.status, sentence=refusal.sentence
        )
    return list_pages.drawn(
        "bundle_list.html",
        view=view,
        provenance=view.provenance,
        number=numbers.in_groups(view.list_no),
        made_on=saying.day_in_words(clock.local(view.made_at).date()),
        asked=[one for one in view.personal.materials if one.giver is None],
        given=[one for one in view.personal.materials if one.giver is not None],
    )


@door.get("/bundle-lists/<list_no>/code.svg", auth=PUBLIC)
def code(list_no: str) -> ResponseReturnValue:
    """Give the code that leads to the page; raises ListNotFound."""
    with unit_of_work() as session:
        view = lists.kept(session, list_no=list_no)
    return Response(qr.svg(page_url(view.list_no)), mimetype="image/svg+xml")
