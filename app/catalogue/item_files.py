"""The files that the materials of an item name (空白表、示范样本), by the SHA-256 of their bytes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.models import GuideVersion

BLANK, SAMPLE = "blank_file", "sample_file"


@dataclass(frozen=True, slots=True)
class Named:
    """One file that an item names: where, for which material (材料名称), and its SHA-256 in hex."""

    path: str
    field: str
    material: str
    sha256: str


def named(item: Mapping[str, Any]) -> Iterator[Named]:
    """Every file that an item names; a draft may be half written."""
    materials = item.get("materials")
    for place, material in enumerate(materials if isinstance(materials, list) else []):
        for field in (BLANK, SAMPLE) if isinstance(material, dict) else ():
            sha256 = material.get(field)
            if sha256 and isinstance(sha256, str):
                yield Named(f"materials[{place}].{field}", field, str(material.get("name") or ""), sha256)


def named_by_versions(session: Session, sha256s: Sequence[str]) -> set[str]:
    """Those of the given files that any version of any guide names, also an old one (被引用的文件)."""
    found = select(func.unnest(GuideVersion.files)).where(GuideVersion.files.overlap(list(sha256s)))
    return set(session.scalars(found)) & set(sha256s)
