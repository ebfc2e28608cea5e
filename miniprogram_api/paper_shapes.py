"""The blank forms and filled samples of a guide (空白表、示范样本), as the guide declares them."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, fields

from app.catalogue import item_files
from app.papers import checking
from app.papers.models import Paper
from app.papers.service import KIND_NAMES

# What stands in addresses → the field that names the file.
KINDS = {"blank": item_files.BLANK, "sample": item_files.SAMPLE}

Papers = Mapping[str, Paper]


class PaperOut(Schema):
    """A file to fetch: `size` in bytes, `sha256` of exactly the bytes at `url`, in hexadecimal digits."""

    name = fields.String()
    media_type = fields.String(metadata={"enum": list(checking.ENDINGS)})
    size = fields.Integer()
    sha256 = fields.String()
    url = fields.String()


def with_papers(
    materials: Iterable[Mapping[str, Any]], papers: Papers, *, task_code: str, version: int
) -> list[dict[str, Any]]:
    """The materials of a guide, each with the files that it names."""
    at = (task_code, version)
    return [
        {**told, **{kind: _paper(told, papers, kind=kind, at=at) for kind in KINDS}} for told in materials
    ]


def file_name(told: Mapping[str, Any], paper: Paper, *, kind: str) -> str:
    """How the file is called on a phone: after the material, whatever its maker called it."""
    return f"{told['name']}（{KIND_NAMES[KINDS[kind]]}）.{checking.ENDINGS[paper.media_type]}"


def _paper(
    told: Mapping[str, Any], papers: Papers, *, kind: str, at: tuple[str, int]
) -> dict[str, Any] | None:
    paper = papers.get(told.get(KINDS[kind]) or "")
    if paper is None:
        return None
    task_code, version = at
    return {
        "name": file_name(told, paper, kind=kind),
        "media_type": paper.media_type,
        "size": paper.size_bytes,
        "sha256": paper.sha256,
        "url": f"/api/v1/guides/{task_code}/materials/{told['material_code']}/{kind}?version={version}",
    }
