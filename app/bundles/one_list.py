"""One list of materials for all parts of an application (一套材料)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.bundles import results, standing
from app.bundles.parts import WholePart
from app.cases import completeness
from app.certificates.models import Certificate
from app.materials import service as materials
from app.materials.models import Photo


@dataclass(frozen=True, slots=True)
class SharedMaterial:
    """One thing to hand in, given once (材料): the same name is the same thing.

    Its photos go to `home`, where it is called `code`; `codes` is how each part that wants it calls it.
    `giver` is the earlier part whose result it is; then nobody is asked for it, and `certificate` is there
    once that part was granted.
    """

    name: str
    code: str
    home: WholePart
    codes: tuple[tuple[WholePart, str], ...]
    mandatory: bool
    one_of: str | None
    takes_photos: bool
    fill_note: str
    photos: Sequence[Photo]
    giver: WholePart | None
    certificate: Certificate | None


@dataclass(frozen=True, slots=True)
class _Wish:
    part: WholePart
    material: Mapping[str, Any]
    giver: WholePart | None

    @property
    def code(self) -> str:
        return str(self.material["material_code"])

    @property
    def photos(self) -> Sequence[Photo]:
        return self.part.photos.get(self.code, ())

    @property
    def lacks_photos(self) -> bool:
        takes_them = completeness.takes_photos(self.material) and standing.is_draft(self.part.case)
        return takes_them and not self.photos


def merged(parts: Sequence[WholePart]) -> list[SharedMaterial]:
    """What all parts want, each thing once, in the order of the parts."""
    return [_shared(wishes) for wishes in _wishes(parts)]


def share(session: Session, *, parts: Sequence[WholePart]) -> None:
    """Give every draft what was given to another part under the same name (一次提交、多处使用).

    A draft that has pages of its own keeps them. Raises TooManyPages.
    """
    for wishes in _wishes(parts):
        if wishes[0].giver is not None:
            continue
        pages = next((wish.photos for wish in wishes if wish.photos), ())
        for wish in wishes:
            if pages and wish.lacks_photos:
                materials.share(session, pages=pages, case_id=wish.part.case.id, material_code=wish.code)


def _wishes(parts: Sequence[WholePart]) -> list[list[_Wish]]:
    """Every material of every part, those that are the same thing together."""
    givers = results.givers(parts)
    found: dict[tuple[str, str | None], list[_Wish]] = {}
    for part in parts:
        for material in part.materials:
            giver = givers.get((part.code, str(material["material_code"])))
            key = (results.name_of(material), giver.code if giver else None)
            found.setdefault(key, []).append(_Wish(part, material, giver))
    return list(found.values())


def _shared(wishes: Sequence[_Wish]) -> SharedMaterial:
    home = _home(wishes)
    mandatory = any(completeness.is_mandatory(wish.material) for wish in wishes)
    choice = next((wish for wish in wishes if wish.material.get("one_of")), None)
    giver = wishes[0].giver
    return SharedMaterial(
        name=str(home.material["name"]),
        code=home.code,
        home=home.part,
        codes=tuple((wish.part, wish.code) for wish in wishes),
        mandatory=mandatory,
        one_of=f"{choice.part.code}/{choice.material['one_of']}" if choice and not mandatory else None,
        takes_photos=completeness.takes_photos(home.material),
        fill_note=next((str(note) for wish in wishes if (note := wish.material.get("fill_note"))), ""),
        photos=home.photos,
        giver=giver,
        certificate=giver.certificate if giver else None,
    )


def _home(wishes: Sequence[_Wish]) -> _Wish:
    """Where photos are kept: where some are already, else the first part that still takes them."""
    taking = [wish for wish in wishes if completeness.takes_photos(wish.material)] or list(wishes)
    open_ones = [wish for wish in taking if standing.is_draft(wish.part.case)]
    given = [wish for wish in taking if wish.photos]
    return next(iter([*given, *open_ones, *taking]))
