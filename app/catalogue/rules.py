"""What an item must keep before it may be published (事项入库校验).

Sources: GB/T 39046, the field names of the national implementation list, and quality rules of a city's
public checker (R006, R050 of the requirements). A finding that does not `refuse` is a warning.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

from app.catalogue import codes
from app.catalogue.item_shape import FIELDS, WANTED, Finding, check_value, materials_are_whole, unstorable

Item = Mapping[str, Any]


def check(item: object, *, unpublished: Collection[str] = ()) -> list[Finding]:
    """All faults of one item; `unpublished` names the fields that its source does not publish."""
    if not isinstance(item, dict):
        return [Finding("item", "type", "an item must be an object")]
    findings = list(unstorable(item, ""))
    for name, kind in FIELDS.items():
        if kind.nullable and item.get(name) is None:
            continue
        if name in item:
            findings += check_value(name, item[name], kind, absent_is_fine=name in unpublished)
        elif kind.needed and name not in unpublished:
            findings.append(Finding(name, "required", "is missing"))
        elif name in WANTED and name not in unpublished:
            findings.append(Finding(name, "wanted", "is missing", refuses=False))
    if not unpublished and isinstance(item.get("materials"), list):
        findings += materials_are_whole(item["materials"])
    if not any(finding.refuses for finding in findings):
        for rule in _ACROSS_FIELDS:
            findings += rule(item)
    return findings


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
        amount = fee.get("amount_fen", "missing")
        whole = isinstance(amount, int) and not isinstance(amount, bool) and amount >= 0
        if amount is not None and not whole:
            yield Finding(
                f"fees[{place}].amount_fen", "fen", "must be whole fen, or null when it is assessed"
            )


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


def _result_agrees(item: Item) -> Iterator[Finding]:
    ways = (item.get("result") or {}).get("delivery") or []
    if not isinstance(ways, list) or not all(isinstance(way, str) for way in ways):
        yield Finding("result.delivery", "type", "must be a list of texts")


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
    _result_agrees,
    _contacts_agree,
)
