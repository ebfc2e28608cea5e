"""Review points of an instant item as data (审查要点): what is looked at, and how it is compared.

A guide carries them as `review_points`, a list of {key, text, law, of, about?, test?, values?}. Nothing in
them is a program; comparing is that of the situation questions (`app/situations`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.situations.tables import Condition, Kind, Test

FIELD = "review_points"


class Source(StrEnum):
    """What a point looks at."""

    FORM = "form"
    ANSWER = "answer"
    MATERIAL = "material"
    CERTIFICATE = "certificate"
    APPLICANT = "applicant"
    FEES = "fees"
    PERSON = "person"


class About(StrEnum):
    """What is proven of an applicant (实名信息)."""

    IDENTITY = "identity"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    LOCAL = "local_household"
    REGION = "region"


# Besides the comparisons of the situation questions: something is there at all.
FILLED, HELD = "filled", "held"
TEXT_TESTS: Final = frozenset({Test.IS, Test.IN})
DATE_TESTS: Final = frozenset(Test) - {Test.IS, Test.IN, Test.AT_LEAST, Test.BELOW}
NUMBER_TESTS: Final = frozenset({Test.AT_LEAST, Test.BELOW})
OF_ANSWERS: Final[Mapping[Kind, frozenset[Test]]] = {
    Kind.YES_NO: frozenset({Test.IS}),
    Kind.CHOICE: TEXT_TESTS,
    Kind.NUMBER: NUMBER_TESTS,
    Kind.DATE: DATE_TESTS,
}
OF_APPLICANTS: Final[Mapping[About, frozenset[Test]]] = {
    About.IDENTITY: frozenset(),
    About.BIRTH_DATE: DATE_TESTS,
    About.SEX: frozenset({Test.IS}),
    About.LOCAL: frozenset(),
    About.REGION: frozenset({Test.IN}),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One review point (审查要点): wording and law for everybody, the rest for the machine."""

    key: str
    text: str
    law: str
    source: Source
    about: str = ""
    test: str = ""
    values: tuple[str, ...] = ()

    @property
    def condition(self) -> Condition:
        """The comparison; only of a point that was checked and whose test is a comparison."""
        test = Test(self.test)
        if test is Test.IN:
            return Condition(self.about, test, self.values)
        return Condition(self.about, test, self.values[0] if test is Test.IS else int(self.values[0]))


def read(body: Mapping[str, Any]) -> tuple[Point, ...]:
    """The points of a guide that was checked before publication; without them none."""
    return tuple(map(_point, body.get(FIELD) or ()))


def _point(raw: Mapping[str, Any]) -> Point:
    values: Sequence[str] = raw.get("values") or ()
    return Point(
        key=raw["key"],
        text=raw["text"],
        law=raw["law"],
        source=Source(raw["of"]),
        about=raw.get("about") or "",
        test=raw.get("test") or "",
        values=tuple(values),
    )
