"""Words that were searched in vain (搜索用词): to be made names of items, or not."""

from collections.abc import Callable

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.catalogue.search_models import LONGEST_WORDS
from app.db import unit_of_work
from app.desk import search_words
from app.errors import DomainError, Invalid
from console import callers, pages
from console.callers import Staff
from console.forms import NoticeIn
from console.making import console_door

door = console_door("console_search_words")

_DONE = {"accepted": "已采纳，几秒后市民这样搜就能找到。", "refused": "已记下，这些词不再出现。"}
_MENDABLE = {404, 409, 422}
_MOST = 50


@door.get("/search-words", auth=Staff(search_words.REVIEWING), query=NoticeIn)
def search_word_list(query: dict[str, str]) -> ResponseReturnValue:
    """Show what citizens searched in vain, the most asked first."""
    return _page(notice=_DONE.get(query["done"], ""))


@door.post("/search-words/accept", auth=Staff(search_words.REVIEWING))
def accept_search_words() -> ResponseReturnValue:
    """Make words a name of an item (采纳)."""

    def act() -> None:
        said = _said()
        code = request.form.get("code", "").strip().upper() or request.form.get("candidate", "")
        with unit_of_work() as session:
            search_words.accept(session, clerk=callers.current_clerk(), said=said, task_code=code)

    return _done(act, done="accepted")


@door.post("/search-words/refuse", auth=Staff(search_words.REVIEWING))
def refuse_search_words() -> ResponseReturnValue:
    """Say that words name no item (不采纳)."""

    def act() -> None:
        said = _said()
        with unit_of_work() as session:
            search_words.refuse(session, clerk=callers.current_clerk(), said=said)

    return _done(act, done="refused")


def _said() -> list[str]:
    """The words that were ticked. Raises Invalid when there are none."""
    said = [
        one for one in request.form.getlist("words") if 0 < len(one) <= LONGEST_WORDS and one.isprintable()
    ]
    if not said:
        raise Invalid(errors={"words": ["请先勾选要处理的说法"]})
    return said[:_MOST]


def _done(act: Callable[[], None], *, done: str) -> ResponseReturnValue:
    try:
        act()
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(refusal=refusal)
    return pages.see_other("console_search_words.search_word_list", done=done)


def _page(*, notice: str = "", refusal: DomainError | None = None) -> Response:
    with unit_of_work() as session:
        found = search_words.page(session, clerk=callers.current_clerk())
    return pages.page(
        "search_words.html",
        status=200 if refusal is None else refusal.status,
        found=found,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
