"""One licence for one trade (行业综合许可、一业一证): one paper that lists the licences of its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.bundles import numbers
from app.bundles.errors import LicenceNotFound
from app.bundles.models import BundleApplication, BundleLicence, BundlePart
from app.bundles.parts import WholePart
from app.cases import forms
from app.certificates.models import Certificate

# Names of businesses are public anyway (《企业信息公示暂行条例》第六条); people's names are not shown.
_NAMES_OF_BUSINESSES = ("organisation_name", "shop_name")


@dataclass(frozen=True, slots=True)
class Listed:
    """A licence with those it stands for, as anybody may see it (公开核验)."""

    licence: BundleLicence
    parts: list[Certificate]

    @property
    def whole(self) -> bool:
        """Whether it lists licences and every one of them stands on this day."""
        return bool(self.parts) and all(part.state_on(clock.today()) == "valid" for part in self.parts)


def issue(session: Session, *, application: BundleApplication, found: Sequence[WholePart]) -> None:
    """Issue the licence of an application whose parts are all granted; once, and where one was promised."""
    promised = {code for step in application.steps for code in step}
    if application.licence_name is None or promised != {part.code for part in found}:
        return
    session.execute(
        insert(BundleLicence)
        .values(
            licence_no=numbers.new_number(),
            application_id=application.id,
            citizen_id=application.citizen_id,
            organisation_id=application.organisation_id,
            name=application.licence_name,
            holder_name=_business(found),
            issued_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[BundleLicence.application_id])
    )


def of_application(session: Session, *, application_id: int) -> BundleLicence | None:
    """The licence that an application gave, if it did."""
    return session.scalar(select(BundleLicence).where(BundleLicence.application_id == application_id))


def by_no(session: Session, *, licence_no: str) -> Listed:
    """A licence by the number on it; raises LicenceNotFound."""
    readable = licence_no.isprintable()  # PostgreSQL refuses NUL
    asked = select(BundleLicence).where(BundleLicence.licence_no == licence_no)
    return _listed(session, session.scalar(asked) if readable else None)


def by_id(session: Session, *, licence_id: int) -> Listed:
    """A licence by its id, for the code on it; raises LicenceNotFound."""
    return _listed(session, session.get(BundleLicence, licence_id))


def _listed(session: Session, licence: BundleLicence | None) -> Listed:
    if licence is None:
        raise LicenceNotFound
    asked = (
        select(Certificate)
        .join(BundlePart, BundlePart.case_id == Certificate.case_id)
        .where(BundlePart.application_id == licence.application_id)
        .order_by(BundlePart.step, BundlePart.place)
    )
    return Listed(licence, list(session.scalars(asked)))


def _business(found: Sequence[WholePart]) -> str:
    kept = [forms.opened(part.case.sealed_form).values for part in found]
    named = (values[key] for key in _NAMES_OF_BUSINESSES for values in kept if values.get(key))
    return next(named, "")
