"""What a machine can say of each review point (机器审查): pure and total, by facts that were given to it.

Three answers: met, not met, cannot be told. The last two are for a person; a machine refuses nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from app.review_points.points import FILLED, HELD, NUMBER_TESTS, TEXT_TESTS, About, Point, Source
from app.situations.engine import Answer, holds
from app.situations.known import Known
from app.situations.tables import Test


class Outcome(StrEnum):
    """What is said of one point."""

    MET = "met"
    NOT_MET = "not_met"
    UNTOLD = "untold"


OUTCOME_TEXTS: Final[Mapping[Outcome, str]] = {
    Outcome.MET: "已符合",
    Outcome.NOT_MET: "要人工核对",
    Outcome.UNTOLD: "要人工查看",
}


class Given(StrEnum):
    """How a material was given, if at all."""

    CERTIFICATE = "certificate"
    LAPSED_CERTIFICATE = "lapsed_certificate"
    ONLINE = "online"
    PHOTO = "photo"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is looked at of one application on one day.

    `asked`: the situation questions that were put to this applicant. `materials`: those that apply to them.
    `known` and the proven name and number are what real-name verification says; None where there is none.
    """

    today: date
    form: Mapping[str, str]
    answers: Mapping[str, Answer]
    asked: frozenset[str]
    materials: Mapping[str, Given]
    known: Known
    proven_name: str | None
    proven_number: str | None
    fees_fixed: bool = True
    certificates: Mapping[str, date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one point, and why in one sentence for applicant and clerk."""

    key: str
    text: str
    law: str
    outcome: Outcome
    reason: str


_Said = tuple[Outcome, str]


def judge(points: Sequence[Point], facts: Facts) -> tuple[Verdict, ...]:
    """A verdict for every point, in their order."""
    return tuple(
        Verdict(point.key, point.text, point.law, *_JUDGES[point.source](point, facts)) for point in points
    )


def doubts(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts for which a person is needed."""
    return [verdict for verdict in verdicts if verdict.outcome is not Outcome.MET]


def _form(point: Point, facts: Facts) -> _Said:
    text = facts.form.get(point.about, "")
    if not text:
        return Outcome.NOT_MET, "这一项没有填"
    if point.test == FILLED:
        return Outcome.MET, "已填写"
    answer = _typed(text, Test(point.test))
    if answer is None:
        return Outcome.UNTOLD, "填写的内容机器读不懂"
    return _compared(point, answer, facts, where="申请表里填写的内容")


def _answer(point: Point, facts: Facts) -> _Said:
    if point.about not in facts.asked:
        return Outcome.MET, "按您的情形不涉及这一条"
    if point.about not in facts.answers:
        return Outcome.UNTOLD, "还没有回答这个情形问题"
    return _compared(point, facts.answers[point.about], facts, where="您对情形问题的回答")


def _material(point: Point, facts: Facts) -> _Said:
    if point.about not in facts.materials:
        return Outcome.MET, "按您的情形不用交这份材料"
    return _OF_MATERIALS[facts.materials[point.about]]


def _certificate(point: Point, facts: Facts) -> _Said:
    if point.about not in facts.certificates:
        return Outcome.NOT_MET, f"没有查到您名下有效的电子证照“{point.about}”"
    if point.test == HELD:
        return Outcome.MET, f"您名下有有效的电子证照“{point.about}”"
    last_day = facts.certificates[point.about]
    if last_day is None:
        return Outcome.UNTOLD, "这张证照长期有效，没有到期日"
    return _compared(point, last_day, facts, where="电子证照的到期日")


def _applicant(point: Point, facts: Facts) -> _Said:
    if facts.proven_name is None or facts.proven_number is None:
        return Outcome.UNTOLD, "您还没有实名认证"
    return _OF_APPLICANTS[About(point.about)](point, facts)


def _local(point: Point, facts: Facts) -> _Said:
    """A number that was first given elsewhere proves nothing: its holder may have moved here."""
    del point
    if facts.known.local:
        return Outcome.MET, "身份证号开头的地区在本市"
    return Outcome.UNTOLD, "身份证号看不出户口现在是不是在本市"


def _region(point: Point, facts: Facts) -> _Said:
    if (facts.proven_number or "").startswith(point.values):
        return Outcome.MET, "身份证号开头的地区符合"
    return Outcome.UNTOLD, "身份证号看不出户口现在在哪里"


def _born(point: Point, facts: Facts) -> _Said:
    return _of_fact(point, facts.known.born, facts)


def _sex(point: Point, facts: Facts) -> _Said:
    return _of_fact(point, facts.known.sex, facts)


def _of_fact(point: Point, fact: Answer | None, facts: Facts) -> _Said:
    if fact is None:
        return Outcome.UNTOLD, "实名信息里没有这一项"
    return _compared(point, fact, facts, where="实名信息")


def _identity(point: Point, facts: Facts) -> _Said:
    del point
    same_name = facts.form.get("applicant_name", facts.proven_name) == facts.proven_name
    if same_name and facts.form.get("id_number", facts.proven_number) == facts.proven_number:
        return Outcome.MET, "姓名和身份证号与实名信息一致"
    return Outcome.NOT_MET, "填写的姓名或身份证号与实名信息不一致"


def _fees(point: Point, facts: Facts) -> _Said:
    del point
    if facts.fees_fixed:
        return Outcome.MET, "收费项目和金额都已确定"
    return Outcome.UNTOLD, "收费要由工作人员核定"


def _person(point: Point, facts: Facts) -> _Said:
    del point, facts
    return Outcome.UNTOLD, "这一条要由工作人员判断"


def _compared(point: Point, answer: Answer, facts: Facts, *, where: str) -> _Said:
    if holds(point.condition, answer, facts.today):
        return Outcome.MET, f"{where}符合"
    return Outcome.NOT_MET, f"{where}和这一条不一致"


def _typed(text: str, test: Test) -> Answer | None:
    """What was typed as something that the test compares; None when it is none."""
    if test in TEXT_TESTS:
        return text
    try:
        return int(text) if test in NUMBER_TESTS else date.fromisoformat(text)
    except ValueError:
        return None


_OF_MATERIALS: Final[Mapping[Given, _Said]] = {
    Given.CERTIFICATE: (Outcome.MET, "由有效的电子证照提供"),
    Given.LAPSED_CERTIFICATE: (Outcome.NOT_MET, "提供这份材料的电子证照已经失效"),
    Given.ONLINE: (Outcome.MET, "已在线填写"),
    Given.PHOTO: (Outcome.UNTOLD, "上传的照片要由工作人员看"),
    Given.MISSING: (Outcome.NOT_MET, "没有交这份材料"),
}
_OF_APPLICANTS: Final[Mapping[About, Callable[[Point, Facts], _Said]]] = {
    About.IDENTITY: _identity,
    About.BIRTH_DATE: _born,
    About.SEX: _sex,
    About.LOCAL: _local,
    About.REGION: _region,
}
_JUDGES: Final[Mapping[Source, Callable[[Point, Facts], _Said]]] = {
    Source.FORM: _form,
    Source.ANSWER: _answer,
    Source.MATERIAL: _material,
    Source.CERTIFICATE: _certificate,
    Source.APPLICANT: _applicant,
    Source.FEES: _fees,
    Source.PERSON: _person,
}
