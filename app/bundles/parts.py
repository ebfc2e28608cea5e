"""The parts of an application with everything that decides about them (一件事里的各事项)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bundles.models import BundleApplication, BundlePart
from app.cases import organisation, proofs, situation
from app.cases.forms import FormField
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.certificates import queries as certificates
from app.certificates.models import Certificate
from app.materials import queries as material_queries
from app.materials.models import Photo


@dataclass(frozen=True, slots=True)
class WholePart:
    """One part with its case, its pinned guide and what was handed in; `certificate` is what it gave."""

    part: BundlePart
    case: Case
    guide: Guide
    photos: Mapping[str, Sequence[Photo]]
    proofs: Mapping[str, Certificate]
    certificate: Certificate | None

    @property
    def code(self) -> str:
        """The task code, by which parts are told apart."""
        return self.part.task_code

    @property
    def fields(self) -> tuple[FormField, ...]:
        """What its form asks."""
        return organisation.fields_of(self.case, self.guide.body)

    @property
    def materials(self) -> list[dict[str, Any]]:
        """What it wants of this citizen."""
        return situation.materials(self.case, self.guide, handed_in=self.photos.keys())


def of(session: Session, *, application_id: int, held: bool = False) -> list[WholePart]:
    """The parts in their order: five statements however many there are.

    `held` locks their cases until the unit of work ends, lowest id first, so that nobody moves one meanwhile.
    """
    if held:
        ids = select(BundlePart.case_id).where(BundlePart.application_id == application_id)
        lock = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update()
        session.scalars(lock.execution_options(populate_existing=True)).all()
    asked = (
        select(BundlePart, Case)
        .join(Case, Case.id == BundlePart.case_id)
        .where(BundlePart.application_id == application_id)
        .order_by(BundlePart.step, BundlePart.place)
    )
    rows = session.execute(asked).all()
    ids_of_cases = [case.id for _, case in rows]
    guides = catalogue.guides_by_version(session, version_ids={case.guide_version_id for _, case in rows})
    photos = material_queries.of_cases(session, case_ids=ids_of_cases)
    given = proofs.of_cases(session, case_ids=ids_of_cases)
    issued = certificates.of_cases(session, case_ids=ids_of_cases)
    return [
        WholePart(
            part, case, guides[case.guide_version_id], photos[case.id], given[case.id], issued.get(case.id)
        )
        for part, case in rows
    ]


def wholes(session: Session, *, case_ids: Sequence[int]) -> dict[int, BundleApplication]:
    """The application that each of these cases is a part of (属于哪件“一件事”); one statement."""
    found = session.execute(
        select(BundlePart.case_id, BundleApplication)
        .join(BundleApplication, BundleApplication.id == BundlePart.application_id)
        .where(BundlePart.case_id.in_(case_ids))
    )
    return {row.case_id: row.BundleApplication for row in found}
