"""What can be asked of the catalogue (查询办事指南、主题、部门、标签)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.catalogue import cards, codes
from app.catalogue.errors import GuideNotFound, ItemCancelled, ItemReplaced, ItemSuspended, ListNotFound
from app.catalogue.models import GuideVersion, ItemState, ReferenceList, ServiceItem

_KEPT_TO = select(GuideVersion).where(GuideVersion.id == bindparam("version_id"))


@dataclass(frozen=True, slots=True)
class Guide:
    """One version of one item's guide (办事指南); limits in days with their unit, fees in fen."""

    version_id: int
    version: int
    task_code: str
    name: str
    body: dict[str, Any]
    effective_from: datetime
    effective_to: datetime | None

    @property
    def dept_name(self) -> str:
        """The department that decides (实施主体)."""
        return str(self.body["dept_name"])

    @property
    def promise_day(self) -> int:
        """Days within which the office promises to decide (承诺时限)."""
        return int(self.body["promise_day"])

    @property
    def promise_unit(self) -> str:
        """WORKDAY or DAY."""
        return str(self.body["promise_unit"])

    @property
    def anticipate_day(self) -> int:
        """Days within which the law has it decided (法定时限)."""
        return int(self.body["anticipate_day"])

    @property
    def anticipate_unit(self) -> str:
        """WORKDAY or DAY."""
        return str(self.body["anticipate_unit"])

    @property
    def materials(self) -> list[dict[str, Any]]:
        """What must be handed in (申请材料)."""
        return list(self.body.get("materials", []))

    @property
    def fees(self) -> list[dict[str, Any]]:
        """What it may cost (收费项目); `charge` is "always", or "choose" when the situation decides."""
        return list(self.body.get("fees", []))

    @property
    def is_delegable(self) -> bool:
        """Whether anybody authorised in here may handle it for the applicant (可在线授权代办)."""
        return cards.is_delegable(self.body)

    @property
    def window_group(self) -> str | None:
        """The group of windows that handles it (窗口类别)."""
        return self.body.get("window_group")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of guides is narrowed by; None means everything."""

    audience: str | None = None
    theme: str | None = None
    department: str | None = None
    label: str | None = None
    channel: str | None = None
    max_visits: int | None = None
    cross_province: bool | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many public items share a word, and whether they are demonstration data."""

    name: str
    count: int
    provenance: str


def guide(
    session: Session, *, task_code: str, at: datetime | None = None, version: int | None = None
) -> Guide:
    """The current guide of an item; or the one of a moment or a number, whatever became of the item since.

    Raises GuideNotFound (also for drafts and secret items), ItemCancelled, ItemReplaced, ItemSuspended.
    """
    if codes.parts_of_task_code(task_code) is None:
        raise GuideNotFound(task_code=task_code)
    wanted = _version(at, version)
    found = session.execute(
        select(ServiceItem.state, ServiceItem.secret, GuideVersion)
        .outerjoin(GuideVersion, and_(GuideVersion.service_item_id == ServiceItem.id, wanted))
        .where(ServiceItem.task_code == task_code)
    ).one_or_none()
    if found is None or found.secret or found.GuideVersion is None:
        raise GuideNotFound(task_code=task_code)
    body = found.GuideVersion.body
    is_current = at is None and version is None
    _refuse_unusable(session, body, state=found.state if is_current else body["task_state"])
    return as_guide(found.GuideVersion)


def _refuse_unusable(session: Session, body: dict[str, Any], *, state: str) -> None:
    """Raises what is said of an item that is not in use: not yet, for a while, over, or replaced."""
    if state == ItemState.DRAFT:
        raise GuideNotFound(task_code=body["task_code"])
    if state == ItemState.SUSPENDED:
        raise ItemSuspended(task_code=body["task_code"])
    if state == ItemState.CANCELLED:
        code = body.get("successor_code")
        card = cards_of(session, task_codes=[code]).get(code) if code else None
        if card is None:
            raise ItemCancelled(task_code=body["task_code"])
        raise ItemReplaced(name=card["name"], successor={"task_code": code, "name": card["name"]})


def guide_by_version(session: Session, *, version_id: int) -> Guide:
    """A version that somebody keeps to, such as a case; also when the item is over. Raises GuideNotFound."""
    # A step asks for its guide again and again, and its body is long to read.
    read: dict[int, Guide] = session.info.setdefault("guides", {})
    if version_id not in read:
        found = session.scalars(_KEPT_TO, {"version_id": version_id}).one_or_none()
        if found is None:
            raise GuideNotFound(version_id=version_id)
        read[version_id] = as_guide(found)
    return read[version_id]


def held_body(session: Session, *, task_code: str) -> dict[str, Any] | None:
    """What the guide in force says, which nobody replaces before the unit of work ends.

    None when it is being replaced in this moment, or there is none.
    """
    found = session.scalar(_in_force(task_code).with_for_update(read=True, of=GuideVersion))
    return None if found is None else found.body


