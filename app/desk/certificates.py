"""The certificate of a case at the desk (办件的电子证照): look at it, end it; each is written down."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases.models import Case
from app.certificates import looking, queries, revoking
from app.certificates.errors import CertificateNotFound
from app.certificates.looking import Past
from app.certificates.models import Certificate, CertificateRevocation
from app.desk import duties, service
from app.staff.sessions import OnDuty


@dataclass(frozen=True, slots=True)
class Seen:
    """A certificate as a clerk sees it: how it was ended, if it was, and when it was shown and looked at."""

    case: Case
    certificate: Certificate
    revocation: CertificateRevocation | None
    past: list[Past]


def look_at(session: Session, *, clerk: OnDuty, case_no: str) -> Seen:
    """The certificate that a case gave (查看电子证照); raises CaseNotFound, CertificateNotFound."""
    case = service.case_of(session, clerk, case_no)
    found = _of(session, case)
    seen = Seen(
        case,
        found,
        revoking.of(session, certificate_id=found.id),
        looking.past(session, certificate_id=found.id),
    )
    _note(session, clerk, "certificate_viewed", case=case, identifier=found.identifier)
    return seen


def revoke(session: Session, *, clerk: OnDuty, case_no: str, ground: str, said: str) -> None:
    """End it (撤销、注销); raises CaseNotFound, NotYourDuty, CertificateNotFound and as `revoking`."""
    case = service.case_of(session, clerk, case_no)
    duties.refuse_unless(clerk, duties.DECIDING)
    found = _of(session, case)
    revoking.revoke(
        session,
        certificate_id=found.id,
        ground=ground,
        said=said,
        clerk_id=clerk.clerk_id,
        clerk_name=clerk.name,
    )
    _note(session, clerk, "certificate_revoked", case=case, identifier=found.identifier, ground=ground)


def _of(session: Session, case: Case) -> Certificate:
    found = queries.of_case(session, case_id=case.id)
    if found is None:
        raise CertificateNotFound
    return found


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case, **details: str) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )
