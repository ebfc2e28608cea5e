"""What of a case follows later (查询容缺材料), and the text by which it was promised."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import clock
from app.cases import forms
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.promise_models import CasePromise
from app.cases.states import State
from app.catalogue import tolerance
from app.catalogue.queries import Guide
from app.undertakings import texts
from app.undertakings.texts import Matter, Text

Row = TypeVar("Row", OwedMaterial, CasePromise)

# Put together once: every step of a case asks it.
_OF_CASE = select(OwedMaterial).where(OwedMaterial.case_id == bindparam("case_id")).order_by(OwedMaterial.id)
_OF_CASES = (
    select(OwedMaterial)
    .where(OwedMaterial.case_id.in_(bindparam("case_ids", expanding=True)))
    .order_by(OwedMaterial.id)
)


def of_case(session: Session, *, case_id: int) -> list[OwedMaterial]:
    """What a case owes or has brought, in the order of choosing."""
    return list(session.scalars(_OF_CASE, {"case_id": case_id}))


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[OwedMaterial]]:
    """The same for several cases: one statement for all."""
    found: dict[int, list[OwedMaterial]] = {case_id: [] for case_id in case_ids}
    for one in session.scalars(_OF_CASES, {"case_ids": list(case_ids)}):
        found[one.case_id].append(one)
    return found


def matter(case: Case, guide: Guide) -> Matter:
    """A case as the texts that are signed for it name it."""
    values = forms.opened(case.sealed_form).values
    return Matter(
        applicant=values.get("organisation_name") or values.get("applicant_name") or "未填姓名",
        task_name=case.task_name,
        task_code=case.task_code,
        dept_name=case.dept_name,
        guide_version=guide.version,
    )


def text(case: Case, guide: Guide, material: Mapping[str, Any]) -> Text | None:
    """What is signed so that a material may follow, as things are now; None: it may not."""
    days = tolerance.days(guide.body)
    if days is None or not tolerance.may_follow(guide.body, material):
        return None
    return texts.tolerance(matter(case, guide), material=str(material["name"]), days=days)


def holding(
    case: Case,
    guide: Guide,
    materials: Collection[Mapping[str, Any]],
    *,
    rows: Collection[OwedMaterial],
) -> dict[str, OwedMaterial]:
    """What follows by words that still hold, by material: whoever changed the form signs anew.

    What was handed in stays as it was signed.
    """
    words = {str(one["material_code"]): partial(text, case, guide, one) for one in materials}
    return still_signed(case, rows, words)


def still_signed(
    case: Case, rows: Collection[Row], words: Mapping[str, Callable[[], Text | None]]
) -> dict[str, Row]:
    """What was signed in the very words of now, by material; after handing in, all that was signed."""
    by_code = {one.material_code: one for one in rows}
    if case.state != State.DRAFT:
        return by_code
    now = {code: words[code]() for code in by_code if code in words}
    return {code: by_code[code] for code, said in now.items() if said and said.digest == by_code[code].digest}


def is_open(one: OwedMaterial) -> bool:
    """Whether a material is still to be brought, and may be."""
    return one.delivered_at is None and one.overdue_at is None and not is_overdue(one)


def is_overdue(one: OwedMaterial) -> bool:
    """Whether the day until which a material was to come is over, and it has not come (容缺逾期)."""
    return one.delivered_at is None and one.due_on is not None and one.due_on < clock.today()


def last_day(rows: Collection[OwedMaterial]) -> date | None:
    """The day until which the first of what is open is due."""
    return min((one.due_on for one in rows if is_open(one) and one.due_on is not None), default=None)


def names(rows: Collection[OwedMaterial]) -> str:
    """What is meant, as a sentence names it."""
    return "、".join(f"“{one.name}”" for one in rows)


def names_until(rows: Collection[OwedMaterial]) -> str:
    """What is still to be brought, and until when; empty when nothing is."""
    open_ones = [one for one in rows if is_open(one)]
    until = last_day(open_ones)
    return f"{names(open_ones)}，最迟{until:%m月%d日}" if until is not None else names(open_ones)
