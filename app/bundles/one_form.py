"""One form for all parts of a bundle (一张表单)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.cases import forms
from app.cases.forms import FormField
from app.catalogue.together import Part


@dataclass(frozen=True, slots=True)
class SharedField:
    """What is asked once (共用字段): `name` is how the one form calls it, `askers` are task codes.

    Fields are the same when key, words and kind agree: `kind` of an insurance is not `kind` of a disability.
    """

    name: str
    field: FormField
    askers: tuple[str, ...]


def labels(parts: Iterable[Part]) -> list[str]:
    """What all parts together ask, in the order of the parts, each once."""
    asked = merged({part.task_code: forms.fields_of(part.form_body) for part in parts})
    return [shared.field.label for shared in asked]


def merged(asked: Mapping[str, Sequence[FormField]]) -> list[SharedField]:
    """The fields of all parts (by task code), each once, in the order of the parts.

    A choice offers what all of its parts accept; where they have nothing in common it is asked for each.
    """
    found: list[SharedField] = []
    for code, fields in asked.items():
        for field in fields:
            place = next((at for at, shared in enumerate(found) if _same(shared.field, field)), None)
            if place is None:
                found.append(SharedField(_name(field, found), field, (code,)))
            else:
                shared = found[place]
                both = _both(shared.field, field)
                found[place] = replace(shared, field=both, askers=(*shared.askers, code))
    return found


def _same(one: FormField, other: FormField) -> bool:
    alike = (one.key, one.label, one.kind) == (other.key, other.label, other.kind)
    return alike and (not one.choices or bool(_common(one, other)))


def _both(one: FormField, other: FormField) -> FormField:
    return replace(
        one,
        required=one.required or other.required,
        max_length=min(one.max_length, other.max_length),
        choices=_common(one, other),
        hint=one.hint or other.hint,
    )


def _common(one: FormField, other: FormField) -> tuple[str, ...]:
    return tuple(choice for choice in one.choices if choice in other.choices)


def _name(field: FormField, found: Sequence[SharedField]) -> str:
    """The field's own key; the second of two that only share the key gets a number."""
    alike = sum(shared.field.key == field.key for shared in found)
    return f"{field.key}-{alike + 1}" if alike else field.key
