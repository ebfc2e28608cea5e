"""Lists read from the items' facts, which follow every publication (大厅可办事项、特殊环节清单)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.catalogue.generation import watch
from app.catalogue.models import ServiceItem
from app.centres import naming
from app.centres.models import Centre
from app.figures import facts
from app.figures.models import ItemFacts
from app.figures.public import PUBLIC


class _Followed:
    """Up to which generation of the catalogue this process knows the facts to be right."""

    generation = -1


def page(
    session: Session, *, centre: Centre, after: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Cards of the public items that a hall handles, and after which id the next page begins.

    A community station offers what is marked 就近办, other halls whatever names them.
    """
    _follow(session)
    statement = (
        select(ServiceItem.id, ServiceItem.card)
        .join(ItemFacts, ItemFacts.service_item_id == ServiceItem.id)
        .where(ItemFacts.centres.contains([centre.id]), *PUBLIC)
        .order_by(ServiceItem.id)
    )
    if naming.is_community(centre.level):
        statement = statement.where(ItemFacts.nearby.is_(True))
    if after is not None:
        statement = statement.where(ServiceItem.id > after)
    rows = session.execute(statement.limit(limit + 1)).all()
    more = rows[limit - 1].id if len(rows) > limit else None
    return [row.card for row in rows[:limit]], more


def special_steps(
    session: Session, *, after: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """The special steps of public items, item by item, and after which id the next page begins.

    A page has the steps of up to `limit` items, never of half an item.
    """
    _follow(session)
    statement = (
        select(ServiceItem.id, ServiceItem.task_code, ServiceItem.name, ItemFacts.special_steps)
        .join(ItemFacts, ItemFacts.service_item_id == ServiceItem.id)
        .where(ItemFacts.special_steps != [], *PUBLIC)
        .order_by(ServiceItem.id)
    )
    if after is not None:
        statement = statement.where(ServiceItem.id > after)
    rows = session.execute(statement.limit(limit + 1)).all()
    steps = [
        {**step, "task_code": row.task_code, "item_name": row.name}
        for row in rows[:limit]
        for step in row.special_steps
    ]
    return steps, rows[limit - 1].id if len(rows) > limit else None


def _follow(session: Session) -> None:
    """Bring the facts up to date, once for each generation."""
    generation = watch.number(session)
    if _Followed.generation != generation and facts.follow(session, now=clock.now()):
        _Followed.generation = generation
