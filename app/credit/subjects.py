"""Whom the credit platform knows by which number (信用主体): a proven person, or a company by its code."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.organisations import queries as organisations
from app.people import queries as people


class SubjectKind(StrEnum):
    """Who is meant by a number."""

    PERSON = "person"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Subject:
    """A person by 公民身份号码, or a company by 统一社会信用代码."""

    kind: SubjectKind
    number: str


def of(session: Session, *, citizen_id: int, organisation_id: int | None) -> Subject | None:
    """Who applies; None for a person whose identity nobody has checked: what one types proves nothing."""
    if organisation_id is not None:
        found = organisations.organisation(session, organisation_id=organisation_id)
        return Subject(SubjectKind.COMPANY, found.code)
    number = people.citizen(session, citizen_id=citizen_id).id_number
    return None if number is None else Subject(SubjectKind.PERSON, number)
