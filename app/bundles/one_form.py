"""One form for all parts of a bundle (一张表单)."""

from collections.abc import Iterable

from app.cases import forms
from app.catalogue.queries import Part


def labels(parts: Iterable[Part]) -> list[str]:
    """What all parts together ask, in the order of the parts, each once.

    Fields are the same when key, words and kind agree: `kind` of an insurance is not `kind` of a disability.
    """
    asked = {
        (field.key, field.label, field.kind): field.label
        for part in parts
        for field in forms.fields_of(part.form_body)
    }
    return list(asked.values())
