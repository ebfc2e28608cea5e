"""Remarks beside materials (材料批注): all that a clerk may do to what was handed in electronically."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cases import taken_in
from app.cases.errors import MaterialNotFound, RemarkUnfit
from app.cases.models import Case
from app.cases.officers import Officer
from app.cases.remark_models import MaterialRemark
from app.plain_text import readable

LONGEST = 500
# By material code, the oldest first.
Remarks = dict[str, list[MaterialRemark]]


def write(session: Session, case: Case, *, officer: Officer, material_code: str, text: str) -> MaterialRemark:
    """Write a remark beside a material that was taken in; raises RemarkUnfit, MaterialNotFound."""
    said = readable(text)
    if not 0 < len(said) <= LONGEST:
        raise RemarkUnfit(most=LONGEST)
    if material_code not in taken_in.of_case(session, case):
        raise MaterialNotFound
    remark = MaterialRemark(
        case_id=case.id,
        material_code=material_code,
        text=said,
        clerk_id=officer.clerk_id,
        clerk_name=officer.name,
        at=clock.now(),
    )
    session.add(remark)
    session.flush()
    return remark


def of_case(session: Session, *, case_id: int) -> Remarks:
    """The remarks of a case."""
    return of_cases(session, case_ids=[case_id])[case_id]


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, Remarks]:
    """The same for several cases: one statement for all."""
    found: dict[int, Remarks] = {case_id: {} for case_id in case_ids}
    asked = select(MaterialRemark).where(MaterialRemark.case_id.in_(case_ids)).order_by(MaterialRemark.id)
    for one in session.scalars(asked):
        found[one.case_id].setdefault(one.material_code, []).append(one)
    return found
