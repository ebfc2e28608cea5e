"""Many drafts at once (批量起草): what a list of items changes, in a few statements for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_unless
from sqlalchemy.orm import Session

from app import clock
from app.catalogue import codes
from app.publishing import queries, service
from app.publishing.errors import DraftNotFound
from app.publishing.models import DraftStep, GuideDraft
from app.publishing.queries import Author, Latest, Organisations

_AT_ONCE = 200

Item = Mapping[str, Any]


@dataclass(slots=True)
class BroughtIn:
    """What became of a list: the drafts begun, and why there are no more of them, by name."""

    begun: list[GuideDraft] = field(default_factory=list)
    unchanged: int = 0
    busy: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def bring_in(session: Session, *, author: Author, items: Sequence[Item]) -> BroughtIn:
    """Begin a draft for every checked item that differs from what is public (导入为草稿).

    In the order of their codes, so that two who bring in the same items do not wait for each other in a
    circle. Raises DraftTooLarge, DraftUnstorable.
    """
    done = BroughtIn()
    ordered = _in_order(items)
    for start in range(0, len(ordered), _AT_ONCE):
        _begin(session, author, ordered[start : start + _AT_ONCE], done=done)
    return done


def _in_order(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: str(item["task_code"]))


def _begin(session: Session, author: Author, items: Sequence[Item], *, done: BroughtIn) -> None:
    known = queries.latest_of(session, task_codes=[str(item["task_code"]) for item in items])
    asked = {codes.organisation_of(str(item["task_code"])) for item in items}
    organisations = queries.organisations(session, author=author, codes_asked=asked)
    rows: list[dict[str, Any]] = []
    for item in items:
        latest = known.get(str(item["task_code"]))
        if latest is not None and latest.body == item:
            done.unchanged += 1
        elif not _is_theirs(item, latest, organisations):
            done.foreign.append(str(item["task_name"]))
        else:
            base = None if latest is None else latest.version
            rows.append(service.begun_by(author, item, base_version=base))
    if not rows:
        return
    taken = insert_unless(GuideDraft).values(rows).on_conflict_do_nothing().returning(GuideDraft)
    begun = sorted(session.scalars(taken), key=lambda draft: draft.task_code)
    there = {draft.task_code for draft in begun}
    done.begun += begun
    done.busy += [row["task_name"] for row in rows if row["task_code"] not in there]
    steps = [
        {
            "draft_id": draft.id,
            "at": clock.now(),
            "clerk_id": author.clerk_id,
            "actor_name": author.name,
            "kind": "begun",
            "note": "",
        }
        for draft in begun
    ]
    if steps:
        session.execute(insert(DraftStep), steps)


def _is_theirs(item: Item, latest: Latest | None, organisations: Organisations) -> bool:
    author = organisations.author
    try:
        queries.refuse_other_department(author, item if latest is None else latest.body)
        queries.refuse_other_department(author, item)
    except DraftNotFound:
        return False
    return latest is not None or not organisations.is_foreign(str(item["task_code"]))
