"""Foreign records into our shape (字段映射): each mapping is a file that says where a field comes from."""

import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.catalogue.item_shape import Finding

_FOLDER = Path(__file__).parent / "mapping_files"
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LIMIT = re.compile(r"(\d{1,4})\s*[（(]?\s*个?(工作日|自然日)\s*[）)]?")
_UNITS = {"工作日": "WORKDAY", "自然日": "DAY"}
_AT_ONCE = {"即办", "即时办结", "当场办结", "立即办结", "马上办"}
_PARAGRAPH = re.compile(r"[；;\n]+")
_MATERIAL_NAME = 200

Record = AnyMapping[str, Any]


class UnknownMapping(Exception):
    """There is no mapping of this name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One named mapping."""

    name: str
    lines: bool
    constants: dict[str, Any]
    unpublished: frozenset[str]
    fields: dict[str, dict[str, Any]]
    limits: dict[str, str]

    def translate(self, record: Record) -> tuple[dict[str, Any], list[Finding]]:
        """An item in our shape, and what could not be taken over, named by the record's own fields."""
        item: dict[str, Any] = json.loads(json.dumps(self.constants))
        findings: list[Finding] = []
        for name, how in self.fields.items():
            _take(item, findings, record, name=name, how=how)
        self._take_limits(item, record, findings)
        item["project_type"] = "1" if item.get("promise_day") == 0 else "2"
        return item, list(dict.fromkeys(findings))

    def source_of(self, field: str) -> str:
        """The record's own name of a field, for messages."""
        name, _, rest = field.partition("[")
        if name.removesuffix("_day").removesuffix("_unit") in self.limits:
            return self.limits[name.removesuffix("_day").removesuffix("_unit")]
        source = self.fields.get(name, {}).get("from", name)
        return f"{source}[{rest}" if rest else str(source)

    def _take_limits(self, item: dict[str, Any], record: Record, findings: list[Finding]) -> None:
        """Statutory and promised limit; one that is missing is taken from the other, with a warning."""
        read: dict[str, tuple[int, str]] = {}
        for kind, source in self.limits.items():
            value = record.get(source)
            if _is_nothing(value, {}):
                continue
            limit = _limit(value)
            if limit is None:
                findings.append(
                    Finding(source, "limit", f"{value!r} is not a number with 工作日 or 自然日 in brackets")
                )
                return
            read[kind] = limit
        if not read:
            findings.append(Finding(self.limits["anticipate"], "required", "has neither limit"))
            return
        for kind, source in self.limits.items():
            if kind not in read:
                findings.append(
                    Finding(source, "limit", "is missing; the other limit is used", refuses=False)
                )
            item[f"{kind}_day"], item[f"{kind}_unit"] = read.get(kind) or next(iter(read.values()))


def load(name: str) -> Mapping:
    """The mapping of that name; raises UnknownMapping."""
    path = _FOLDER / f"{name}.json"
    if _NAME.fullmatch(name) is None or not path.is_file():
        raise UnknownMapping(f"There is no mapping {name!r}; there are: {', '.join(names())}.")
    read = json.loads(path.read_text(encoding="utf-8"))
    return Mapping(
        name=read["name"],
        lines=read["lines"],
        constants=read["constants"],
        unpublished=frozenset(read["unpublished"]),
        fields=read["fields"],
        limits=read["limits"],
    )


def names() -> list[str]:
    """The mappings there are."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def _take(
    item: dict[str, Any], findings: list[Finding], record: Record, *, name: str, how: dict[str, Any]
) -> None:
    source = how["from"]
    value = record.get(source)
    if _is_nothing(value, how):
        if "otherwise" in how:
            item[name] = how["otherwise"]
        elif how.get("as") in {"materials", "paragraphs"} and source in record:
            # The source says that there is none; said once, because a guide without them is odd.
            item[name] = []
            findings.append(Finding(source, "empty", "is empty at the source", refuses=False))
        elif not how.get("optional"):
            findings.append(Finding(source, "required", "is missing"))
        return
    try:
        taken = _AS[how.get("as", "text")](value, how, record)
    except _Untranslatable as error:
        findings.append(Finding(source, error.rule, error.sentence))
        return
    item[name] = taken


class _Untranslatable(Exception):
    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule, self.sentence = rule, sentence


def _is_nothing(value: object, how: dict[str, Any]) -> bool:
    empty = value is None or value == [] or (isinstance(value, str) and not value.strip())
    return empty or value in how.get("nothing", [])


def _in_table(value: object, how: dict[str, Any]) -> Any:
    table = how.get("table")
    if table is None:
        return value
    if not isinstance(value, str) or value not in table:
        raise _Untranslatable("code", f"{value!r} is not one of {', '.join(table)}")
    return table[value]


def _as_text(value: object, how: dict[str, Any], record: Record) -> Any:
    del record
    if not isinstance(value, str):
        raise _Untranslatable("type", "must be text")
    start, end = how.get("cut", (0, len(value)))
    return _in_table(value.strip()[start:end], how)


def _as_number(value: object, how: dict[str, Any], record: Record) -> int:
    del how, record
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip()[:9])
    raise _Untranslatable("number", f"{value!r} is not a whole number")


def _as_list(value: object, how: dict[str, Any], record: Record) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    also = record.get(how.get("also", ""))
    return [_in_table(one, how) for one in values] + ([also] if isinstance(also, str) and also else [])


def _as_first(value: object, how: dict[str, Any], record: Record) -> Any:
    return _as_list(value, {**how, "also": ""}, record)[0]


def _as_paragraphs(value: object, how: dict[str, Any], record: Record) -> list[str]:
    whole = str(_as_text(value, how, record))
    return [part.strip() for part in _PARAGRAPH.split(whole) if part.strip()] or [whole]


def _as_materials(value: object, how: dict[str, Any], record: Record) -> list[dict[str, Any]]:
    """The source names materials only; what it does not say is kept open, not guessed."""
    code = str(record.get("TASK_CODE", ""))[-14:]
    materials = []
    for number, name in enumerate(_as_list(value, how, record), start=1):
        if not isinstance(name, str) or not 0 < len(name.strip()) <= _MATERIAL_NAME:
            raise _Untranslatable("material", f"{name!r} is not the name of a material")
        materials.append(
            {
                "material_code": f"{code}-M{number:02d}",
                "order_num": number,
                "name": name.strip(),
                "is_need": "1",
                "source_type": "99",
                "material_type": "3",
            }
        )
    return materials


def _limit(value: object) -> tuple[int, str] | None:
    if not isinstance(value, str):
        return None
    plain = value.strip()
    if plain in _AT_ONCE:
        return 0, "WORKDAY"
    found = _LIMIT.fullmatch(plain)
    return None if found is None else (int(found[1]), _UNITS[found[2]])


_AS = {
    "text": _as_text,
    "number": _as_number,
    "list": _as_list,
    "first": _as_first,
    "paragraphs": _as_paragraphs,
    "materials": _as_materials,
}
