"""Foreign records into our shape (字段映射): each mapping is a file that says where a field comes from."""

import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.catalogue.item_shape import Finding
from app.catalogue.translating import Untranslatable, is_nothing, limit, translated

_FOLDER = Path(__file__).parent / "mapping_files"
_NAME = re.compile(r"[a-z0-9_]{1,32}")

Record = AnyMapping[str, Any]


class UnknownMapping(Exception):
    """There is no mapping of this name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One named mapping.

    `merge` names the tables of a record whose columns are one row of ours; `prefixes` are the ones under
    which a table may come, for the same tables are sent up and handed down.
    """

    name: str
    lines: bool
    constants: dict[str, Any]
    unpublished: frozenset[str]
    fields: dict[str, dict[str, Any]]
    limits: dict[str, Any]
    merge: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ("",)

    def translate(self, record: Record) -> tuple[dict[str, Any], list[Finding]]:
        """An item in our shape, and what could not be taken over, named by the record's own fields."""
        record = self._flat(record)
        item: dict[str, Any] = json.loads(json.dumps(self.constants))
        findings: list[Finding] = []
        for name, how in self.fields.items():
            _take(item, findings, record, name=name, how=how)
        self._take_limits(item, record, findings)
        if "project_type" not in self.fields:
            item["project_type"] = "1" if item.get("promise_day") == 0 else "2"
        return item, list(dict.fromkeys(findings))

    def source_of(self, field: str) -> str:
        """The record's own name of a field, for messages."""
        name, bracket, rest = field.partition("[")
        kind, _, what = name.rpartition("_")
        told = self.limits.get(kind)
        if told is not None:
            return str(told.get(what, kind) if isinstance(told, dict) else told)
        source = str(self.fields.get(name, {}).get("from", name))
        return f"{source}{bracket}{rest}"

    def _flat(self, record: Record) -> Record:
        """The record with the columns of its tables beside each other, and its tables without prefix."""
        if not self.merge:
            return record
        flat: dict[str, Any] = {}
        for name, value in record.items():
            prefix = next((one for one in self.prefixes if name.startswith(one)), "")
            flat[name.removeprefix(prefix)] = value
        for table in self.merge:
            row = flat.pop(table, None)
            if isinstance(row, dict):
                flat |= {name: value for name, value in row.items() if value is not None or name not in flat}
        return flat

    def _take_limits(self, item: dict[str, Any], record: Record, findings: list[Finding]) -> None:
        """Statutory and promised limit; one that is missing is taken from the other, with a warning."""
        read: dict[str, tuple[int, str]] = {}
        for kind, told in self.limits.items():
            value = _limit_text(record, told)
            if is_nothing(value, {}):
                continue
            found = limit(value)
            if found is None:
                findings.append(
                    Finding(_source(told), "limit", f"“{value}”读不出时限，要写成“20(工作日)”或“20(自然日)”")
                )
                return
            read[kind] = found
        if not read:
            findings.append(Finding(_source(self.limits["anticipate"]), "required", "两个时限都没有填"))
            return
        for kind, told in self.limits.items():
            if kind not in read:
                findings.append(Finding(_source(told), "limit", "没有填，用了另一个时限", refuses=False))
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
        merge=tuple(read.get("merge", ())),
        prefixes=tuple(read.get("prefixes", ("",))),
    )


def names() -> list[str]:
    """The mappings there are."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def _source(told: Any) -> str:
    return str(told["day"] if isinstance(told, dict) else told)


def _limit_text(record: Record, told: Any) -> object:
    """A limit in words; of two columns, days and a code for the unit, the words are put together."""
    if not isinstance(told, dict):
        return record.get(told)
    days, unit = record.get(told["day"]), str(record.get(told["unit"], ""))
    return days if is_nothing(days, {}) else f"{days}({told['units'].get(unit, unit)})"


def _take(
    item: dict[str, Any], findings: list[Finding], record: Record, *, name: str, how: dict[str, Any]
) -> None:
    source = how["from"]
    value = record.get(source)
    if is_nothing(value, how):
        if "instead" in how:
            _take(item, findings, record, name=name, how=how["instead"])
        elif "otherwise" in how:
            item[name] = how["otherwise"]
        elif how.get("as") in {"materials", "paragraphs", "rows"} and source in record:
            # The source says that there is none; said once, because a guide without them is odd.
            item[name] = []
            findings.append(Finding(source, "empty", "来源里是空的", refuses=False))
        elif not how.get("optional"):
            findings.append(Finding(source, "required", "没有填"))
        return
    try:
        taken = translated(value, how, record)
    except Untranslatable as error:
        findings.append(Finding(source, error.rule, error.sentence))
        return
    group, _, part = name.rpartition(".")
    (item.setdefault(group, {}) if group else item)[part] = taken
