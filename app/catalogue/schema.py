"""The shape of an item as JSON Schema 2020-12 (事项数据结构), made from the table of fields.

It says what the table says; how fields agree with each other is said by the rules (`rules`, `quality`).
"""

import functools
from typing import Any

import orjson

from app.catalogue.field_kinds import Field, Kind
from app.catalogue.item_fields import FIELDS

_TYPES = {
    Kind.TEXT: "string",
    Kind.WHOLE: "integer",
    Kind.FLAG: "boolean",
    Kind.TEXTS: "array",
    Kind.ROWS: "array",
    Kind.GROUP: "object",
}
_DIGEST = r"^([0-9a-f]{64})?$"
_DATE = r"^(\d{4}-\d{2}-\d{2})?$"


@functools.cache
def document() -> bytes:
    """The schema of a file of items, ready to be given out."""
    return orjson.dumps(schema(), option=orjson.OPT_INDENT_2)


def schema() -> dict[str, Any]:
    """The schema of a file of items: an object with the list `items`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "政务服务事项实施清单",
        "description": "Items in the shape in which this city imports and exports them.",
        "type": "object",
        "required": ["items"],
        "properties": {
            "meta": {"type": "object"},
            "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
        },
        "$defs": {"item": {"type": "object", **_members(FIELDS, inside=False)}},
    }


def _members(fields: tuple[Field, ...], *, inside: bool) -> dict[str, Any]:
    return {
        "required": [field.name for field in fields if field.needed],
        "properties": {field.name: _of(field, inside=inside) for field in fields},
    }


def _of(field: Field, *, inside: bool) -> dict[str, Any]:
    """One field; inside an object a text that may be left out may also be empty."""
    told: dict[str, Any] = {"title": field.label, "type": _TYPES[field.kind]}
    if field.note:
        told["description"] = field.note
    if field.words is not None:
        told["x-origin"], told["x-words"] = field.words.origin, dict(field.words)
    told |= _BOUNDS[field.kind](field)
    if inside and not field.needed and field.kind is Kind.TEXT:
        told.pop("minLength", None)
        if "enum" in told:
            told["enum"] = [*told["enum"], ""]
    if field.nullable:
        told["type"] = [told["type"], "null"]
        if "enum" in told:
            told["enum"] = [*told["enum"], None]
    return told


def _text(field: Field) -> dict[str, Any]:
    if field.words is not None:
        return {"enum": list(field.words)}
    told: dict[str, Any] = {"minLength": field.fewest, "maxLength": field.longest}
    if field.plain:
        told["pattern"] = "^[A-Za-z0-9._-]{1,64}$"
    if field.digest:
        told["pattern"] = _DIGEST
    if field.date:
        told["pattern"] = _DATE
    return told


def _texts(field: Field) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "string"}
    if field.words is not None:
        element["enum"] = list(field.words)
    return {"minItems": field.fewest, "items": element}


def _whole(field: Field) -> dict[str, Any]:
    return {"minimum": 0, "maximum": field.longest}


def _flag(_: Field) -> dict[str, Any]:
    return {}


def _rows(field: Field) -> dict[str, Any]:
    return {
        "minItems": field.fewest,
        "items": {"type": "object", **_members(field.parts, inside=True)},
    }


def _group(field: Field) -> dict[str, Any]:
    return _members(field.parts, inside=True)


_BOUNDS = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.FLAG: _flag,
    Kind.TEXTS: _texts,
    Kind.ROWS: _rows,
    Kind.GROUP: _group,
}