def body_in_force(session: Session, *, task_code: str) -> dict[str, Any] | None:
    """What the guide in force says, for whoever only reads it: waits for nobody; None when there is none."""
    found = session.scalar(_in_force(task_code))
    return None if found is None else found.body


def _in_force(task_code: str) -> Select[GuideVersion]:
    return (
        select(GuideVersion)
        .join(ServiceItem, ServiceItem.id == GuideVersion.service_item_id)
        .where(ServiceItem.task_code == task_code, GuideVersion.effective_to.is_(None))
    )


def guides_by_version(session: Session, *, version_ids: Collection[int]) -> dict[int, Guide]:
    """Several versions that somebody keeps to, by their ids: one statement for all."""
    found = session.scalars(select(GuideVersion).where(GuideVersion.id.in_(version_ids)))
    return {version.id: as_guide(version) for version in found}


def page(
    session: Session, *, wanted: Filter, after: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Cards of public items in the order of their entry, and after which id the next page begins."""
    statement = select(ServiceItem.id, ServiceItem.card).where(*public_only(wanted)).order_by(ServiceItem.id)
    if after is not None:
        statement = statement.where(ServiceItem.id > after)
    rows = session.execute(statement.limit(limit + 1)).all()
    more = rows[limit - 1].id if len(rows) > limit else None
    return [row.card for row in rows[:limit]], more


def cards_of(
    session: Session, *, task_codes: Sequence[str], wanted: Filter | None = None
) -> dict[str, dict[str, Any]]:
    """Cards of those of the given items that are public and pass the filter, by task code."""
    if not task_codes:
        return {}
    statement = select(ServiceItem.task_code, ServiceItem.card).where(
        ServiceItem.task_code.in_(task_codes), *public_only(wanted or Filter())
    )
    return {row.task_code: row.card for row in session.execute(statement)}


def themes(session: Session, *, audience: str | None = None) -> list[Count]:
    """Themes with the number of public items, largest first."""
    return _counts(session, ServiceItem.theme, audience)


def departments(session: Session, *, audience: str | None = None) -> list[Count]:
    """Departments with the number of public items, largest first."""
    return _counts(session, ServiceItem.dept_name, audience)


def labels(session: Session, *, audience: str | None = None) -> list[Count]:
    """Labels with the number of public items, in the order of cards.LABELS."""
    found = {count.name: count for count in _counts(session, func.unnest(ServiceItem.labels), audience)}
    return [found[name] for name in cards.LABELS if name in found]


def reference_list(session: Session, *, key: str) -> dict[str, Any]:
    """A reference list such as `fees`, `codes` or `divisions`; raises ListNotFound."""
    found = session.get(ReferenceList, key) if key.isidentifier() else None
    if found is None:
        raise ListNotFound(key=key)
    return found.body


def _version(at: datetime | None, version: int | None) -> ColumnElement[bool]:
    if version is not None:
        return GuideVersion.version == version
    if at is None:
        return GuideVersion.effective_to.is_(None)
    return and_(
        GuideVersion.effective_from <= at,
        or_(GuideVersion.effective_to.is_(None), GuideVersion.effective_to > at),
    )


def public_only(wanted: Filter) -> list[ColumnElement[bool]]:
    """What narrows a statement about items to those that are public and pass the filter."""
    public = [ServiceItem.state == ItemState.IN_USE.value, ServiceItem.secret.is_(False)]
    narrowed: tuple[tuple[Any, Callable[[Any], ColumnElement[bool]]], ...] = (
        (wanted.audience, lambda word: ServiceItem.audiences.contains([word])),
        (wanted.theme, lambda word: ServiceItem.theme == word),
        (wanted.department, lambda word: ServiceItem.dept_name == word),
        (wanted.label, lambda word: ServiceItem.labels.contains([word])),
        (wanted.channel, lambda word: ServiceItem.channels.contains([word])),
        (wanted.max_visits, lambda most: ServiceItem.visits <= most),
        (wanted.cross_province, ServiceItem.cross_province.is_),
    )
    return public + [condition(value) for value, condition in narrowed if value is not None]


def _counts(session: Session, column: Any, audience: str | None) -> list[Count]:
    name = column.label("name")
    counted = (
        select(
            name,
            func.count().label("count"),
            func.min(ServiceItem.provenance),
            func.max(ServiceItem.provenance),
        )
        .where(*public_only(Filter(audience=audience)))
        .group_by(name)
        .order_by(func.count().desc(), name)
    )
    return [
        Count(word, count, least if least == most else "mixed")
        for word, count, least, most in session.execute(counted)
    ]


def as_guide(version: GuideVersion) -> Guide:
    """A stored version as readers take it."""
    return Guide(
        version_id=version.id,
        version=version.version,
        task_code=version.body["task_code"],
        name=version.body["task_name"],
        body=version.body,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
    )
