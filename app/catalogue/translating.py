"""How one value of a foreign record becomes one of ours (字段转换); mapping files name these kinds."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Record = Mapping[str, Any]
How = Mapping[str, Any]

_LIMIT = re.compile(r"(\d{1,4})\s*[（(]?\s*个?(工作日|自然日)\s*[）)]?")
_UNITS = {"工作日": "WORKDAY", "自然日": "DAY"}
_AT_ONCE = {"即办", "即时办结", "当场办结", "立即办结", "马上办"}
_PARAGRAPH = re.compile(r"[；;\n]+")
_BETWEEN_CODES = re.compile(r"[,，;；、^|\s]+")
_BETWEEN_STEPS = re.compile(r"\s*(?:→|->|—+>?|=>|[；;、，,\n])\s*")
_PHONE = re.compile(r"\+?\d[\d\- ]{4,30}\d")
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_STEP_NUMBER = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、．]\s*")
_MATERIAL_NAME = 200
_PHONE_LENGTH = 64


class Untranslatable(Exception):
    """A value that cannot be taken over: the rule it breaks and a sentence."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule, self.sentence = rule, sentence


def is_nothing(value: object, how: How) -> bool:
    """Whether the record says nothing here."""
    empty = value is None or value == [] or (isinstance(value, str) and not value.strip())
    return empty or value in how.get("nothing", [])


def translated(value: object, how: How, record: Record) -> Any:
    """The value in our shape; raises Untranslatable."""
    return _AS[how.get("as", "text")](value, how, record)


def limit(value: object) -> tuple[int, str] | None:
    """Days and unit of a limit in words, such as 20(工作日) or 即办; None when it is neither."""
    if not isinstance(value, str):
        return None
    plain = value.strip()
    if plain in _AT_ONCE:
        return 0, "WORKDAY"
    found = _LIMIT.fullmatch(plain)
    return None if found is None else (int(found[1]), _UNITS[found[2]])


def _in_table(value: object, how: How) -> Any:
    table = how.get("table")
    if table is None:
        return value
    if not isinstance(value, str) or value not in table:
        raise Untranslatable("code", f"“{value}”不在对照表里，表里有：{'、'.join(table)}")
    return table[value]


def _plain(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise Untranslatable("type", "要填文字")
    return value.strip()


def _as_text(value: object, how: How, record: Record) -> Any:
    del record
    text = _plain(value)
    if "part" in how:
        parts = text.split(how["by"])
        if len(parts) <= how["part"]:
            raise Untranslatable("part", f"“{text}”分不出第{how['part'] + 1}段")
        text = parts[how["part"]]
    start, end = how.get("cut", (0, len(text)))
    return _in_table(text[start:end], how)


def _as_joined(value: object, how: How, record: Record) -> str:
    """The first value with others of the same record behind it, as one code."""
    return _plain(value) + "".join(_plain(record.get(name)) for name in how["with"])


def _as_number(value: object, how: How, record: Record) -> int:
    del how, record
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip()[:9])
    raise Untranslatable("number", f"“{value}”不是整数")


def _as_list(value: object, how: How, record: Record) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    also = record.get(how.get("also", ""))
    return [_in_table(one, how) for one in values] + ([also] if isinstance(also, str) and also else [])


def _as_first(value: object, how: How, record: Record) -> Any:
    return _as_list(value, {**how, "also": ""}, record)[0]


def _as_codes(value: object, how: How, record: Record) -> list[Any]:
    """Several codes in one text: 1,2 or 1^2."""
    del record
    parts = [part for part in _BETWEEN_CODES.split(_plain(value)) if part]
    return list(dict.fromkeys(_in_table(part, how) for part in parts))


def _as_highest(value: object, how: How, record: Record) -> int:
    """The highest of several numbers in one text (网上办理深度)."""
    return max(int(_as_number(part, how, record)) for part in _as_codes(value, {}, record))


def _as_paragraphs(value: object, how: How, record: Record) -> list[str]:
    whole = str(_as_text(value, how, record))
    return [part.strip() for part in _PARAGRAPH.split(whole) if part.strip()] or [whole]


def _as_phone(value: object, how: How, record: Record) -> str:
    """The first number in the words about how to reach the office, or their beginning."""
    del how, record
    text = _plain(value)
    found = _PHONE.search(text)
    return (found[0] if found else text)[:_PHONE_LENGTH]


def _as_steps(value: object, how: How, record: Record) -> list[dict[str, Any]]:
    """A flow in one line: 申请→受理→审查→决定→送达."""
    del how, record
    names = [_STEP_NUMBER.sub("", part.strip()) for part in _BETWEEN_STEPS.split(_plain(value))]
    return [{"step": number, "name": name} for number, name in enumerate(filter(None, names), start=1)]


def _as_laws(value: object, how: How, record: Record) -> list[dict[str, Any]]:
    return [{"law_name": part[:400]} for part in _as_paragraphs(value, how, record)]


def _as_materials(value: object, how: How, record: Record) -> list[dict[str, Any]]:
    """The source names materials only; what it does not say is kept open, not guessed."""
    code = str(record.get("TASK_CODE", ""))[-14:]
    materials = []
    for number, name in enumerate(_as_list(value, how, record), start=1):
        if not isinstance(name, str) or not 0 < len(name.strip()) <= _MATERIAL_NAME:
            raise Untranslatable("material", f"“{name}”不是材料名称")
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


def _as_rows(value: object, how: How, record: Record) -> list[dict[str, Any]]:
    """A table of its own: every row by the same fields; a row without a usable code is numbered."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Untranslatable("type", "要是一张子表")
    rows = sorted(value, key=lambda row: row.get("order_num") if type(row.get("order_num")) is int else 0)
    return [_row(row, how, record, number=number) for number, row in enumerate(rows, start=1)]


def _row(row: Record, how: How, record: Record, *, number: int) -> dict[str, Any]:
    made: dict[str, Any] = dict(how.get("constants", {}))
    for name, each in how["fields"].items():
        found = row.get(each["from"])
        if is_nothing(found, each):
            if "otherwise" in each:
                made[name] = each["otherwise"]
            elif not each.get("optional"):
                raise Untranslatable("required", f"第{number}行的{each['from']}没有填")
            continue
        try:
            made[name] = translated(found, each, row)
        except Untranslatable as error:
            raise Untranslatable(error.rule, f"第{number}行的{each['from']}：{error.sentence}") from error
    code = how.get("code")
    if code is not None and not _PLAIN.fullmatch(str(made.get(code["name"], ""))):
        task = next((str(record[name]) for name in code["of"] if record.get(name)), "")
        made[code["name"]] = f"{task[-14:]}-{code['mark']}{number:02d}"
    return made


_AS: dict[str, Callable[[object, How, Record], Any]] = {
    "text": _as_text,
    "joined": _as_joined,
    "number": _as_number,
    "list": _as_list,
    "first": _as_first,
    "codes": _as_codes,
    "highest": _as_highest,
    "paragraphs": _as_paragraphs,
    "phone": _as_phone,
    "steps": _as_steps,
    "laws": _as_laws,
    "materials": _as_materials,
    "rows": _as_rows,
}
