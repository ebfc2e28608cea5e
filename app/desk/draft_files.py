"""Blank forms and samples of a draft at the desk (草稿的空白表和样本)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.catalogue import item_files
from app.desk import drafting
from app.papers import queries as papers
from app.papers.errors import PaperNotFound
from app.papers.models import Paper
from app.papers.service import KIND_NAMES
from app.publishing import queries
from app.publishing.models import GuideDraft
from app.staff.sessions import OnDuty


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a file: which kind of which material, what lies there, and whether it is stored."""

    material_code: str
    material: str
    field: str
    kind: str
    sha256: str
    paper: Paper | None


def slots(session: Session, body: Mapping[str, Any]) -> list[Slot]:
    """Every place for a file in the order of the materials; a material without a code has none yet."""
    found = papers.of_guide(session, body=body)
    rows = [row for row in body.get("materials") or [] if isinstance(row, dict) and row.get("material_code")]
    return [
        Slot(
            material_code=str(row["material_code"]),
            material=str(row.get("name") or row["material_code"]),
            field=field,
            kind=kind,
            sha256=str(row.get(field) or ""),
            paper=found.get(str(row.get(field) or "")),
        )
        for row in rows
        for field, kind in KIND_NAMES.items()
    ]


def put(
    session: Session, *, clerk: OnDuty, draft_id: int, material_code: str, field: str, sha256: str | None
) -> GuideDraft:
    """Name a stored file in the draft, or name none any more. Raises PaperNotFound and as `save` does."""
    draft = queries.draft(session, author=drafting.author(clerk), draft_id=draft_id)
    if field not in (item_files.BLANK, item_files.SAMPLE):
        raise PaperNotFound
    rows = [dict(row) for row in draft.body.get("materials") or []]
    wanted = [row for row in rows if row.get("material_code") == material_code]
    if not wanted:
        raise PaperNotFound
    if sha256 is None:
        wanted[0].pop(field, None)
    else:
        wanted[0][field] = sha256
    body = {**draft.body, "materials": rows}
    return drafting.save(session, clerk=clerk, draft_id=draft_id, revision=draft.revision, body=body)


def one(session: Session, *, clerk: OnDuty, draft_id: int, sha256: str) -> Paper:
    """A file that the draft names; raises PaperNotFound, DraftNotFound."""
    draft = queries.draft(session, author=drafting.author(clerk), draft_id=draft_id)
    found = papers.of_guide(session, body=draft.body).get(sha256)
    if found is None:
        raise PaperNotFound
    return found
