"""What a second person signs (共同申请人同意书): everything that will be handed in, as it is now."""

import hashlib
import json
from collections.abc import Iterator
from enum import StrEnum

from app import clock
from app.cases import co_signed, forms, organisation, owed
from app.cases.co_sign_models import LIVE, CoSigning, CoState
from app.cases.dossier import Dossier
from app.cases.masking import masked
from app.cases.states import State
from app.materials.errors import PhotoNotFound
from app.materials.models import Photo
from app.undertakings import texts
from app.undertakings.texts import Text


class Standing(StrEnum):
    """How it stands with the second person's signature, for both."""

    NONE = "none"
    OPEN = "open"
    EXPIRED = "expired"
    TAKEN = "taken"
    SIGNED = "signed"
    CHANGED = "changed"
    DECLINED = "declined"
    ENDED = "ended"


_STILL_CHANGES = (State.DRAFT, State.CORRECTION)


def text(dossier: Dossier) -> Text:
    """The words that are signed: numbers and telephones masked, and a sum over all that is handed in.

    The sum changes with every letter of the form and every photo; so do the words, and their digest.
    """
    case, guide = dossier.case, dossier.guide
    values = forms.opened(case.sealed_form).values
    fields = organisation.fields_of(case, guide.body)
    filled = [field for field in fields if values.get(field.key)]
    names = _names(dossier)
    given = [f"{names.get(code, code)}：电子证照" for code in sorted(dossier.given)]
    photographed = [
        f"{names.get(code, code)}：{len(found)}张照片" for code, found in sorted(dossier.photos.items())
    ]
    return texts.co_sign(
        owed.matter(case, guide),
        who=co_signed.wanted(case, guide),
        form=[f"{field.label}：{masked(field, values[field.key])}" for field in filled],
        materials=[*photographed, *given],
        checksum=_checksum(dossier),
    )


def holds(dossier: Dossier) -> bool:
    """Whether the second person signed just what there is; once handed in, it stays as it was signed."""
    row = dossier.co_signing
    if row is None or row.state != CoState.SIGNED:
        return False
    return dossier.case.state not in _STILL_CHANGES or row.digest == text(dossier).digest


def standing(dossier: Dossier, row: CoSigning | None) -> Standing:
    """How it stands: a signature under other words than there are now is to be given anew."""
    if row is None:
        return Standing.NONE
    if row.state == CoState.OPEN and row.over_at <= clock.now():
        return Standing.EXPIRED
    if row.state == CoState.SIGNED and not holds(dossier):
        return Standing.CHANGED
    return Standing(row.state)


def is_open(dossier: Dossier, row: CoSigning) -> bool:
    """Whether what there is can be read and signed by whoever took the invitation."""
    return row.state in LIVE and dossier.case.state in _STILL_CHANGES


def pages(dossier: Dossier) -> Iterator[tuple[str, Photo]]:
    """Every page that would be handed in, with the name of its material."""
    names = _names(dossier)
    for code, photos in sorted(dossier.photos.items()):
        for photo in photos:
            yield names.get(code, code), photo


def photo(dossier: Dossier, row: CoSigning, *, photo_id: int) -> Photo:
    """One page of what can be signed now; raises PhotoNotFound."""
    if is_open(dossier, row):
        for _, found in pages(dossier):
            if found.id == photo_id:
                return found
    raise PhotoNotFound


def _names(dossier: Dossier) -> dict[str, str]:
    return {str(one["material_code"]): str(one["name"]) for one in dossier.guide.materials}


def _checksum(dossier: Dossier) -> str:
    """SHA-256 over the form, the answers, every page in its order, and the certificates."""
    whole = {
        "form": forms.opened(dossier.case.sealed_form).values,
        "answers": json.loads(dossier.case.sealed_answers),
        "photos": {code: [one.sha256.hex() for one in pages] for code, pages in dossier.photos.items()},
        "certificates": {code: one.identifier for code, one in dossier.given.items()},
    }
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
