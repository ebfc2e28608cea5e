"""What can be done with the catalogue (发布指南、导入问答、评价指南)."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from app import clock, logs
from app.catalogue import cards, generation, item_files
from app.catalogue.errors import TooMuchFeedback
from app.catalogue.models import Faq, GuideFeedback, GuideVersion, ItemState, ReferenceList, ServiceItem
from app.catalogue.queries import guide

Item = Mapping[str, Any]

_PUBLICATION = 7_119_023_004  # the key of the advisory lock
_LIMITS = ("lock_timeout", "statement_timeout")
_CHUNK = 500
# What an item of our own shape may leave out.
_DEFAULTS: Item = {
    "theme": "其他",
    "provenance": "city",
    "task_state": ItemState.IN_USE.value,
    "secret": False,
}
WITHHELD_NAME = "不公开事项"
UNNAMED_PER_DAY = 200


@dataclass(slots=True)
class Published:
    """What a publication did, in items."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withheld: int = 0

    @property
    def total(self) -> int:
        """All items that were looked at."""
        return self.added + self.changed + self.unchanged + self.withheld


@dataclass(slots=True)
class _Known:
    """What is stored of the items of one chunk."""

    items: dict[str, ServiceItem] = field(default_factory=dict)
    latest: dict[int, GuideVersion] = field(default_factory=dict)


def publish(session: Session, *, items: Sequence[Item], told: Callable[[], None] | None = None) -> Published:
    """Publish checked items: an unchanged one stays as it is, a changed one becomes a new version.

    What is secret (涉密) is never stored; an item that has become secret leaves the public at once.
    `told` is called once per item, for a progress bar. Raises OperationalError as `take_turn` does.
    """
    take_turn(session)
    done = Published()
    for start in range(0, len(items), _CHUNK):
        chunk = items[start : start + _CHUNK]
        known = _known(session, [item["task_code"] for item in chunk])
        for item in chunk:
            _publish_one(session, {**_DEFAULTS, **item}, known=known, done=done)
            if told is not None:
                told()
        session.flush()
    if done.unchanged < done.total:
        generation.advance(session)
    return done


