"""Materials that a certificate of ours gives (电子证照免提交): nobody photographs what the city issued."""

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.cases.models import Case, CaseProof
from app.certificates.models import Certificate, CertificateState

_GIVEN = select(CaseProof.case_id, CaseProof.material_code, Certificate).join(
    Certificate, Certificate.id == CaseProof.certificate_id
)
# Put together once: every step of a case asks it.
_OF_CASE = _GIVEN.where(CaseProof.case_id == bindparam("case_id"))
_OF_CASES = _GIVEN.where(CaseProof.case_id.in_(bindparam("case_ids", expanding=True)))


def take(session: Session, *, case: Case, material_code: str, certificate: Certificate) -> None:
    """Let a certificate of the same citizen stand for a material; doing it again changes nothing."""
    session.execute(
        insert(CaseProof)
        .values(
            case_id=case.id,
            material_code=material_code,
            certificate_id=certificate.id,
            taken_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[CaseProof.case_id, CaseProof.material_code])
    )


def of_case(session: Session, *, case_id: int) -> dict[str, Certificate]:
    """The certificates that give materials of a case, by material code."""
    given = session.execute(_OF_CASE, {"case_id": case_id})
    return {code: certificate for _, code, certificate in given}


def standing(session: Session, *, case_id: int) -> frozenset[str]:
    """The codes of the materials that a certificate gives which is valid today (过期、撤销的不能用)."""
    return valid(of_case(session, case_id=case_id))


def valid(given: Mapping[str, Certificate]) -> frozenset[str]:
    """Of certificates by material code, the codes of those that are valid today."""
    today = clock.today()
    return frozenset(code for code, one in given.items() if one.state_on(today) == CertificateState.VALID)


def of_cases(session: Session, *, case_ids: Collection[int]) -> dict[int, dict[str, Certificate]]:
    """The same for several cases: one statement for all."""
    found: dict[int, dict[str, Certificate]] = {case_id: {} for case_id in case_ids}
    for case_id, code, certificate in session.execute(_OF_CASES, {"case_ids": list(case_ids)}):
        found[case_id][code] = certificate
    return found
