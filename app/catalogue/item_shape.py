"""The fields of an item and what each may hold (事项字段)."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from app.catalogue import codes


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one item: where, against which rule, in one sentence."""

    field: str
    rule: str
    sentence: str
    refuses: bool = True


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a field's value must be."""

    type: type
    needed: bool = True
    words: Collection[str] | None = None
    longest: int = 4000
    fewest: int = 0
    nullable: bool = False


_DAYS = 3650
_VISITS = 9
_LONGEST_TEXT = 20_000  # characters
_DEEPEST = 32
_BEYOND = 2**63
# Material and fee codes stand in addresses and in columns of this length.
_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")

_FLAGS = (
    *("is_fee", "is_pay_online", "is_schedule", "cross_province"),
    *("auto_enjoy", "notify_commit", "tolerant_accept", "elder_focus"),
)
_REMARKS = (
    *("anticipate_explain", "promise_explain", "limit_scene_explain", "schedule_explain", "fee_basis"),
    *(
        "task_type_text",
        "project_type_text",
        "use_level_text",
        "handle_area_text",
        "online_handle_depth_text",
    ),
    *("window_group", "transact_time"),
)
FIELDS: dict[str, _Kind] = {
    "task_code": _Kind(str, fewest=31, longest=33),
    "catalog_code": _Kind(str, longest=12),
    "task_name": _Kind(str, fewest=2, longest=200),
    "item_key": _Kind(str, needed=False, longest=64, nullable=True),
    "task_state": _Kind(str, needed=False, words=codes.TASK_STATES),
    "task_type": _Kind(str, words=codes.TASK_TYPES),
    "use_level": _Kind(str, words=codes.USE_LEVELS),
    "dept_code": _Kind(str, fewest=18, longest=18),
    "dept_name": _Kind(str, fewest=2, longest=100),
    "theme": _Kind(str, needed=False, fewest=1, longest=64),
    "provenance": _Kind(str, needed=False, fewest=1, longest=64),
    "project_type": _Kind(str, words=codes.PROJECT_TYPES),
    "anticipate_day": _Kind(int, longest=_DAYS),
    "anticipate_unit": _Kind(str, words=codes.LIMIT_UNITS),
    "promise_day": _Kind(int, longest=_DAYS),
    "promise_unit": _Kind(str, words=codes.LIMIT_UNITS),
    "limit_scene_num": _Kind(int, longest=_VISITS),
    "online_handle_depth": _Kind(int, longest=4),
    "server_type": _Kind(list, fewest=1, words=codes.SERVER_TYPES),
    "handle_type": _Kind(list, fewest=1, words=codes.HANDLE_TYPES),
    "plain_names": _Kind(list, needed=False, fewest=1),
    "accept_condition": _Kind(list, fewest=1),
    "common_mistakes": _Kind(list, fewest=1),
    "materials": _Kind(list),
    "faqs": _Kind(list, needed=False, fewest=1),
    "handle_flow": _Kind(list, fewest=3),
    "legal_basis": _Kind(list, fewest=1),
    "fees": _Kind(list, needed=False),
    "keywords": _Kind(list, needed=False),
    "special_procedure": _Kind(list, needed=False),
    "intermediary_service": _Kind(list, needed=False),
    "four_ban": _Kind(dict),
    "delegation": _Kind(dict, needed=False),
    "consult_phone": _Kind(str, fewest=3, longest=64),
    "complain_phone": _Kind(str, fewest=3, longest=64),
    "last_reviewed": _Kind(str, needed=False),
    "secret": _Kind(bool, needed=False),
    "transact_centers": _Kind(list, needed=False),
    **dict.fromkeys(("result", "citizen_deadline"), _Kind(dict, needed=False, nullable=True)),
    **dict.fromkeys(_FLAGS, _Kind(bool, needed=False)),
    **dict.fromkeys(_REMARKS, _Kind(str, needed=False, nullable=True)),
}
# Not demanded, but a guide is poorer without it.
WANTED = ("plain_names", "theme", "delegation", "last_reviewed")
_TEXT_LISTS = (
    *("plain_names", "keywords", "accept_condition", "common_mistakes", "server_type", "handle_type"),
    "transact_centers",
)
_OBJECT_LISTS = {
    "materials": ("material_code", "name", "is_need", "material_type", "source_type"),
    "faqs": ("question", "answer"),
    "handle_flow": ("name",),
    "legal_basis": ("law_name",),
    "fees": ("fee_code", "fee_name", "unit"),
    "special_procedure": ("name",),
    "intermediary_service": ("name", "by_law"),
}
_CODES = ("material_code", "fee_code")
# Fields of the objects in lists that may be left out but, where they stand, are text.
_OBJECT_TEXTS = {
    "materials": {"one_of": 64, "fill_note": 4000, "license_key": 64},
    "fees": {"fee_name": 200, "by_law": 400, "charge": 16},
}
_TYPE_NAMES = {str: "text", int: "a whole number", list: "a list", dict: "an object", bool: "true or false"}


