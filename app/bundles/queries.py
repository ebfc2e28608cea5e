"""What can be asked about bundles (查询一件事)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bundles.errors import BundleNotFound
from app.bundles.models import Bundle
from app.catalogue import queries as catalogue


@dataclass(frozen=True, slots=True)
class BundleView:
    """A bundle with the cards of those of its items that can be handled now."""

    bundle_key: str
    name: str
    audience: str
    body: dict[str, Any]
    provenance: str
    items: list[dict[str, Any]]


def all_of(
    session: Session, *, audience: str | None = None, after: int | None = None, limit: int = 20
) -> tuple[list[BundleView], int | None]:
    """Bundles in their order, with their items: two statements however many there are."""
    statement = select(Bundle).order_by(Bundle.place, Bundle.bundle_key)
    if audience is not None:
        statement = statement.where(Bundle.audience == audience)
    if after is not None:
        statement = statement.where(Bundle.place > after)
    found = session.scalars(statement.limit(limit + 1)).all()
    more = found[limit - 1].place if len(found) > limit else None
    return _views(session, found[:limit]), more


def bundle(session: Session, *, key: str) -> BundleView:
    """One bundle; raises BundleNotFound."""
    found = session.get(Bundle, key) if key.isprintable() else None  # PostgreSQL refuses NUL
    if found is None:
        raise BundleNotFound(key=key)
    return _views(session, [found])[0]


def _views(session: Session, found: Sequence[Bundle]) -> list[BundleView]:
    codes = {code for one in found for code in one.task_codes}
    cards = catalogue.cards_of(session, task_codes=sorted(codes))
    return [
        BundleView(
            one.bundle_key,
            one.name,
            one.audience,
            one.body,
            one.provenance,
            [cards[code] for code in one.task_codes if code in cards],
        )
        for one in found
    ]
