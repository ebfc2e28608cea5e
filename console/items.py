"""Items for reading (事项): browse, search, versions, what changed between two of them."""

from typing import Any

from flask.typing import ResponseReturnValue

from app import clock, plain_text
from app.catalogue.errors import GuideNotFound
from app.catalogue.models import ItemState
from app.db import unit_of_work
from app.desk import drafting, duties, item_words, items, situation_words
from console import callers, pages
from console.callers import Staff
from console.forms import DifferenceIn, ItemsIn
from console.making import console_door

door = console_door("console_items")

_STATES = {
    ItemState.IN_USE: "在用",
    ItemState.SUSPENDED: "挂起",
    ItemState.CANCELLED: "取消",
    ItemState.DRAFT: "草稿",
}
# Shown in parts of their own.
_APART = {
    "materials",
    "fees",
    "handle_flow",
    "legal_basis",
    "faqs",
    "accept_condition",
    "common_mistakes",
    "special_procedure",
    "form",
    "situations",
    "review_points",
}


@door.get("/items", auth=Staff(duties.READING), query=ItemsIn)
def item_list(query: dict[str, Any]) -> ResponseReturnValue:
    """Show the items, or those that a search finds."""
    text = plain_text.words(query["q"])
    state = query["state"]
    with unit_of_work() as session:
        if text:
            found, following = items.find(session, text=text, state=state), None
        else:
            found, following = items.page(session, state=state, after=query["after"])
    return pages.page(
        "items.html",
        found=found,
        following=following,
        further=query["after"] is not None,
        text=text,
        state=state,
        states=_STATES,
    )


@door.get("/items/<task_code>", auth=Staff(duties.READING))
def item(task_code: str) -> ResponseReturnValue:
    """Show an item with its versions."""
    with unit_of_work() as session:
        history = items.history(session, task_code=task_code)
    may_draft = bool(callers.current_clerk().roles & drafting.DRAFTING)
    return pages.page("item.html", entry=history.entry, versions=history.versions, may_draft=may_draft)


@door.get("/items/<task_code>/versions/<int:number>", auth=Staff(duties.READING))
def version(task_code: str, number: int) -> ResponseReturnValue:
    """Show all of one version."""
    with unit_of_work() as session:
        found = items.published(session, task_code=task_code, numbers=[number])[0]
    body = found.body
    plain = {key: body[key] for key in item_words.in_order(body) if key not in _APART}
    return pages.page(
        "item_version.html",
        entry=found.entry,
        version=found.version,
        body=body,
        plain=plain,
        situations=situation_words.of(body, today=clock.today()),
        said=item_words.said,
        label=item_words.label,
    )


@door.get("/items/<task_code>/difference", auth=Staff(duties.READING), query=DifferenceIn)
def difference(task_code: str, query: dict[str, int]) -> ResponseReturnValue:
    """Show what changed between two versions."""
    before, after = query["before"], query["after"]
    if before == after:
        raise GuideNotFound(task_code=task_code)
    with unit_of_work() as session:
        old, new = items.published(session, task_code=task_code, numbers=sorted((before, after)))
    return pages.page(
        "item_difference.html",
        entry=new.entry,
        old=old.version,
        new=new.version,
        changes=item_words.changes(
            *(situation_words.comparable(one.body, today=clock.today()) for one in (old, new))
        ),
    )
