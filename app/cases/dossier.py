"""What belongs to one case (案卷), for the length of one step: each kind is read when asked for, and once."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cases import co_signed, owed, promised, proofs
from app.cases.co_sign_models import CoSigning
from app.cases.models import Case
from app.cases.owed_models import OwedMaterial
from app.cases.precheck_models import CasePrecheck
from app.cases.promise_models import CasePromise
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
    def photos(self) -> dict[str, list[Photo]]:
        """The live photos by material, in the order of their pages."""
        return materials.of_case(self.session, case_id=self.case.id)

    @cached_property
    def given(self) -> dict[str, Certificate]:
        """The certificates that give materials, by material; those that ended too."""
        return proofs.of_case(self.session, case_id=self.case.id)

    @cached_property
    def owed(self) -> list[OwedMaterial]:
        """What follows later by promise (容缺), in the order of choosing."""
        # A promise that fell leaves its material to follow too.
        if tolerance.days(self.guide.body) is None and not promises.are_offered(self.guide.body):
            return []
        return owed.of_case(self.session, case_id=self.case.id)

    @cached_property
    def promised(self) -> list[CasePromise]:
        """What is promised instead of handed in (告知承诺), in the order of signing."""
        if not promises.are_offered(self.guide.body):
            return []
        return promised.of_case(self.session, case_id=self.case.id)

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

    @property
    def there(self) -> set[str]:
        """The materials that were photographed, or are given by a certificate which is valid today."""
        return {*self.photos, *proofs.valid(self.given)}
