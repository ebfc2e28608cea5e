"""A guide's draft as a form and back (指南草稿表单).

What a clerk did not touch stays exactly as it was, also where the form cannot show it; what cannot be read
stays as it was typed, so that nothing is lost and the rules can say what is wrong with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalogue import instant, sheets
from app.catalogue.field_kinds import ABSENT, Field, Kind
from app.catalogue.item_shape import Finding
from app.desk.draft_sections import SECTIONS, SITUATIONS

Body = Mapping[str, Any]
Typed = Mapping[str, Sequence[str]]

_MOST_ROWS = 200
_LONGEST_NUMBER = 5  # digits
_NAMES = (".name", ".fee_name", ".question", ".law_name", ".label")
_LINE = 200  # characters; longer texts get a field of several lines


@dataclass(frozen=True, slots=True)
class Control:
    """One field as it is shown: `kind` is line, lines, choice, choices or page (one of its own)."""

    path: str
    label: str
    kind: str
    hint: str
    value: str
    chosen: frozenset[str]
    options: tuple[tuple[str, str], ...]
    faults: list[str]

    @property
    def fault_count(self) -> int:
        """How many faults stand beside it."""
        return len(self.faults)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list."""

    place: int
    name: str
    controls: list[Control]


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that stand together: single ones, those of a group, or the rows of a list."""

    name: str
    title: str
    controls: list[Control]
    lines: list[Line] | None
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """One section of the form with the number of its faults."""

    key: str
    title: str
    parts: list[Part]
    faults: int


def shown(body: Body, findings: Sequence[Finding]) -> list[Shown]:
    """The whole form of a draft, each fault beside its field."""
    faults: dict[str, list[str]] = {}
    for finding in findings:
        faults.setdefault(_path(finding.field), []).append(finding.sentence)
    return [
        Shown(
            section.key,
            section.title,
            list(_parts(section.fields, body, faults)),
            sum(
                len(faults[path]) for path in faults if path.split(".")[0] in {f.name for f in section.fields}
            ),
        )
        for section in SECTIONS
    ]


def written(body: Body, typed: Typed) -> dict[str, Any]:
    """The body with what was typed; a row with a mark in `….gone` is left out, `add` names a list to grow."""
    made = dict(body)
    typed = {name: [one.replace("\x00", "") for one in texts] for name, texts in typed.items()}
    for section in SECTIONS:
        for field in section.fields:
            if field.kind is Kind.ROWS:
                _write_rows(made, field, typed)
            elif field.kind is Kind.GROUP:
                _write_group(made, field, typed)
            elif field is not SITUATIONS:
                _write(made, field, typed, path=field.name)
    return instant.promised(body, made)


def _parts(fields: Sequence[Field], body: Body, faults: Mapping[str, list[str]]) -> Iterator[Part]:
    single: list[Control] = []
    for field in fields:
        if field.kind not in (Kind.ROWS, Kind.GROUP):
            if not field.derived:
                single.append(_control(field, body, path=field.name, faults=faults))
            continue
        if single:
            yield Part("", "", single, None, [])
            single = []
        held, own = body.get(field.name), faults.get(field.name, [])
        if field.kind is Kind.GROUP:
            controls = _controls(field, held, path=field.name, faults=faults)
            yield Part(field.name, field.label, controls, None, own)
        else:
            yield Part(field.name, field.label, [], list(_lines(field, held, faults)), own)
    if single:
        yield Part("", "", single, None, [])


def _lines(field: Field, rows: object, faults: Mapping[str, list[str]]) -> Iterator[Line]:
    for place, row in enumerate(rows if isinstance(rows, list) else []):
        controls = _controls(field, row, path=f"{field.name}.{place}", faults=faults)
        name = next(
            (control.value for control in controls if control.path.endswith(_NAMES) and control.value), ""
        )
        yield Line(place, name[:40], controls)


def _controls(field: Field, holder: object, *, path: str, faults: Mapping[str, list[str]]) -> list[Control]:
    held = holder if isinstance(holder, Mapping) else {}
    return [_control(part, held, path=f"{path}.{part.name}", faults=faults) for part in field.parts]


def _control(field: Field, holder: Body, *, path: str, faults: Mapping[str, list[str]]) -> Control:
    value = holder.get(field.name)
    text, kind = text_of(field, value), _kind(field)
    return Control(
        path=path,
        label=field.label,
        kind=kind,
        hint=_hint(field),
        value=text,
        chosen=frozenset(str(one) for one in value) if isinstance(value, list) else frozenset(),
        options=_options(field, text if kind == "choice" else ""),
        faults=[
            sentence
            for at, told in faults.items()
            if at == path or at.startswith(f"{path}.")
            for sentence in told
        ],
    )


def _kind(field: Field) -> str:
    if field is SITUATIONS:
        return "page"
    if field.words is not None:
        return "choices" if field.kind is Kind.TEXTS else "choice"
    if field.kind is Kind.FLAG:
        return "choice"
    long = field.kind is Kind.TEXTS or (field.kind is Kind.TEXT and field.longest > _LINE)
    return "lines" if long else "line"


def _hint(field: Field) -> str:
    """What is said beside the name of a field."""
    one_a_line = "一行一条" if field.kind is Kind.TEXTS and field.words is None else ""
    return "；".join(filter(None, ("必填" if field.needed else "", one_a_line, field.note)))


def _options(field: Field, text: str) -> tuple[tuple[str, str], ...]:
    """What can be chosen, and what stands there although nobody could have chosen it."""
    words = {"是": "是", "否": "否"} if field.kind is Kind.FLAG else dict(field.words or {})
    return tuple((words if not text else words | {text: words.get(text, text)}).items())


def text_of(field: Field, value: object) -> str:
    """What stands in a field for a value; what was typed and could not be read stands there as it was."""
    if value is None:
        return ""
    if field is SITUATIONS:
        return ""
    if field.kind is Kind.FLAG and isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return str(value)


def _path(place: str) -> str:
    """`materials[1].name` as the form calls it: materials.1.name."""
    return place.replace("[", ".").replace("]", "")


def _write(holder: dict[str, Any], field: Field, typed: Typed, *, path: str) -> None:
    """Take over one field where what stands there was changed."""
    if path not in typed:
        return
    if _kind(field) == "choices":
        _write_choices(holder, field, ticked=set(typed[path]))
        return
    text = "\n".join(typed[path]).replace("\r\n", "\n").strip()
    if text == text_of(field, holder.get(field.name)).strip():
        return
    value = sheets.from_cell(field, text)
    if value is not ABSENT:
        holder[field.name] = value
    elif field.blank is not ABSENT:
        holder[field.name] = list(field.blank) if isinstance(field.blank, list) else field.blank
    else:
        holder.pop(field.name, None)
    _write_words(holder, field)


def _write_choices(holder: dict[str, Any], field: Field, *, ticked: set[str]) -> None:
    """Which of several codes are ticked; in what order they were kept before means nothing and stays."""
    held = [str(one) for one in holder.get(field.name) or ()]
    chosen = [code for code in dict.fromkeys([*held, *(field.words or ())]) if code in ticked]
    if chosen != held:
        holder[field.name] = chosen


def _write_words(holder: dict[str, Any], field: Field) -> None:
    """The words that some sources keep beside a code follow the code."""
    beside = f"{field.name}_text"
    if beside in holder and field.words is not None:
        holder[beside] = field.words.get(str(holder.get(field.name)), "")


def _write_group(body: dict[str, Any], field: Field, typed: Typed) -> None:
    held = body.get(field.name)
    made = dict(held) if isinstance(held, Mapping) else {}
    for part in field.parts:
        _write(made, part, typed, path=f"{field.name}.{part.name}")
    if made or isinstance(held, Mapping):
        body[field.name] = made


def _write_rows(body: dict[str, Any], field: Field, typed: Typed) -> None:
    """The rows in the order of the numbers typed beside them; a new row comes last."""
    held = body.get(field.name)
    rows = [dict(row) if isinstance(row, Mapping) else {} for row in held] if isinstance(held, list) else []
    if f"{field.name}.rows" not in typed:
        return  # the list did not stand on the form
    count = min(_number(typed, f"{field.name}.rows", default=-1), max(_MOST_ROWS, len(rows)))
    kept: list[tuple[int, int, dict[str, Any]]] = []
    for place in range(count):
        row, path = (rows[place] if place < len(rows) else {}), f"{field.name}.{place}"
        for part in field.parts:
            _write(row, part, typed, path=f"{path}.{part.name}")
        if f"{path}.gone" not in typed:
            kept.append((_number(typed, f"{path}.place", default=place + 1), place, row))
    made = [row for _, _, row in sorted(kept, key=lambda one: one[:2])]
    if typed.get("add") == [field.name]:
        made.append(_empty(field, made))
    if made or held is not None:
        body[field.name] = made


def _empty(field: Field, rows: Sequence[Body]) -> dict[str, Any]:
    """A new row: what stands in an empty cell of a sheet, and the next number where rows are numbered."""
    row = {part.name: part.blank for part in field.parts if part.blank is not ABSENT}
    for part in field.parts:
        if part.name in ("order_num", "step"):
            numbers = (n for one in rows if isinstance(n := one.get(part.name), int))
            row[part.name] = 1 + max(numbers, default=0)
    return row


def _number(typed: Typed, path: str, *, default: int) -> int:
    text = "".join(typed.get(path, ())).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else default