def take_turn(session: Session) -> None:
    """One publication at a time, until the unit of work ends (排队发布): no two number the same version.

    What is read after it is what will be published over. Another publication may be a whole province: nobody
    at a desk waits for that longer than for any lock, and OperationalError says that the city is busy.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PUBLICATION})


def wait_for_turn(session: Session) -> None:
    """As `take_turn`, however long the others take: for an operator who has the time (命令行导入)."""
    for limit in _LIMITS:
        session.execute(text(f"SET LOCAL {limit} = 0"))
    take_turn(session)
    for limit in _LIMITS:
        session.execute(text(f"SET LOCAL {limit} TO DEFAULT"))


def load_faqs(session: Session, *, faqs: Iterable[Mapping[str, Any]]) -> int:
    """Store questions and answers by their `faq_id`; returns how many are new or changed."""
    rows = [
        {
            "faq_key": faq["faq_id"],
            "task_code": faq.get("task_code"),
            "tag": faq["tag"],
            "question": faq["question"],
            "paraphrases": list(faq.get("paraphrases", [])),
            "answer": faq["answer"],
            "provenance": faq["provenance"],
        }
        for faq in faqs
    ]
    changed = _upsert(session, Faq, rows, key="faq_key")
    if changed:
        generation.advance(session)
    return changed


def load_lists(session: Session, *, lists: Mapping[str, Mapping[str, Any]]) -> int:
    """Store reference lists by their keys; returns how many are new or changed."""
    rows = [
        {"key": key, "body": dict(body), "provenance": body.get("meta", {}).get("provenance")}
        for key, body in lists.items()
    ]
    return _upsert(session, ReferenceList, rows, key="key")


def give_feedback(
    session: Session, *, task_code: str, useful: bool, comment: str | None, citizen_id: int | None
) -> None:
    """Keep whether a guide helped; a citizen's later opinion about the same version replaces the earlier.

    Numbers that name a person are masked. Raises GuideNotFound, ItemCancelled, and TooMuchFeedback when
    unnamed remarks about one guide reach UNNAMED_PER_DAY within a day.
    """
    version_id = guide(session, task_code=task_code).version_id
    now = clock.now()
    said = logs.masked(comment.replace("\x00", "").strip())[:500] if comment else None
    if citizen_id is None:
        _refuse_a_flood(session, version_id)
    statement = insert(GuideFeedback).values(
        guide_version_id=version_id,
        citizen_id=citizen_id,
        useful=useful,
        comment=said or None,
        created_at=now,
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[GuideFeedback.citizen_id, GuideFeedback.guide_version_id],
            set_={"useful": useful, "comment": said or None, "created_at": now},
        )
    )


def _refuse_a_flood(session: Session, version_id: int) -> None:
    today = (
        select(func.count())
        .select_from(GuideFeedback)
        .where(
            GuideFeedback.guide_version_id == version_id,
            GuideFeedback.citizen_id.is_(None),
            GuideFeedback.created_at > clock.now() - timedelta(days=1),
        )
    )
    if (session.scalar(today) or 0) >= UNNAMED_PER_DAY:
        raise TooMuchFeedback(retry_after=3600)


def _upsert(session: Session, model: type[Any], rows: list[dict[str, Any]], *, key: str) -> int:
    """Insert or change rows where they differ; how many did."""
    if not rows:
        return 0
    statement = insert(model).values(rows)
    table = model.__table__
    new = {name: statement.excluded[name] for name in rows[0] if name != key}
    differs = func.row(*(table.c[name] for name in new)).is_distinct_from(func.row(*new.values()))
    changed = session.execute(
        statement.on_conflict_do_update(index_elements=[key], set_=new, where=differs).returning(table.c[key])
    )
    return len(changed.all())


def _known(session: Session, task_codes: Sequence[str]) -> _Known:
    found = session.scalars(select(ServiceItem).where(ServiceItem.task_code.in_(task_codes))).all()
    latest = session.scalars(
        select(GuideVersion)
        .where(GuideVersion.service_item_id.in_([item.id for item in found]))
        .ext(distinct_on(GuideVersion.service_item_id))
        .order_by(GuideVersion.service_item_id, GuideVersion.version.desc())
    )
    return _Known(
        {item.task_code: item for item in found}, {version.service_item_id: version for version in latest}
    )


def _publish_one(session: Session, item: dict[str, Any], *, known: _Known, done: Published) -> None:
    stored = known.items.get(item["task_code"])
    latest = None if stored is None else known.latest.get(stored.id)
    if item["secret"]:
        _withhold(stored, latest)
        done.withheld += 1
        return
    digest = hashlib.sha256(orjson.dumps(item, option=orjson.OPT_SORT_KEYS)).digest()
    if latest is not None and latest.effective_to is None and latest.digest == digest:
        done.unchanged += 1
        return
    now = clock.now()
    number = 1
    if latest is not None:
        number = latest.version + 1
        now = max(now, latest.effective_from)  # a clock set back must not turn history round
        if latest.effective_to is None:
            latest.effective_to = now
            session.flush()  # the old version ends before the new one begins: one is current at a time
    if stored is None:
        stored = ServiceItem(task_code=item["task_code"])
        session.add(stored)
        done.added += 1
    else:
        done.changed += 1
    _describe(stored, item, version=number)
    session.flush()
    session.add(
        GuideVersion(
            service_item_id=stored.id,
            version=number,
            body=item,
            digest=digest,
            effective_from=now,
            files=sorted({file.sha256 for file in item_files.named(item)}),
        )
    )


def _withhold(stored: ServiceItem | None, latest: GuideVersion | None) -> None:
    if stored is None:
        return
    stored.secret, stored.name, stored.card = True, WITHHELD_NAME, {}
    if latest is not None and latest.effective_to is None:
        latest.effective_to = max(clock.now(), latest.effective_from)


def _describe(stored: ServiceItem, item: Item, *, version: int) -> None:
    stored.item_key = item.get("item_key")
    stored.name = item["task_name"]
    stored.state = item["task_state"]
    stored.secret = False
    stored.theme = item["theme"]
    stored.dept_code = item["dept_code"]
    stored.dept_name = item["dept_name"]
    stored.audiences = cards.audiences(item)
    stored.labels = cards.labels(item)
    stored.channels = cards.channels(item)
    stored.visits = item["limit_scene_num"]
    stored.cross_province = cards.crosses_provinces(item)
    stored.provenance = item["provenance"]
    stored.card = cards.card(item, version=version)
