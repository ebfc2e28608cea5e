"""The catalogue as a file of our own shape (导出事项): what is imported again from it changes nothing."""

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.catalogue.models import GuideVersion, ServiceItem

_AT_ONCE = 200


def items(session: Session) -> Iterator[dict[str, Any]]:
    """The current version of every item that is not secret, by its code; suspended and cancelled ones too."""
    yield from session.scalars(in_force().order_by(ServiceItem.task_code))


def in_force() -> Select[dict[str, Any]]:
    """The current versions of what is not secret, a few at a time; to be narrowed and ordered."""
    now = clock.now()
    return (
        select(GuideVersion.body)
        .join(ServiceItem, ServiceItem.id == GuideVersion.service_item_id)
        .where(
            ServiceItem.secret.is_(False),
            GuideVersion.effective_from <= now,
            or_(GuideVersion.effective_to.is_(None), GuideVersion.effective_to > now),
        )
        .execution_options(yield_per=_AT_ONCE)
    )


def written(found: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """A JSON file piece by piece: keys sorted and one item per line, so that two exports can be compared."""
    yield b'{"items":[\n'
    for number, item in enumerate(found):
        yield (b",\n" if number else b"") + orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
    yield b"\n]}\n"
