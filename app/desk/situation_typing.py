"""What a clerk typed into the form of the situations, as data (情形表单的填写).

What cannot be read stays as it was typed, so that nothing is lost and the rules can say what is wrong with
it; what nobody touched stays exactly as it was, also where the same could be written in another way.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.desk.situation_fields import (
    LIMIT,
    MOST_LISTED,
    QUESTION_FLAGS,
    QUESTION_TEXTS,
    REFUSE,
    ROW_TEXTS,
    TRUE_OR_FALSE,
    WAYS,
)
from app.situations.tables import Kind, Test

Raw = Mapping[str, Any]
Typed = Mapping[str, Sequence[str]]

_LONGEST_NUMBER = 9  # digits
_UP, _DOWN, _ADD = "up", "down", "add"
_STEPS = {_UP: -1, _DOWN: 1}
_QUESTIONS, _ROWS = "questions", "rows"
# How a condition about a question of this kind begins, to be filled in next.
_BEGUN: dict[str, dict[str, Any]] = {
    Kind.YES_NO: {Test.IN.value: []},
    Kind.CHOICE: {Test.IN.value: []},
    Kind.SEVERAL: {Test.HAS.value: []},
    Kind.NUMBER: {Test.AT_LEAST.value: ""},
    Kind.DATE: {Test.YEARS_AT_LEAST.value: ""},
}


def written(raw: Raw, typed: Typed) -> dict[str, Any]:
    """The situations as they were typed.

    `….gone` takes one out, `do` adds or moves one (`rows.add`, `rows.1.up`).
    A list that did not stand on the form stays as it was.
    """
    held = {name: list(raw.get(name) or []) for name in (_QUESTIONS, _ROWS)}
    of_key = {one["key"]: one for one in held[_QUESTIONS]}

    def question(path: str, _: int) -> dict[str, Any]:
        return _question(of_key.get(_text(typed, f"{path}.key"), {}), typed, path)

    def row(path: str, place: int) -> dict[str, Any]:
        return _row(held[_ROWS][place] if place < len(held[_ROWS]) else {}, typed, path)

    made = dict(held)
    for name, of_one in ((_QUESTIONS, question), (_ROWS, row)):
        if f"{name}.count" in typed:
            made[name] = _listed(typed, name, of_one)
    if typed.get("do") == [f"{_QUESTIONS}.{_ADD}"]:
        key = _next_name("q", [one["key"] for one in [*held[_QUESTIONS], *made[_QUESTIONS]]])
        made[_QUESTIONS].append({"key": key, "text": "", "kind": Kind.YES_NO.value})
    if typed.get("do") == [f"{_ROWS}.{_ADD}"]:
        made[_ROWS].append({"when": []})
    return made


def place_of(raw: Raw, typed: Typed) -> str:
    """Where on the form a clerk goes on after `do`: `questions-2`; nothing where they pressed 保存."""
    name, _, rest = _text(typed, "do").partition(".")
    if name not in (_QUESTIONS, _ROWS):
        return ""
    number, _, what = rest.partition(".")
    if number == _ADD:
        return f"{name}-{len(raw.get(name) or []) - 1}"
    if not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        return ""
    before = sum(f"{name}.{place}.gone" in typed for place in range(min(int(number), MOST_LISTED)))
    last = max(len(raw.get(name) or []) - 1, 0)
    return f"{name}-{min(max(int(number) - before + _STEPS.get(what, 0), 0), last)}"


def _listed(typed: Typed, path: str, of_one: Callable[[str, int], dict[str, Any]]) -> list[dict[str, Any]]:
    """The things of a list in their order, without those that are marked as gone."""
    places = list(range(min(_count(typed, path), MOST_LISTED)))
    moved = re.fullmatch(rf"{re.escape(path)}\.(\d{{1,3}})\.(up|down)", _text(typed, "do"), re.ASCII)
    if moved is not None:
        here, there = int(moved[1]), int(moved[1]) + _STEPS[moved[2]]
        if here in places and there in places:
            places[here], places[there] = places[there], places[here]
    return [of_one(f"{path}.{place}", place) for place in places if f"{path}.{place}.gone" not in typed]


def _question(held: Raw, typed: Typed, path: str) -> dict[str, Any]:
    made: dict[str, Any] = {"key": _text(typed, f"{path}.key"), "text": ""}
    for name in QUESTION_TEXTS:
        _put(made, held, name=name, text=_text(typed, f"{path}.{name}"))
    for name in QUESTION_FLAGS:
        said = TRUE_OR_FALSE.get(_text(typed, f"{path}.{name}"))
        if said is not None:
            made[name] = said
    lines = [line.strip() for line in _text(typed, f"{path}.known_by").split("\n") if line.strip()]
    _put_list(made, held, name="known_by", found=lines)
    _put_list(made, held, name="choices", found=_choices(typed, f"{path}.choices"))
    asked_when = _conditions(held.get("ask_when", []), typed, f"{path}.ask_when")
    _put_list(made, held, name="ask_when", found=asked_when)
    return made


def _choices(typed: Typed, path: str) -> list[dict[str, Any]]:
    """The choices with what was typed into the empty lines at their end, each under a name of its own."""

    def choice(at: str, _: int) -> dict[str, Any]:
        return {"value": _text(typed, f"{at}.value"), "text": _text(typed, f"{at}.text")}

    if f"{path}.gone" in typed:
        return []
    found = _listed(typed, path, choice)
    names = [_text(typed, f"{path}.{place}.value") for place in range(min(_count(typed, path), MOST_LISTED))]
    for text in typed.get(f"{path}.new", ()):
        if text.strip() and len(found) < MOST_LISTED:
            names.append(_next_name("c", names))
            found.append({"value": names[-1], "text": text.strip()})
    return found


def _row(held: Raw, typed: Typed, path: str) -> dict[str, Any]:
    made: dict[str, Any] = {"when": _conditions(held.get("when", []), typed, f"{path}.when")}
    ways = dict(_ways(typed, f"{path}.materials"))
    for way in WAYS:
        chosen = [code for code, said in ways.items() if said == way]
        _put_list(made, held, name=way, found=_in_old_order(held.get(way, []), chosen))
    ticked = list(typed.get(f"{path}.fees", ()))
    if ticked or f"{path}.fees.none" in typed:
        made["fees"] = _in_old_order(held.get("fees", []), ticked)
    for name, parts in (("limit", LIMIT), ("refuse", REFUSE)):
        group: dict[str, Any] = {}
        for part in parts:
            text = _text(typed, f"{path}.{name}.{part}")
            _put(group, held.get(name, {}), name=part, text=text, whole=part == "days")
        if group or held.get(name) == {}:
            made[name] = group
    for name in ROW_TEXTS:
        _put(made, held, name=name, text=_text(typed, f"{path}.{name}"))
    _put(made, held, name="visits", text=_text(typed, f"{path}.visits"), whole=True)
    return made


def _ways(typed: Typed, path: str) -> Iterator[tuple[str, str]]:
    for number in range(min(_count(typed, path), MOST_LISTED)):
        yield _text(typed, f"{path}.{number}.code"), _text(typed, f"{path}.{number}.way")


def _conditions(held: Sequence[Raw], typed: Typed, path: str) -> list[dict[str, Any]]:
    def condition(at: str, place: int) -> dict[str, Any]:
        was = held[place] if place < len(held) else {}
        question, test = _text(typed, f"{at}.q"), _text(typed, f"{at}.test")
        values = [value.strip() for value in typed.get(f"{at}.value", ()) if value.strip()]
        if test in (Test.HAS, Test.HAS_NOT):
            return {"q": question, test: _in_old_order(was.get(test, []), values)}
        if test not in (Test.IS, Test.IN):
            value: object = _whole("".join(values))
            return {"q": question, test if test in set(Test) else Test.AT_LEAST.value: value}
        if len(values) == 1 and not (was.get("q") == question and was.get(Test.IN) == values):
            return {"q": question, Test.IS.value: values[0]}
        return {"q": question, Test.IN.value: _in_old_order(was.get(Test.IN, []), values)}

    found = _listed(typed, path, condition)
    asked = _text(typed, f"{path}.new")
    begun = _BEGUN.get(_kinds(typed).get(asked, ""))
    return found if begun is None else [*found, {"q": asked, **begun}]


def _kinds(typed: Typed) -> dict[str, str]:
    """Of which kind each question is now, by its key."""
    paths = [f"{_QUESTIONS}.{place}" for place in range(min(_count(typed, _QUESTIONS), MOST_LISTED))]
    return {_text(typed, f"{path}.key"): _text(typed, f"{path}.kind") for path in paths}


def _put(made: dict[str, Any], held: Raw, *, name: str, text: str, whole: bool = False) -> None:
    if name in held and str(held[name]).replace("\r\n", "\n").strip() == text:
        made[name] = held[name]
    elif text:
        made[name] = _whole(text) if whole else text


def _put_list(made: dict[str, Any], held: Raw, *, name: str, found: list[Any]) -> None:
    if found or held.get(name) == []:
        made[name] = found


def _in_old_order(held: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """Of which order they are means nothing: what was there before stays where it was."""
    return [code for code in dict.fromkeys([*held, *chosen]) if code in set(chosen)]


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else text


def _text(typed: Typed, path: str) -> str:
    return "\n".join(typed.get(path, ())).replace("\r\n", "\n").strip()


def _count(typed: Typed, path: str) -> int:
    text = _text(typed, f"{path}.count")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else 0


def _next_name(letter: str, names: Sequence[str]) -> str:
    """A name that is not taken, higher than every one of its kind, so that none ever means two things."""
    numbers = [int(one[1:]) for one in names if re.fullmatch(rf"{letter}\d{{1,9}}", one, re.ASCII)]
    return f"{letter}{max(numbers, default=0) + 1}"
