"""What can be asked about papers (查询纸质表单)."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.catalogue import item_files
from app.papers.errors import PaperNotFound
from app.papers.models import Paper
from app.storage import FileMissingError, storage

_AT_ONCE = 1000


def live() -> tuple[ColumnElement[bool], ...]:
    """What makes a paper one that guides may name: its bytes are here and nobody removes them."""
    return Paper.stored_at.is_not(None), Paper.given_up_at.is_(None)


def by_digest(session: Session, *, sha256s: Collection[str]) -> dict[str, Paper]:
    """Those of the given papers that are stored, by their SHA-256."""
    found: dict[str, Paper] = {}
    wanted = sorted(set(sha256s))
    for start in range(0, len(wanted), _AT_ONCE):
        few = wanted[start : start + _AT_ONCE]
        papers = session.scalars(select(Paper).where(Paper.sha256.in_(few), *live()))
        found.update((paper.sha256, paper) for paper in papers)
    return found


def of_guide(session: Session, *, body: Mapping[str, Any]) -> dict[str, Paper]:
    """The stored papers that a guide names, by their SHA-256."""
    return by_digest(session, sha256s=[file.sha256 for file in item_files.named(body)])


def drawn(session: Session, *, recipes: Collection[bytes]) -> dict[bytes, str]:
    """The SHA-256 of what has been drawn before, by the digest of what it was drawn from."""
    found = session.execute(select(Paper.recipe, Paper.sha256).where(Paper.recipe.in_(recipes), *live()))
    return {row.recipe: row.sha256 for row in found if row.recipe is not None}


def content(paper: Paper) -> bytes:
    """The bytes of a paper; never call it inside a unit of work. Raises PaperNotFound."""
    try:
        return storage().get(paper.storage_key)
    except FileMissingError as error:
        raise PaperNotFound from error
