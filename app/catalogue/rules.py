"""What an item must keep before it may be published (事项入库校验).

Sources: GB/T 39046, the field names of the national implementation list, and quality rules of a city's
public checker (R006, R050 of the requirements). A finding that does not `refuse` is a warning.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.catalogue import codes

Item = Mapping[str, Any]


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


_DAYS = 3650
_VISITS = 9

_FIELDS: dict[str, _Kind] = {
    "task_code": _Kind(str, fewest=31, longest=33),
    "catalog_code": _Kind(str, longest=12),
    "task_name": _Kind(str, fewest=2, longest=200),
    "item_key": _Kind(str, needed=False, longest=64),
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
    "is_fee": _Kind(bool, needed=False),
    "is_pay_online": _Kind(bool, needed=False),
    "is_schedule": _Kind(bool, needed=False),
    "cross_province": _Kind(bool, needed=False),
}
# Not demanded, but a guide is poorer without it.
_WANTED = ("plain_names", "theme", "delegation", "last_reviewed")
_TEXT_LISTS = ("plain_names", "keywords", "accept_condition", "common_mistakes", "server_type", "handle_type")
_OBJECT_LISTS = {
    "materials": ("material_code", "name", "is_need", "material_type", "source_type"),
    "faqs": ("question", "answer"),
    "handle_flow": ("name",),
    "legal_basis": ("law_name",),
    "fees": ("fee_code", "fee_name", "unit"),
    "special_procedure": ("name",),
    "intermediary_service": ("name", "by_law"),
}
_TYPE_NAMES = {str: "text", int: "a whole number", list: "a list", dict: "an object", bool: "true or false"}


def check(item: object, *, unpublished: Collection[str] = ()) -> list[Finding]:
    """All faults of one item; `unpublished` names the fields that its source does not publish."""
    if not isinstance(item, dict):
        return [Finding("item", "type", "an item must be an object")]
    findings = list(_unstorable(item, ""))
    for name, kind in _FIELDS.items():
        if name in item:
            findings += _check_value(name, item[name], kind, absent_is_fine=name in unpublished)
        elif kind.needed and name not in unpublished:
            findings.append(Finding(name, "required", "is missing"))
        elif name in _WANTED and name not in unpublished:
            findings.append(Finding(name, "wanted", "is missing", refuses=False))
    if not unpublished and isinstance(item.get("materials"), list):
        findings += _materials_are_whole(item["materials"])
    if not any(finding.refuses for finding in findings):
        for rule in _ACROSS_FIELDS:
            findings += rule(item)
    return findings


def _unstorable(value: object, path: str) -> Iterator[Finding]:
    """PostgreSQL stores neither NUL nor half a character, and no number beyond a double."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            yield Finding(path or "item", "characters", "holds a character that cannot be stored")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _unstorable(key, path)
            yield from _unstorable(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _unstorable(inner, f"{path}[{place}]")


def _check_value(name: str, value: object, kind: _Kind, *, absent_is_fine: bool) -> Iterator[Finding]:
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


def _codes_agree(item: Item) -> Iterator[Finding]:
    parts = codes.parts_of_task_code(item["task_code"])
    if parts is None:
        yield Finding(
            "task_code", "task_code", "must be 18 (organisation) + 1 (level 1–7) + 12 (base), or these + 2"
        )
        return
    organisation, level, base = parts
    if not codes.uscc_is_right(organisation):
        yield Finding("task_code", "uscc", f"the check character of {organisation} is wrong", refuses=False)
    if level != item["use_level"]:
        yield Finding("use_level", "task_code", f"is {item['use_level']}, the task code says {level}")
    if organisation != item["dept_code"]:
        yield Finding("dept_code", "task_code", f"is {item['dept_code']}, the task code says {organisation}")
    if base != item["catalog_code"]:
        yield Finding("catalog_code", "task_code", f"is {item['catalog_code']}, the task code says {base}")


def _limits_agree(item: Item) -> Iterator[Finding]:
    instant = item["project_type"] == "1"
    if instant != (item["promise_day"] == 0):
        yield Finding(
            "promise_day", "instant", "an instant item (1) promises 0 days, and only an instant one"
        )
    same_unit = item["promise_unit"] == item["anticipate_unit"]
    if same_unit and item["promise_day"] > item["anticipate_day"]:
        yield Finding("promise_day", "limit", "promises more than the law allows", refuses=False)


def _visits_agree(item: Item) -> Iterator[Finding]:
    visits = item["limit_scene_num"]
    if visits and not item.get("limit_scene_explain"):
        yield Finding("limit_scene_explain", "visits", "a visit needs a reason", refuses=False)
    if visits and item.get("online_handle_depth") == 4:  # noqa: PLR2004 - depth Ⅳ of the national list
        yield Finding("online_handle_depth", "visits", "depth Ⅳ means that nobody comes", refuses=False)
    if visits and item.get("four_ban", {}).get("wangshang"):
        yield Finding("four_ban.wangshang", "visits", "with a visit it is not wholly online", refuses=False)


def _fees_agree(item: Item) -> Iterator[Finding]:
    fees = item.get("fees", [])
    if item.get("is_fee") and not (fees and item.get("fee_basis")):
        yield Finding("fees", "fee", "an item with a fee names the fee and its basis")
    if not item.get("is_fee") and (fees or item.get("is_pay_online")):
        yield Finding("is_fee", "fee", "an item without a fee has no fees and no online payment")
    for place, fee in enumerate(fees):
        amount = fee.get("amount_fen")
        whole = isinstance(amount, int) and not isinstance(amount, bool) and amount >= 0
        if amount is not None and not whole:
            yield Finding(
                f"fees[{place}].amount_fen", "fen", "must be whole fen, or null when it is assessed"
            )


def _materials_are_whole(materials: list[Any]) -> Iterator[Finding]:
    """What our own shape says of every material; foreign sources often publish only names."""
    for place, material in enumerate(materials):
        if not isinstance(material, dict):
            continue
        for field in ("order_num", "original_num", "copy_num"):
            if type(material.get(field)) is not int or material[field] < 0:
                yield Finding(f"materials[{place}].{field}", "type", "must be a whole number")
        if material.get("material_form") not in codes.MATERIAL_FORMS:
            yield Finding(f"materials[{place}].material_form", "code", "is missing or unknown")
        if not isinstance(material.get("exempt_submit"), bool):
            yield Finding(f"materials[{place}].exempt_submit", "type", "must be true or false")


def _materials_agree(item: Item) -> Iterator[Finding]:
    seen: set[str] = set()
    lists = {
        "is_need": codes.MATERIAL_NEEDS,
        "material_type": codes.MATERIAL_TYPES,
        "source_type": codes.MATERIAL_SOURCES,
    }
    for place, material in enumerate(item.get("materials", [])):
        if material["material_code"] in seen:
            yield Finding(f"materials[{place}].material_code", "unique", "occurs twice in the item")
        seen.add(material["material_code"])
        for field, words in lists.items():
            if material[field] not in words:
                yield Finding(f"materials[{place}].{field}", "code", f"{material[field]!r} is unknown")


def _contacts_agree(item: Item) -> Iterator[Finding]:
    consult = item.get("consult_phone")
    if consult and consult == item.get("complain_phone"):
        yield Finding("complain_phone", "phones", "complaints must not go to those who are consulted")
    reviewed = item.get("last_reviewed")
    if reviewed is not None and not _is_date(reviewed):
        yield Finding("last_reviewed", "date", "must be a date such as 2026-11-20")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


_ACROSS_FIELDS: tuple[Callable[[Item], Iterator[Finding]], ...] = (
    _codes_agree,
    _limits_agree,
    _visits_agree,
    _fees_agree,
    _materials_agree,
    _contacts_agree,
)
