"""What belongs to one case (案卷), for the length of one step: each kind is read when asked for, and once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cases import co_signed, forms, organisation, owed, promised, proofs, situation
from app.cases.co_sign_models import CoSigning
from app.cases.forms import Form, FormField
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.precheck_models import CasePrecheck
from app.cases.promise_models import CasePromise
from app.cases.situation import Situation
from app.catalogue import prechecking, promises, tolerance
from app.catalogue import queries as catalogue
from app.catalogue.queries import Guide
from app.certificates.models import Certificate
from app.materials import queries as materials
from app.materials.models import Photo

# Put together once: every step of a draft asks it.
_LAST_PRECHECK = (
    select(CasePrecheck)
    .where(CasePrecheck.case_id == bindparam("case_id"))
    .order_by(CasePrecheck.round.desc())
    .limit(1)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Dossier:
    """A case with what its citizen put to it.

    Nobody else changes any of it while the row of the case is held; otherwise it is as it was at the first
    look. What follows later and what is promised exists only where the guide, which never changes, lets it.
    """

    session: Session
    case: Case

    @cached_property
    def guide(self) -> Guide:
        """The guide that the case keeps to."""
        return catalogue.guide_by_version(self.session, version_id=self.case.guide_version_id)

    @cached_property
    def form(self) -> Form:
        """What was filled in; whoever changes it has a dossier of their own afterwards."""
        return forms.opened(self.case.sealed_form)

    @cached_property
    def situation(self) -> Situation:
        """What the citizen answered, and what follows from it."""
        return situation.of(self.case, self.guide)

    @cached_property
    def photos(self) -> dict[str, list[Photo]]:
        """The live photos by material, in the order of their pages."""
        return materials.of_case(self.session, case_id=self.case.id)

    @cached_property
    def given(self) -> dict[str, Certificate]:
        """The certificates that give materials, by material; those that ended too."""
        return proofs.of_case(self.session, case_id=self.case.id)

    @cached_property
    def fields(self) -> tuple[FormField, ...]:
        """The fields of its form."""
        return organisation.fields_of(self.case, self.guide.body)

    @property
    def may_promise(self) -> bool:
        """Whether its guide lets a promise stand for a material."""
        return promises.are_offered(self.guide.body)

    @property
    def may_owe(self) -> bool:
        """Whether its guide lets a material follow later; that of a promise that fell follows too."""
        return self.may_promise or tolerance.days(self.guide.body) is not None

    @cached_property
    def owed(self) -> list[OwedMaterial]:
        """What follows later by promise (容缺), in the order of choosing."""
        return owed.of_case(self.session, case_id=self.case.id) if self.may_owe else []

    @cached_property
    def promised(self) -> list[CasePromise]:
        """What is promised instead of handed in (告知承诺), in the order of signing."""
        return promised.of_case(self.session, case_id=self.case.id) if self.may_promise else []

    @cached_property
    def co_signing(self) -> CoSigning | None:
        """The live invitation of a second person (共同申请人), where the guide wants one."""
        if not co_signed.wanted(self.case, self.guide):
            return None
        return co_signed.of_case(self.session, case_id=self.case.id)

    @cached_property
    def precheck(self) -> CasePrecheck | None:
        """The last round of its pre-check (网上预审), where the guide offers one."""
        if prechecking.days(self.guide.body) is None:
            return None
        return self.session.scalar(_LAST_PRECHECK, {"case_id": self.case.id})

    def listed(self, *, handed_in: Collection[str] = ()) -> list[dict[str, Any]]:
        """The materials as they apply to this citizen; of what was handed in none is missing."""
        return situation.listed(self.situation.person, self.guide, handed_in=handed_in)

    @property
    def there(self) -> set[str]:
        """The materials that were photographed, or are given by a certificate which is valid today."""
        return {*self.photos, *proofs.valid(self.given)}


def of_cases(session: Session, cases: Sequence[Case]) -> list[Dossier]:
    """The same of several cases, with what every step of a draft asks read at once, not case by case."""
    ids = [case.id for case in cases]
    found = {case.id: Dossier(session, case) for case in cases}
    _keep(found, "photos", materials.of_cases(session, case_ids=ids))
    _keep(found, "given", proofs.of_cases(session, case_ids=ids))
    if owing := [case_id for case_id, its in found.items() if its.may_owe]:
        _keep(found, "owed", owed.of_cases(session, case_ids=owing))
    if promising := [case_id for case_id, its in found.items() if its.may_promise]:
        _keep(found, "promised", promised.of_cases(session, case_ids=promising))
    return list(found.values())


def _keep(found: Mapping[int, Dossier], kind: str, read: Mapping[int, Any]) -> None:
    for case_id, its in read.items():
        vars(found[case_id])[kind] = its
