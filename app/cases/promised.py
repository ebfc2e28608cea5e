"""For which materials of a case a promise stands (查询告知承诺), and the text of each."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cases import forms, owed
from app.cases.models import Case
from app.cases.promise_models import CasePromise
from app.catalogue import promises
from app.catalogue.queries import Guide
from app.undertakings import texts
from app.undertakings.texts import Text

# Where forms keep the place that a promise about one is about, the more exact first.
_PLACES = ("place_address", "house_address", "use_address", "address")
# Put together once: every step of a case asks it.
_OF_CASE = select(CasePromise).where(CasePromise.case_id == bindparam("case_id")).order_by(CasePromise.id)
_OF_CASES = (
    select(CasePromise)
    .where(CasePromise.case_id.in_(bindparam("case_ids", expanding=True)))
    .order_by(CasePromise.id)
)


def of_case(session: Session, *, case_id: int) -> list[CasePromise]:
    """The promises of a case, in the order of signing."""
    return list(session.scalars(_OF_CASE, {"case_id": case_id}))


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, list[CasePromise]]:
    """The same for several cases: one statement for all."""
    found: dict[int, list[CasePromise]] = {case_id: [] for case_id in case_ids}
    for one in session.scalars(_OF_CASES, {"case_ids": list(case_ids)}):
        found[one.case_id].append(one)
    return found


def text(case: Case, guide: Guide, material: Mapping[str, Any]) -> Text | None:
    """What is signed instead of a material, as things are now; None: the guide offers no promise."""
    published = promises.of_material(guide.body, str(material["material_code"]))
    if published is None:
        return None
    values = forms.opened(case.sealed_form).values
    place = next((values[key] for key in _PLACES if values.get(key)), "")
    return texts.promise(
        owed.matter(case, guide), material=str(material["name"]), published=published, place=place
    )


def holding(
    case: Case,
    guide: Guide,
    materials: Collection[Mapping[str, Any]],
    *,
    rows: Collection[CasePromise],
) -> dict[str, CasePromise]:
    """The promises whose words still hold, by material: whoever changed the form signs anew.

    What was handed in stays as it was signed.
    """
    words = {str(one["material_code"]): partial(text, case, guide, one) for one in materials}
    return owed.still_signed(case, rows, words)
