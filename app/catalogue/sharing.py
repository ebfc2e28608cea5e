"""Guides for other systems (事项共享): what has changed, whole versions, and no word that is ours alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.catalogue import codes, queries
from app.catalogue.errors import GuideNotFound
from app.catalogue.field_kinds import Field, Kind
from app.catalogue.item_fields import FIELDS
from app.catalogue.models import GuideVersion, ItemState, ServiceItem

STATES = {ItemState.IN_USE: "in_use", ItemState.SUSPENDED: "suspended", ItemState.CANCELLED: "cancelled"}

# A publication of a whole province takes minutes.
COMES_LATE = timedelta(hours=1)
# Reasons between departments, and notes of one clerk to another.
_OURS_ALONE = frozenset({"secret", "unified_reasons", "dept_code_explain", "remark"})
# What a case asks; no fields of the table, for they have shapes of their own.
_BESIDE = ("form", "situations", "review_points")


@dataclass(frozen=True, slots=True)
class Shared:
    """The newest version of an item, or another: `changed_at` is when it came into force.

    `successor` is the item that is handled instead of a cancelled one: its code and name.
    """

    version_id: int
    task_code: str
    name: str
    version: int
    state: str
    changed_at: datetime
    over_at: datetime | None
    successor: dict[str, str] | None
    stored: dict[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """The whole version without what is ours alone."""
        kept = _kept(self.stored, FIELDS)
        kept.update({name: self.stored[name] for name in _BESIDE if name in self.stored})
        return kept


def changed(session: Session, *, since: datetime | None, after: int | None, limit: int) -> list[Shared]:
    """The newest versions of public items in the order in which they came; `after` is a version's id.

    Publications wait for each other, so ids grow in the order in which versions can be seen: an item that
    changes while somebody pages moves to the end, and nothing is missed. A version is seen when its
    publication is committed, which may be long after the moment from which it holds: `since` reaches back by
    COMES_LATE, so that who asks from the moment of their last question misses none.
    Drafts and secret items are left out.
    """
    statement = _public(GuideVersion.effective_to.is_(None)).order_by(GuideVersion.id)
    if since is not None:
        statement = statement.where(GuideVersion.effective_from + COMES_LATE >= since)
    if after is not None:
        statement = statement.where(GuideVersion.id > after)
    return _shared(session, session.scalars(statement.limit(limit)))


def whole(session: Session, *, task_code: str, version: int | None = None) -> Shared:
    """One version of a public item, also of a cancelled one; raises GuideNotFound."""
    wanted = GuideVersion.effective_to.is_(None) if version is None else GuideVersion.version == version
    found = session.scalars(_public(_is(task_code), wanted)).one_or_none()
    if found is None or found.body["task_state"] == ItemState.DRAFT:
        raise GuideNotFound(task_code=task_code)
    return _shared(session, [found])[0]


def versions(session: Session, *, task_code: str) -> list[Shared]:
    """Every version of a public item, newest first; raises GuideNotFound."""
    found = session.scalars(_public(_is(task_code)).order_by(GuideVersion.version.desc()))
    public = [version for version in found if version.body["task_state"] != ItemState.DRAFT]
    if not public:
        raise GuideNotFound(task_code=task_code)
    return _shared(session, public)


def _is(task_code: str) -> ColumnElement[bool]:
    if codes.parts_of_task_code(task_code) is None:
        raise GuideNotFound(task_code=task_code)
    return ServiceItem.task_code == task_code


def _public(*wanted: ColumnElement[bool]) -> Select[GuideVersion]:
    return (
        select(GuideVersion)
        .join(ServiceItem, ServiceItem.id == GuideVersion.service_item_id)
        .where(ServiceItem.secret.is_(False), ServiceItem.state != ItemState.DRAFT.value, *wanted)
    )


def _shared(session: Session, found: Iterable[GuideVersion]) -> list[Shared]:
    found = list(found)
    named = [version.body.get("successor_code") for version in found]
    cards = queries.cards_of(session, task_codes=[code for code in named if code])
    return [
        Shared(
            version_id=version.id,
            task_code=version.body["task_code"],
            name=version.body["task_name"],
            version=version.version,
            state=STATES[ItemState(version.body["task_state"])],
            changed_at=version.effective_from,
            over_at=version.effective_to,
            successor={"task_code": code, "name": cards[code]["name"]} if code in cards else None,
            stored=version.body,
        )
        for version, code in zip(found, named, strict=True)
    ]


def _kept(told: Mapping[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """What the table of fields knows, and nothing that somebody wrote beside it."""
    return {
        field.name: _inner(told[field.name], field)
        for field in fields
        if field.name in told and field.name not in _OURS_ALONE
    }


def _inner(value: Any, field: Field) -> Any:
    if field.kind is Kind.ROWS and isinstance(value, list):
        return [_kept(row, field.parts) for row in value if isinstance(row, dict)]
    if field.kind is Kind.GROUP and isinstance(value, dict):
        return _kept(value, field.parts)
    return value
