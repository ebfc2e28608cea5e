"""What review points must keep before a guide may carry them (审查要点校验); never raises."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.review_points.points import (
    DATE_TESTS,
    FILLED,
    HELD,
    OF_ANSWERS,
    OF_APPLICANTS,
    TEXT_TESTS,
    About,
    Source,
)
from app.situations.engine import NO, YES
from app.situations.known import FEMALE, MALE
from app.situations.tables import Kind, Table, Test

MOST_POINTS = 40
_MOST_VALUES = 40
_LONGEST = 400  # characters of a wording, a law, a value
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_REGION = re.compile(r"[0-9]{2,6}")
_MOST_DAYS = 36_500
_PARTS = frozenset({"key", "text", "law", "of", "about", "test", "values"})

Fault = tuple[str, str]
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a guide as points see it: kinds by key, and the choices of those that have them."""

    kinds: Mapping[str, str]
    choices: Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Named:
    """What points may name: fields of the form, situation questions, material codes."""

    form: Form
    table: Table
    materials: Collection[str]


def faults(raw: object, named: Named) -> list[Fault]:
    """Every fault as (place, sentence): `[0].about` is the field of the first point."""
    if not isinstance(raw, list) or len(raw) > MOST_POINTS:
        return [("", f"要是一张表，最多{MOST_POINTS}条")]
    found: list[Fault] = []
    seen: set[str] = set()
    for place, one in enumerate(raw):
        shape = list(_shape(one))
        found += [(f"[{place}]{part}", sentence) for part, sentence in shape or _of_point(one, named)]
        if not shape:
            if one["key"] in seen:
                found.append((f"[{place}].key", f"代号“{one['key']}”出现了两次"))
            seen.add(one["key"])
    return found


def _shape(raw: object) -> Iterator[Fault]:
    if not isinstance(raw, dict) or not raw.keys() <= _PARTS:
        yield "", "每一条只有代号、要点、依据、查什么、查哪一项、怎么比、和什么比"
        return
    if not isinstance(raw.get("key"), str) or not _KEY.fullmatch(raw["key"]):
        yield ".key", "要有代号，只用小写字母、数字和下划线"
    for name, said in (("text", "写出群众看得懂的审查要点"), ("law", "写明这一条的依据")):
        if not _words(raw.get(name)):
            yield f".{name}", f"{said}，最多{_LONGEST}个字"
    if raw.get("of") not in list(Source):
        yield ".of", f"要是这几种之一：{'、'.join(Source)}"
    for name in ("about", "test"):
        if not isinstance(raw.get(name) or "", str):
            yield f".{name}", "要填文字"
    values = raw.get("values") or []
    if not isinstance(values, list) or len(values) > _MOST_VALUES or not all(map(_words, values)):
        yield ".values", f"要是文字，一行一个，最多{_MOST_VALUES}个"


def _of_point(raw: Raw, named: Named) -> Iterator[Fault]:
    source, about = Source(raw["of"]), raw.get("about") or ""
    if source in {Source.FEES, Source.PERSON}:
        yield from _nothing_more(raw, about=about)
    elif source is Source.FORM:
        yield from _of_form(raw, about, named.form)
    elif source is Source.ANSWER:
        yield from _of_answer(raw, about, named.table)
    elif source is Source.MATERIAL:
        if about not in named.materials:
            yield ".about", f"指南的材料里没有“{about[:64]}”，请填材料编码"
        yield from _nothing_more(raw)
    elif source is Source.CERTIFICATE:
        if not about.strip():
            yield ".about", "请填电子证照的名称"
        yield from _test(raw, DATE_TESTS, also=HELD)
    else:
        yield from _of_applicant(raw, about)


def _of_form(raw: Raw, about: str, form: Form) -> Iterator[Fault]:
    kind = form.kinds.get(about)
    if kind is None:
        yield ".about", f"申请表单里没有“{about[:64]}”这一项，请填表单项的代号"
        return
    yield from _test(raw, DATE_TESTS if kind == "date" else TEXT_TESTS, also=FILLED)
    if about in form.choices and raw.get("test") != FILLED:
        yield from _possible(raw, form.choices[about])


def _of_answer(raw: Raw, about: str, table: Table) -> Iterator[Fault]:
    question = table.question(about)
    if question is None:
        yield ".about", f"情形问题里没有“{about[:64]}”，请填问题的代号"
        return
    yield from _test(raw, OF_ANSWERS[question.kind])
    if question.kind is Kind.YES_NO:
        yield from _possible(raw, (YES, NO))
    elif question.kind is Kind.CHOICE:
        yield from _possible(raw, [choice.value for choice in question.choices])


def _of_applicant(raw: Raw, about: str) -> Iterator[Fault]:
    if about not in list(About):
        yield ".about", f"实名信息里能查的是：{'、'.join(About)}"
        return
    tests = OF_APPLICANTS[About(about)]
    if not tests:
        yield from _nothing_more(raw)
        return
    yield from _test(raw, tests)
    if about == About.SEX:
        yield from _possible(raw, (MALE, FEMALE))
    if about == About.REGION and not all(map(_REGION.fullmatch, raw.get("values") or [])):
        yield ".values", "要是行政区划代码的开头2到6位数字，一行一个"


def _nothing_more(raw: Raw, *, about: str = "") -> Iterator[Fault]:
    if about:
        yield ".about", "这一种不用填查哪一项"
    for name in ("test", "values"):
        if raw.get(name):
            yield f".{name}", "这一种不用比，请留空"


def _test(raw: Raw, tests: Collection[Test], *, also: str = "") -> Iterator[Fault]:
    test, values = raw.get("test") or "", raw.get("values") or []
    if also and test == also:
        if values:
            yield ".values", "只看有没有的，不用填和什么比"
    elif test not in list(tests):
        yield ".test", f"这一项可以这样比：{'、'.join(filter(None, (also, *sorted(tests))))}"
    elif test == Test.IN:
        if not values:
            yield ".values", "请填和什么比，一行一个"
    elif len(values) != 1:
        yield ".values", "请填一个要比的内容"
    elif test != Test.IS and not _whole(values[0]):
        yield ".values", f"要填0到{_MOST_DAYS}的整数"


def _possible(raw: Raw, among: Collection[str]) -> Iterator[Fault]:
    unknown = [value for value in raw.get("values") or [] if value not in among]
    if unknown:
        yield ".values", f"没有这个选项：{'、'.join(unknown)[:64]}；可填：{'、'.join(among)}"


def _words(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _LONGEST


def _whole(text: str) -> bool:
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_DAYS))
    return digits and int(text) <= _MOST_DAYS
