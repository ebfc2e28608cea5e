"""What an item needs to be decided at once (即办件审查要点): points that name only what is there.

A record of another source has no points and is decided by no machine, so nothing is asked of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.catalogue import form_shape
from app.catalogue.item_shape import Finding
from app.review_points import checking
from app.review_points.checking import Form, Named
from app.review_points.points import FIELD
from app.situations import guide as situations

Item = Mapping[str, Any]

INSTANT = "1"


def is_instant(body: Item) -> bool:
    """Whether an item is one to be decided at once (办件类型: 即办件)."""
    return body.get("project_type") == INSTANT


def promised(before: Item, after: dict[str, Any]) -> dict[str, Any]:
    """An item that was turned into an instant one promises zero days (承诺件改即办件, R013)."""
    if is_instant(after) and not is_instant(before):
        after["promise_day"] = 0
    return after


def check(item: Item, *, ours: bool) -> Iterator[Finding]:
    """What is missing or wrong in the review points (R088: 审查要点标准)."""
    raw = item.get(FIELD)
    if not raw:
        if ours and is_instant(item):
            yield Finding(FIELD, "review_points", "即办件要公开审查要点，请至少写一条")
        return
    for place, sentence in checking.faults(raw, _named(item)):
        yield Finding(f"{FIELD}{place}", "review_points", sentence)


def _named(item: Item) -> Named:
    materials = [str(material["material_code"]) for material in item.get("materials") or []]
    return Named(_form(item), situations.table_of(item), materials)


def _form(item: Item) -> Form:
    own = item.get("form")
    if not own:
        delivery = (item.get("result") or {}).get("delivery") or []
        return Form(form_shape.USUAL, {"delivery": delivery} if delivery else {})
    return Form(
        {field["key"]: field.get("kind", "text") for field in own},
        {field["key"]: field["choices"] for field in own if field.get("choices")},
    )