def unstorable(value: object, path: str = "", *, depth: int = 0) -> Iterator[Finding]:
    """What no guide can hold: NUL, half a character, a number beyond 64 bits, a text or nest without end."""
    where = path or "item"
    if isinstance(value, str):
        yield from _unstorable_text(where, value)
    elif isinstance(value, int | float) and not -_BEYOND < value < _BEYOND:
        yield Finding(where, "number", "is a number that cannot be stored")
    elif isinstance(value, dict | list) and depth > _DEEPEST:
        yield Finding(where, "depth", f"is nested more than {_DEEPEST} deep")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from unstorable(key, path)
            yield from unstorable(inner, f"{path}.{key}" if path else str(key), depth=depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from unstorable(inner, f"{path}[{place}]", depth=depth + 1)


def _unstorable_text(where: str, value: str) -> Iterator[Finding]:
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        yield Finding(where, "characters", "holds a character that cannot be stored")
    if len(value) > _LONGEST_TEXT:
        yield Finding(where, "length", f"has {len(value)} characters, more than {_LONGEST_TEXT}")


def check_value(name: str, value: object, kind: _Kind, *, absent_is_fine: bool) -> Iterator[Finding]:
    """What one field breaks; `absent_is_fine` when its source does not publish it."""
    wrong_type = not isinstance(value, kind.type) or (kind.type is int and isinstance(value, bool))
    if wrong_type:
        yield Finding(name, "type", f"must be {_TYPE_NAMES[kind.type]}")
    elif isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= kind.longest:
            yield Finding(name, "range", f"must lie between 0 and {kind.longest}")
    elif isinstance(value, str):
        yield from _check_text(name, value, kind)
    elif isinstance(value, list):
        if len(value) < kind.fewest and not absent_is_fine:
            yield Finding(name, "required", f"needs at least {kind.fewest}")
        yield from _check_list(name, value, kind)


def _check_text(name: str, value: str, kind: _Kind) -> Iterator[Finding]:
    if not kind.fewest <= len(value) <= kind.longest:
        yield Finding(name, "length", f"has {len(value)} characters, not {kind.fewest} to {kind.longest}")
    if kind.words is not None and value not in kind.words:
        yield Finding(name, "code", f"{value!r} is not one of {', '.join(kind.words)}")


def _check_list(name: str, values: list[Any], kind: _Kind) -> Iterator[Finding]:
    for place, value in enumerate(values):
        where = f"{name}[{place}]"
        if name in _TEXT_LISTS and not isinstance(value, str):
            yield Finding(where, "type", "must be text")
        elif kind.words is not None and value not in kind.words:
            yield Finding(where, "code", f"{value!r} is not one of {', '.join(kind.words)}")
        elif name in _OBJECT_LISTS:
            yield from _check_object(where, value, _OBJECT_LISTS[name])


def _check_object(where: str, value: object, needed: tuple[str, ...]) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield Finding(where, "type", "must be an object")
        return
    for field in needed:
        if not isinstance(value.get(field), str) or not value[field]:
            yield Finding(f"{where}.{field}", "required", "is missing or not text")
        elif field in _CODES and not _CODE.fullmatch(value[field]):
            yield Finding(f"{where}.{field}", "code", "must be 1 to 64 letters, digits, dots and dashes")
    for field, longest in _OBJECT_TEXTS.get(where.partition("[")[0], {}).items():
        text = value.get(field) or ""
        if not isinstance(text, str) or len(text) > longest:
            yield Finding(f"{where}.{field}", "text", f"must be text of at most {longest} characters")


def materials_are_whole(materials: list[Any]) -> Iterator[Finding]:
    """What our own shape says of every material; foreign sources often publish only names."""
    for place, material in enumerate(materials):
        if not isinstance(material, dict):
            continue
        for field in ("order_num", "original_num", "copy_num"):
            if type(material.get(field)) is not int or material[field] < 0:
                yield Finding(f"materials[{place}].{field}", "type", "must be a whole number")
        if str(material.get("material_form")) not in codes.MATERIAL_FORMS:
            yield Finding(f"materials[{place}].material_form", "code", "is missing or unknown")
        if not isinstance(material.get("exempt_submit"), bool):
            yield Finding(f"materials[{place}].exempt_submit", "type", "must be true or false")
