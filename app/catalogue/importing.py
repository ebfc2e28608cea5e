"""Reading a file of items before anything is stored (导入校验): every bad row by line, field and rule."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from app.catalogue import rules
from app.catalogue.item_shape import Finding
from app.catalogue.mappings import Mapping

LARGEST_FILE = 256 * 1024 * 1024

_WHITESPACE = re.compile(r"[ \t\n\r]*")


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"JSON里没有{word}这样的数")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


@dataclass(frozen=True, slots=True)
class Placed:
    """A fault with the line on which its item begins; line 0 is the file itself."""

    line: int
    finding: Finding

    def __str__(self) -> str:
        """Line, field, rule and sentence, as an operator reads them."""
        finding = self.finding
        weight = "error" if finding.refuses else "warning"
        return f"{self.line}: {weight}: {finding.field}: {finding.rule}: {finding.sentence}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds; it may be published when nothing refuses it."""

    items: list[dict[str, Any]]
    findings: list[Placed]

    @property
    def refused(self) -> bool:
        """Whether anything in it must be mended first; then nothing of the file is kept."""
        return any(placed.finding.refuses for placed in self.findings)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row and where it begins; a row that is no JSON is the finding that says so."""

    line: int
    value: Any


class _Unreadable(Exception):
    def __init__(self, line: int, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.placed = Placed(line, Finding("file", rule, sentence))


def read(path: Path, *, mapping: Mapping | None = None, told: Callable[[], None] | None = None) -> Reading:
    """Read and check a whole file: our own shape, or foreign records through a mapping.

    `told` is called once per row, for a progress bar. Never raises for what the file holds.
    """
    findings: list[Placed] = []
    items: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    try:
        for row in _rows(path, mapping):
            item, found = _checked(row.value, mapping)
            findings += [Placed(row.line, finding) for finding in found]
            findings += _twice(item, row.line, seen)
            items.append(item)
            if told is not None:
                told()
    except _Unreadable as error:
        findings.append(error.placed)
    if not items and not findings:
        findings.append(Placed(0, Finding("items", "required", "文件里没有事项")))
    return Reading(items, findings)


def _checked(value: object, mapping: Mapping | None) -> tuple[dict[str, Any], list[Finding]]:
    if isinstance(value, Finding):
        return {}, [value]
    if not isinstance(value, dict):
        return {}, [Finding("item", "type", "一个事项要是一组内容")]
    if mapping is None:
        return value, rules.check(value)
    item, found = mapping.translate(value)
    if any(finding.refuses for finding in found):
        return item, found
    for finding in rules.check(item, unpublished=mapping.unpublished):
        named = Finding(mapping.source_of(finding.field), finding.rule, finding.sentence, finding.refuses)
        if named not in found:
            found.append(named)
    return item, found


def _twice(item: dict[str, Any], line: int, seen: dict[str, int]) -> Iterator[Placed]:
    code = item.get("task_code")
    if not isinstance(code, str):
        return
    if code in seen:
        yield Placed(line, Finding("task_code", "unique", f"{code}与第{seen[code]}行重复"))
    seen.setdefault(code, line)


def _rows(path: Path, mapping: Mapping | None) -> Iterator[_Row]:
    content = _content(path)
    if mapping is not None and mapping.lines:
        return _rows_of_lines(content)
    return _rows_of_document(content)


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _Unreadable(0, "size", f"文件超过{LARGEST_FILE // 1024 // 1024}MB")
        raw = path.read_bytes()
    except OSError as error:
        raise _Unreadable(0, "file", f"文件读不出来：{error.strerror}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _Unreadable(line, "utf-8", "文件不是UTF-8编码") from error


def _rows_of_lines(content: str) -> Iterator[_Row]:
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value, end = _decode(line, _skip(line, 0))
            if _skip(line, end) != len(line):
                value = Finding("item", "json", "一行只能有一条记录")
        except _Unreadable as error:
            value = error.placed.finding
        yield _Row(number, value)


def _rows_of_document(content: str) -> Iterator[_Row]:
    """The elements of the top-level list `items`, each with the line on which it begins."""
    start = _skip(content, 0)
    whole, end = _decode(content, start)
    if _skip(content, end) != len(content):
        raise _Unreadable(_line(content, end), "json", "文件结束以后还有内容")
    if not isinstance(whole, dict) or not isinstance(whole.get("items"), list):
        raise _Unreadable(_line(content, start), "shape", '要是一个对象，里面有列表"items"')
    place = _start_of_items(content, start)
    line, counted = 1, 0
    for value in whole["items"]:
        place = _skip(content, place + 1)
        line, counted = line + content.count("\n", counted, place), place
        _, place = _decode(content, place)
        place = _skip(content, place)
        yield _Row(line, value)


def _start_of_items(content: str, place: int) -> int:
    """Where the list `items` opens in a document that is known to be right."""
    place = _skip(content, place + 1)
    while True:
        key, place = _decode(content, place)
        place = _skip(content, _skip(content, place) + 1)
        if key == "items":
            return place
        _, place = _decode(content, place)
        place = _skip(content, _skip(content, place) + 1)


def _decode(content: str, place: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(content, place)
    except json.JSONDecodeError as error:
        raise _Unreadable(
            error.lineno, "json", f"不是正确的JSON：第{error.colno}个字符处，{error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise _Unreadable(_line(content, place), "json", f"读不出来：{error}") from error


def _skip(content: str, place: int) -> int:
    found = _WHITESPACE.match(content, place)
    return found.end() if found else place


def _line(content: str, place: int) -> int:
    return content.count("\n", 0, place) + 1
