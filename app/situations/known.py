"""What may be proposed as an answer, and from which proven fact (问题预填): pure, like the engine.

Which question is answered by which fact stands with the question itself. A fact only ever says what it
proves: who holds no electronic certificate may hold a paper one, and who was registered elsewhere as a child
may have moved here, so that "no" is proposed by none of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.situations.engine import YES, Answer, readable, years_later
from app.situations.tables import Kind, Question, Table


class Fact(StrEnum):
    """What may be known of somebody; the names are written in the data."""

    BIRTH_DATE = "birth_date"
    BIRTH_DATE_OF_A_MAN = "birth_date_if_male"
    BIRTH_DATE_OF_A_WOMAN = "birth_date_if_female"
    AGE = "age"
    SEX = "sex"
    LOCAL = "local_household"
    CERTIFICATE = "certificate"
    CERTIFICATE_END = "certificate_end"


MALE, FEMALE = "male", "female"
LAST_TIME = "上次申请时的回答"
_ANSWERS = {
    Fact.BIRTH_DATE: {Kind.DATE},
    Fact.BIRTH_DATE_OF_A_MAN: {Kind.DATE},
    Fact.BIRTH_DATE_OF_A_WOMAN: {Kind.DATE},
    Fact.AGE: {Kind.NUMBER},
    Fact.SEX: {Kind.CHOICE},
    Fact.LOCAL: {Kind.YES_NO, Kind.CHOICE},
    Fact.CERTIFICATE: {Kind.YES_NO, Kind.CHOICE},
    Fact.CERTIFICATE_END: {Kind.DATE},
}
_OF_CERTIFICATES = {Fact.CERTIFICATE, Fact.CERTIFICATE_END}
_PROVES_ONE_ANSWER = {Fact.LOCAL, Fact.CERTIFICATE}
_SOURCES = {
    Fact.BIRTH_DATE: "实名信息里的出生日期",
    Fact.BIRTH_DATE_OF_A_MAN: "实名信息里的出生日期",
    Fact.BIRTH_DATE_OF_A_WOMAN: "实名信息里的出生日期",
    Fact.AGE: "实名信息里的出生日期",
    Fact.SEX: "实名信息里的性别",
    Fact.LOCAL: "身份证号开头的地区（首次登记户口的地方）",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is proven of one person; `certificates` are those that are valid, by name, each with its last day.

    `local`: the number was first given in this city. `earlier` are the answers of last time, by question.
    """

    born: date | None = None
    sex: str | None = None
    local: bool = False
    certificates: Mapping[str, date | None] = field(default_factory=dict)
    earlier: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that the person may change, and where it comes from."""

    answer: Answer
    source: str


def of_number(id_number: str | None, *, region_code: str) -> Known:
    """What a citizen number tells (公民身份号码, GB 11643): where it was first given, birth date, sex.

    Its first four digits are compared with the city's code: codes of counties have changed, numbers have not.
    """
    if not id_number:
        return Known()
    return Known(
        born=date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14])),
        sex=MALE if int(id_number[16]) % 2 else FEMALE,
        local=id_number[:4] == region_code[:4],
    )


def proposals(table: Table, known: Known, *, today: date) -> dict[str, Proposal]:
    """The questions that can be answered from what is known; a fact goes before what was said last time."""
    found = {}
    for question in table.questions:
        proposed = _from_fact(question, known, today) or _from_last_time(question, known)
        if proposed is not None:
            found[question.key] = proposed
    return found


def uses(table: Table) -> list[str]:
    """What would be used to propose answers to these questions, in words; nothing is looked at for it."""
    found: list[str] = []
    for question in table.questions:
        if question.known_from in _OF_CERTIFICATES:
            found += [f"电子证照：{name}" for name in question.known_by]
        elif question.known_from is not None:
            found.append(_SOURCES[Fact(question.known_from)])
        if question.stable:
            found.append(LAST_TIME)
    return list(dict.fromkeys(found))


def certificate_names(table: Table) -> set[str]:
    """The certificates that some question asks about."""
    return {name for question in table.questions for name in question.known_by}


def faults(question: Question) -> Iterator[str]:
    """What is wrong with where a question says its answer may come from."""
    source, choices = question.known_from, {choice.value for choice in question.choices}
    if source is None:
        if question.known_by or question.known_as is not None:
            yield "写了证照名称或能证明的选项，就要选从哪里预填"
        return
    if source not in list(Fact) or question.kind not in _ANSWERS[Fact(source)]:
        yield f"这个问题不能从这里预填：{source[:64]}"
        return
    if (source in _OF_CERTIFICATES) != bool(question.known_by):
        yield "从证照预填的要写证照名称，从别处预填的不写"
    one_choice = source in _PROVES_ONE_ANSWER and question.kind is Kind.CHOICE
    if one_choice != (question.known_as is not None) or (one_choice and question.known_as not in choices):
        yield "要选信息能证明的那个选项；只有户口和证照的单选要选，别的不选"
    if source == Fact.SEX and choices != {MALE, FEMALE}:
        yield f"问性别的选项要正好是 {MALE} 和 {FEMALE}"


def _from_fact(question: Question, known: Known, today: date) -> Proposal | None:
    if question.known_from is None:
        return None
    fact = Fact(question.known_from)
    if fact in _OF_CERTIFICATES:
        return _from_certificate(question, known, fact)
    answers: dict[Fact, Answer | None] = {
        Fact.BIRTH_DATE: known.born,
        Fact.BIRTH_DATE_OF_A_MAN: known.born if known.sex == MALE else None,
        Fact.BIRTH_DATE_OF_A_WOMAN: known.born if known.sex == FEMALE else None,
        Fact.AGE: known.born and _age(known.born, today),
        Fact.SEX: known.sex,
        Fact.LOCAL: (question.known_as or YES) if known.local else None,
    }
    answer = answers[fact]
    return None if answer is None else Proposal(answer, _SOURCES[fact])


def _from_certificate(question: Question, known: Known, fact: Fact) -> Proposal | None:
    for name in question.known_by:
        if name not in known.certificates:
            continue
        answer = question.known_as or YES if fact is Fact.CERTIFICATE else known.certificates[name]
        if answer is not None:
            return Proposal(answer, f"您的电子证照：{name}")
    return None


def _from_last_time(question: Question, known: Known) -> Proposal | None:
    if not question.stable or question.key not in known.earlier:
        return None
    answer = readable(question, known.earlier[question.key])
    return None if answer is None else Proposal(answer, LAST_TIME)


def _age(born: date, today: date) -> int:
    """Whole years, counted up on the birthday itself."""
    years = today.year - born.year
    return years if years_later(born, years) <= today else years - 1
