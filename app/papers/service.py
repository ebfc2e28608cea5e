"""What can be done with papers (上传、引用空白表和样本)."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.catalogue import item_files
from app.catalogue.item_files import Named
from app.db import unit_of_work
from app.papers import checking, queries
from app.papers.errors import PaperExpired, PaperNameWrong, PaperNotFound, PaperNotStored
from app.papers.models import Paper
from app.plain_text import readable
from app.storage import storage

KIND_NAMES = {item_files.BLANK: "空白表", item_files.SAMPLE: "样本"}
LONGEST_NAME = 200

# Far longer than any request lives: past it a paper without its bytes is what a crash left behind.
_ON_ITS_WAY = timedelta(hours=1)
# How long a clerk has from the upload to the draft that names the file.
UNNAMED_FOR = timedelta(days=7)
_AT_ONCE = 1000


def keep(content: bytes, file_name: str, clerk_id: int | None, *, recipe: bytes | None = None) -> Paper:
    """Check a file and store it (上传); the same bytes again are the paper they already are.

    Never call it inside a unit of work: the paper is noted and committed before its bytes are written, so
    that a crash between the two leaves nothing that is never found again. `clerk_id` is None for what the
    city draws itself, `recipe` the digest of what it was drawn from. Raises PaperTooLarge, PaperKindUnknown,
    PaperDamaged, PaperActive, PaperTurned, PaperNameWrong and PaperExpired.
    """
    checked = checking.check(content)
    name = readable(file_name).strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise PaperNameWrong
    sha256 = hashlib.sha256(checked.content).hexdigest()
    earlier = _kept_again(sha256, recipe=recipe)
    if earlier is not None:
        return _whole(earlier, checked.content)
    now = clock.now()
    paper = Paper(
        sha256=sha256,
        media_type=checked.media_type,
        size_bytes=len(checked.content),
        file_name=name,
        storage_key=f"papers/{secrets.token_hex(1)}/{secrets.token_hex(20)}",
        created_at=now,
        created_by=clerk_id,
        recipe=recipe,
        look_after=now + _ON_ITS_WAY,
    )
    with unit_of_work() as session:
        session.add(paper)
    storage().put(paper.storage_key, checked.content)
    try:
        return _stored(paper.id)
    except IntegrityError:  # somebody was quicker with the same bytes; ours go with the next clearing
        earlier = _kept_again(sha256, recipe=recipe)
        if earlier is None:
            raise PaperExpired from None
        return _whole(earlier, checked.content)


def unstored(session: Session, *, items: Iterable[Mapping[str, Any]]) -> list[tuple[str, Named]]:
    """Every file that the items name and that is not stored, with the item's code (缺少的表格文件).

    Those that are stored stay so until the unit of work ends, so that what is found here may be published.
    """
    named = [(item["task_code"], file) for item in items for file in item_files.named(item)]
    there: set[str] = set()
    wanted = sorted({file.sha256 for _, file in named})
    for start in range(0, len(wanted), _AT_ONCE):
        few = wanted[start : start + _AT_ONCE]
        held = select(Paper.sha256).where(Paper.sha256.in_(few), *queries.live())
        there.update(session.scalars(held.order_by(Paper.id).with_for_update(read=True, key_share=True)))
    return [(code, file) for code, file in named if file.sha256 not in there]


def hold(session: Session, *, items: Iterable[Mapping[str, Any]]) -> None:
    """Hold every file that the items name until the unit of work ends; call it before they are published.

    Raises PaperNotStored.
    """
    missing = unstored(session, items=items)
    if missing:
        _, first = missing[0]
        errors: dict[str, list[str]] = {}
        for _, file in missing:
            errors.setdefault(file.path, []).append(f"“{file.material}”的{KIND_NAMES[file.field]}还没有上传")
        raise PaperNotStored(
            count=len(missing), material=first.material, kind=KIND_NAMES[first.field], errors=errors
        )


def _kept_again(sha256: str, *, recipe: bytes | None) -> Paper | None:
    """The paper of these bytes, kept for some days more."""
    again: dict[str, Any] = {"look_after": clock.now() + UNNAMED_FOR}
    if recipe is not None:
        again["recipe"] = recipe
    with unit_of_work() as session:
        return session.scalar(
            update(Paper).where(Paper.sha256 == sha256, *queries.live()).values(again).returning(Paper)
        )


def _whole(paper: Paper, content: bytes) -> Paper:
    """The paper, its bytes written again if the storage has lost them."""
    try:
        queries.content(paper)
    except PaperNotFound:
        storage().put(paper.storage_key, content)
    return paper


def _stored(paper_id: int) -> Paper:
    """Say that the bytes are here; raises PaperExpired when the note has been given up meanwhile."""
    now = clock.now()
    with unit_of_work() as session:
        stored: Paper | None = session.scalar(
            update(Paper)
            .where(Paper.id == paper_id, Paper.given_up_at.is_(None))
            .values(stored_at=now, look_after=now + UNNAMED_FOR)
            .returning(Paper)
        )
    if stored is None:
        raise PaperExpired
    return stored
