"""What can be done with drafts of guides (指南草稿): begin, write, hand in, release, throw away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import orjson
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.catalogue import codes, item_shape
from app.catalogue import service as catalogue
from app.catalogue.errors import GuideNotFound
from app.catalogue.item_fields import label_of
from app.plain_text import readable
from app.publishing import checking, merging, queries, releasing
from app.publishing.errors import (
    BaseMoved,
    CodeFixed,
    DraftBroken,
    DraftExists,
    DraftMoved,
    DraftNotThere,
    DraftTooLarge,
    DraftUnstorable,
    ItemExists,
    NothingChanged,
    ReasonMissing,
    SecondPersonNeeded,
)
from app.publishing.models import LIVE, DraftState, DraftStep, GuideDraft
from app.publishing.queries import STATE_TEXTS, Author

LARGEST_BODY = 1024 * 1024  # bytes of JSON; the largest guide seen takes 60 KB
REASON_LENGTH = 1000
# Of what no guide can hold; a text that is too long is kept until it is cut.
_UNSTORABLE = frozenset({"characters", "number", "depth"})

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """A draft that took over a newer version; `both` are the fields that each had changed differently."""

    draft: GuideDraft
    both: list[str]


def begin(session: Session, *, author: Author, task_code: str, body: Body | None = None) -> GuideDraft:
    """Begin to change an item (起草): from its latest version, or from `body` as it was imported.

    With `body` a code that no item has begins a new item, without it that is GuideNotFound. Raises
    DraftExists, DraftUnstorable, OrganisationForeign, and DraftNotFound for another department's item.
    """
    known = codes.parts_of_task_code(task_code) is not None
    latest = queries.latest(session, task_code=task_code) if known else None
    if latest is None and (body is None or not known):
        raise GuideNotFound(task_code=task_code)
    begun = dict(body) if body is not None else dict(latest.body) if latest is not None else {}
    begun["task_code"] = task_code
    if latest is None and author.department is not None and not begun.get("dept_name"):
        begun["dept_name"] = author.department
    queries.refuse_other_department(author, latest.body if latest is not None else begun)
    queries.refuse_other_department(author, begun)
    if latest is None:
        queries.refuse_foreign_organisation(session, author, task_code=task_code)
    draft_id = session.scalar(
        insert(GuideDraft)
        .values(begun_by(author, begun, base_version=None if latest is None else latest.version))
        .on_conflict_do_nothing()
        .returning(GuideDraft.id)
    )
    if draft_id is None:
        raise DraftExists
    draft = session.get_one(GuideDraft, draft_id)
    _step(session, draft, author=author, kind="begun")
    return draft


def begun_by(author: Author, body: Body, *, base_version: int | None) -> dict[str, Any]:
    """The columns of a draft that is begun now; raises DraftTooLarge, DraftUnstorable."""
    return {
        **_summary(body),
        "base_version": base_version,
        "body": _fitting(body),
        "revision": 1,
        "state": DraftState.EDITING.value,
        "editors": [author.clerk_id],
        "saved_at": clock.now(),
    }


def begin_new(session: Session, *, author: Author, task_code: str, copy_of: str | None = None) -> GuideDraft:
    """Begin a new item, empty or as a copy (新增事项). Raises ItemExists, PatternNotFound and as `begin`."""
    if queries.latest(session, task_code=task_code) is not None:
        raise ItemExists
    pattern = queries.pattern(session, task_code=copy_of)
    parts = codes.parts_of_task_code(task_code)
    if parts is None:
        raise DraftBroken(count=1, errors={"task_code": ["实施编码是31位或33位，请核对后再填"]})
    organisation, level, base = parts
    body = {
        **pattern,
        "dept_code": organisation,
        "use_level": level,
        "catalog_code": base,
        "item_key": None,
    }
    return begin(session, author=author, task_code=task_code, body=body)


def save(session: Session, *, author: Author, draft_id: int, revision: int, body: Body) -> GuideDraft:
    """Keep what a clerk wrote, whole or half (保存草稿). `revision` is the one they had before them.

    Raises DraftNotFound, DraftNotThere, DraftMoved, CodeFixed, DraftTooLarge, DraftUnstorable.
    """
    draft = _held(session, author, draft_id=draft_id, states=(DraftState.EDITING,))
    _refuse_moved(draft, revision)
    if body.get("task_code") != draft.task_code:
        raise CodeFixed
    queries.refuse_other_department(author, body)
    _write(draft, author, body)
    session.flush()
    return draft


def hand_in(session: Session, *, author: Author, draft_id: int, revision: int, reason: str) -> GuideDraft:
    """Give a draft to a second person (送审): all rules hold, something is changed, and it says why.

    Raises DraftBroken with every fault at once, NothingChanged, BaseMoved, ReasonMissing, DraftMoved,
    DraftNotThere.
    """
    draft = _held(session, author, draft_id=draft_id, states=(DraftState.EDITING,))
    _refuse_moved(draft, revision)
    said = readable(reason)[:REASON_LENGTH]
    if not said:
        raise ReasonMissing
    refuse_unready(session, draft)
    draft.state = DraftState.IN_REVIEW.value
    draft.reason = said
    draft.effective_at = _planned_for(draft.body)
    _step(session, draft, author=author, kind="handed_in", note=said)
    return draft


def take_back(session: Session, *, author: Author, draft_id: int, note: str = "") -> GuideDraft:
    """Go on writing (退回修改): by the reviewer with what is to be mended, or by whoever wrote it.

    A planned change is stopped by it. Raises DraftNotThere.
    """
    draft = _held(session, author, draft_id=draft_id, states=(DraftState.IN_REVIEW, DraftState.PLANNED))
    reopen(session, draft, author=author, note=note)
    return draft


def release(session: Session, *, author: Author, draft_id: int, revision: int) -> GuideDraft:
    """Let a draft become public, at once or on its day (审核通过); by somebody who did not write in it.

    What is public is read when it is our turn, so that no version can come between the look and the
    publication. Raises SecondPersonNeeded, DraftMoved, DraftBroken, BaseMoved, DraftNotThere, and
    OperationalError when others publish for too long.
    """
    draft = _held(session, author, draft_id=draft_id, states=(DraftState.IN_REVIEW,))
    if author.clerk_id in draft.editors:
        raise SecondPersonNeeded
    _refuse_moved(draft, revision)
    now = clock.now()
    planned = draft.effective_at is not None and draft.effective_at > now
    if not planned:
        catalogue.take_turn(session)
    refuse_unready(session, draft)
    draft.reviewed_by, draft.reviewed_at = author.clerk_id, now
    if planned:
        draft.state = DraftState.PLANNED.value
        _step(session, draft, author=author, kind="planned")
        return draft
    _step(session, draft, author=author, kind="released")
    releasing.publish(session, draft)
    return draft


def discard(session: Session, *, author: Author, draft_id: int) -> GuideDraft:
    """Throw a draft away (作废); it stays readable for those who look back, unless its item is secret by now.

    Raises DraftNotThere.
    """
    draft = _held(session, author, draft_id=draft_id, states=LIVE)
    draft.state = DraftState.DISCARDED.value
    _step(session, draft, author=author, kind="discarded")
    if draft.base_version is not None and queries.latest(session, task_code=draft.task_code) is None:
        releasing.forget(session, task_codes=[draft.task_code])
    return draft


def take_over(session: Session, *, author: Author, draft_id: int) -> Merged:
    """Bring what was published meanwhile into the draft (并入新版本). Raises DraftNotThere."""
    draft = _held(session, author, draft_id=draft_id, states=(DraftState.EDITING,))
    latest = queries.latest(session, task_code=draft.task_code)
    if latest is None or latest.version == draft.base_version:
        return Merged(draft, [])
    base = queries.body_of(session, task_code=draft.task_code, version=draft.base_version)
    body, both = merging.merged(base, draft.body, latest.body)
    draft.base_version = latest.version
    _write(draft, author, body)
    _step(session, draft, author=author, kind="merged", note=f"并入第{latest.version}版")
    return Merged(draft, both)


def reopen(session: Session, draft: GuideDraft, *, author: Author | None, note: str) -> None:
    """Make a held draft one that is written in again; without an author it was the system."""
    draft.state = DraftState.EDITING.value
    draft.reviewed_by = draft.reviewed_at = draft.effective_at = None
    _step(session, draft, author=author, kind="returned", note=readable(note)[:REASON_LENGTH])


def refuse_broken(session: Session, draft: GuideDraft) -> None:
    """Raises DraftBroken with every rule that the draft breaks."""
    findings = [finding for finding in checking.findings(session, draft.body) if finding.refuses]
    if findings:
        errors: dict[str, list[str]] = {}
        for finding in findings:
            errors.setdefault(finding.field, []).append(f"{finding.sentence}（规则：{finding.rule}）")
        raise DraftBroken(count=len(findings), errors=errors)


def refuse_unready(session: Session, draft: GuideDraft) -> None:
    """Raises DraftBroken with every fault at once, BaseMoved or NothingChanged."""
    refuse_broken(session, draft)
    latest = queries.latest(session, task_code=draft.task_code)
    if (None if latest is None else latest.version) != draft.base_version:
        raise BaseMoved
    if latest is not None and latest.in_force and latest.body == draft.body:
        raise NothingChanged


def _held(session: Session, author: Author, *, draft_id: int, states: tuple[DraftState, ...]) -> GuideDraft:
    """The draft with its row locked, so that two clerks cannot both take a step from the same state."""
    draft = queries.draft(session, author=author, draft_id=draft_id, lock=True)
    if draft.state not in states:
        raise DraftNotThere(state=STATE_TEXTS[DraftState(draft.state)])
    return draft


def _write(draft: GuideDraft, author: Author, body: Body) -> None:
    for name, value in _summary(body).items():
        setattr(draft, name, value)
    draft.body = _fitting(body)
    draft.revision += 1
    draft.saved_at = clock.now()
    if author.clerk_id not in draft.editors:
        draft.editors = [*draft.editors, author.clerk_id]


def _refuse_moved(draft: GuideDraft, revision: int) -> None:
    if draft.revision != revision:
        raise DraftMoved


def _planned_for(body: Body) -> datetime | None:
    """When the planned day begins; None: as soon as it is released."""
    day = checking.planned_day(body)
    return None if day is None else datetime.combine(day, time.min, tzinfo=clock.SHANGHAI)


def _summary(body: Body) -> dict[str, str]:
    """What lists of drafts show; a half-written draft may lack any of it."""
    return {
        "task_code": str(body["task_code"]),
        "task_name": str(body.get("task_name") or "还没有名称")[:200],
        "dept_code": str(body.get("dept_code") or "")[:18],
        "dept_name": str(body.get("dept_name") or "")[:100],
    }


def _fitting(body: Body) -> dict[str, Any]:
    for finding in item_shape.unstorable(dict(body)):
        if finding.rule in _UNSTORABLE:
            raise DraftUnstorable(where=label_of(finding.field))
    if len(orjson.dumps(body)) > LARGEST_BODY:
        raise DraftTooLarge
    return dict(body)


def _step(session: Session, draft: GuideDraft, *, author: Author | None, kind: str, note: str = "") -> None:
    session.add(
        DraftStep(
            draft_id=draft.id,
            at=clock.now(),
            clerk_id=None if author is None else author.clerk_id,
            actor_name="系统" if author is None else author.name,
            kind=kind,
            note=note,
        )
    )
    session.flush()
