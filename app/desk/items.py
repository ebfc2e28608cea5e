"""Items as a clerk reads them (事项库): in every state, with every version that was ever published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from app.catalogue import codes, search
from app.catalogue.errors import GuideNotFound
from app.catalogue.models import GuideVersion, ItemState, ServiceItem
from app.db import LARGEST_ID

PAGE = 30
_FOUND_BY_MEANING = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One item in a list; `version` is the one that lists are made from, the current or the last."""

    id: int
    task_code: str
    name: str
    theme: str
    dept_name: str
    state: str
    state_text: str
    limit_text: str
    fee_text: str
    version: int
    provenance: str


@dataclass(frozen=True, slots=True)
class Version:
    """When one version was in force; `effective_to` None: it still is."""

    number: int
    effective_from: datetime
    effective_to: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """An item with its versions, the newest first."""

    entry: Entry
    versions: list[Version]


@dataclass(frozen=True, slots=True)
class Published:
    """One version with all that was published."""

    entry: Entry
    version: Version
    body: dict[str, Any]


def page(
    session: Session, *, state: ItemState | None = None, after: int | None = None, limit: int = PAGE
) -> tuple[list[Entry], int | None]:
    """Items in the order of their entry, and after which id the next page begins."""
    asked = _entries().order_by(ServiceItem.id)
    if state is not None:
        asked = asked.where(ServiceItem.state == state.value)
    if after is not None:
        asked = asked.where(ServiceItem.id > min(after, LARGEST_ID))
    rows = session.execute(asked.limit(limit + 1)).all()
    return [_entry(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def find(session: Session, *, text: str, state: ItemState | None = None) -> list[Entry]:
    """Items by their code, a part of their name, or what somebody means by them; the best first."""
    hits = search.find(session, text=text, limit=_FOUND_BY_MEANING).hits
    meant = list(dict.fromkeys(hit.task_code for hit in hits if hit.task_code is not None))
    named = ServiceItem.name.contains(text, autoescape=True)
    asked = _entries().where(
        or_(named, ServiceItem.task_code == text.upper(), ServiceItem.task_code.in_(meant))
    )
    if state is not None:
        asked = asked.where(ServiceItem.state == state.value)
    places = {task_code: place for place, task_code in enumerate(meant)}
    found = [_entry(row) for row in session.execute(asked.order_by(ServiceItem.id).limit(2 * PAGE))]
    # Whoever types a code or a name means that; after it comes what is only near it.
    return sorted(found, key=lambda entry: (text not in entry.name, places.get(entry.task_code, len(places))))


def history(session: Session, *, task_code: str) -> History:
    """An item and its versions (版本); raises GuideNotFound."""
    row = _one(session, task_code)
    columns = (GuideVersion.version, GuideVersion.effective_from, GuideVersion.effective_to)
    asked = select(*columns).where(GuideVersion.service_item_id == row.id)
    found = session.execute(asked.order_by(GuideVersion.version.desc()))
    return History(_entry(row), [Version(*version) for version in found])


def published(session: Session, *, task_code: str, numbers: Sequence[int]) -> list[Published]:
    """Some versions of an item, in the order of `numbers`; raises GuideNotFound when one is missing."""
    row = _one(session, task_code)
    wanted = [number for number in numbers if number <= LARGEST_ID]
    asked = select(GuideVersion).where(
        GuideVersion.service_item_id == row.id, GuideVersion.version.in_(wanted)
    )
    found = {version.version: version for version in session.scalars(asked)}
    if any(number not in found for number in numbers):
        raise GuideNotFound(task_code=task_code)
    return [_published(row, found[number]) for number in numbers]


def _one(session: Session, task_code: str) -> Row[*tuple[Any, ...]]:
    row = None
    if codes.parts_of_task_code(task_code) is not None:
        row = session.execute(_entries().where(ServiceItem.task_code == task_code)).one_or_none()
    if row is None:
        raise GuideNotFound(task_code=task_code)
    return row


def _entries() -> Select[*tuple[Any, ...]]:
    """What is secret (涉密) is nobody's here either."""
    return select(
        ServiceItem.id,
        ServiceItem.task_code,
        ServiceItem.name,
        ServiceItem.theme,
        ServiceItem.dept_name,
        ServiceItem.state,
        ServiceItem.card,
        ServiceItem.provenance,
    ).where(ServiceItem.secret.is_(False))


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(
        id=row.id,
        task_code=row.task_code,
        name=row.name,
        theme=row.theme,
        dept_name=row.dept_name,
        state=row.state,
        state_text=codes.TASK_STATES[row.state],
        limit_text=str(row.card.get("limit_text", "")),
        fee_text=str(row.card.get("fee_text", "")),
        version=int(row.card.get("version", 1)),
        provenance=row.provenance,
    )


def _published(row: Row[*tuple[Any, ...]], found: GuideVersion) -> Published:
    version = Version(found.version, found.effective_from, found.effective_to)
    return Published(_entry(row), version, found.body)
