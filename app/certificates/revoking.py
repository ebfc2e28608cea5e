"""Ending a certificate before its day (撤销、注销证照): by an approver, on a ground of the law."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.certificates.errors import CertificateNotFound, CertificateRevokedBefore, RevocationUnsaid
from app.certificates.events import CertificateRevoked
from app.certificates.models import Certificate, CertificateRevocation, CertificateState, RevocationGround
from app.events import publish
from app.plain_text import readable

LONGEST = 500
# The number under which the law has it, and its words; 《行政许可法》.
GROUNDS: Final[Mapping[RevocationGround, tuple[str, str]]] = {
    RevocationGround.MISUSE: ("第六十九条第一款第一项", "工作人员滥用职权、玩忽职守作出的决定"),
    RevocationGround.BEYOND_POWERS: ("第六十九条第一款第二项", "超越法定职权作出的决定"),
    RevocationGround.WRONG_PROCEDURE: ("第六十九条第一款第三项", "违反法定程序作出的决定"),
    RevocationGround.NOT_QUALIFIED: ("第六十九条第一款第四项", "申请人不具备资格或者不符合法定条件"),
    RevocationGround.DECEIT: ("第六十九条第二款", "以欺骗、贿赂等不正当手段取得"),
    RevocationGround.HOLDER_GONE: ("第七十条第二项", "赋予特定资格的公民死亡或者丧失行为能力"),
    RevocationGround.ENTITY_ENDED: ("第七十条第三项", "法人或者其他组织依法终止"),
    RevocationGround.WITHDRAWN: ("第七十条第四项", "许可依法被撤回，或者证件依法被吊销"),
    RevocationGround.IMPOSSIBLE: ("第七十条第五项", "因不可抗力无法实施"),
    RevocationGround.ON_REQUEST: ("第七十条第六项", "持证人申请注销，或者法律、法规规定的其他情形"),
}

# With these the decision falls (撤销); the others end a certificate alone (注销).
OF_GRANTS: Final = frozenset(
    {
        RevocationGround.MISUSE,
        RevocationGround.BEYOND_POWERS,
        RevocationGround.WRONG_PROCEDURE,
        RevocationGround.NOT_QUALIFIED,
        RevocationGround.DECEIT,
    }
)


def revoke(
    session: Session,
    *,
    certificate_id: int,
    ground: str,
    said: str,
    clerk_id: int,
    clerk_name: str,
) -> Certificate:
    """End a certificate; the holder is told why.

    Raises RevocationUnsaid, CertificateNotFound and CertificateRevokedBefore, also for one that expired:
    there is nothing left to end. The certificate's row is held, so that nobody begins to show it meanwhile.
    """
    why = readable(said).strip()
    if ground not in set(RevocationGround) or not 1 <= len(why) <= LONGEST:
        raise RevocationUnsaid
    certificate = held(session, certificate_id=certificate_id)
    if certificate.state_on(clock.today()) != CertificateState.VALID:
        raise CertificateRevokedBefore
    certificate.state = CertificateState.REVOKED.value
    revocation = CertificateRevocation(
        certificate_id=certificate.id,
        ground=ground,
        said=why,
        clerk_id=clerk_id,
        clerk_name=clerk_name,
        at=clock.now(),
    )
    session.add(revocation)
    session.flush()
    publish(session, CertificateRevoked(certificate.id))
    return certificate


def held(session: Session, *, certificate_id: int) -> Certificate:
    """A certificate as it stands, its row held until the unit of work ends; raises CertificateNotFound."""
    asked = select(Certificate).where(Certificate.id == certificate_id).with_for_update(key_share=True)
    found = session.scalar(asked.execution_options(populate_existing=True))
    if found is None:
        raise CertificateNotFound
    return found


def stands(session: Session, *, case_id: int) -> bool:
    """Whether what a case gave was not revoked, or it gave nothing; nobody revokes it meanwhile."""
    asked = select(Certificate).where(Certificate.case_id == case_id).with_for_update(read=True)
    found = session.scalar(asked.execution_options(populate_existing=True))
    return found is None or found.state != CertificateState.REVOKED


def of(session: Session, *, certificate_id: int) -> CertificateRevocation | None:
    """How a certificate was ended by an approver; None when it was not."""
    return session.get(CertificateRevocation, certificate_id)


def sentence(revocation: CertificateRevocation) -> str:
    """Why a certificate ended, for its holder."""
    article, words = GROUNDS[RevocationGround(revocation.ground)]
    return f"{words}（《行政许可法》{article}）：{revocation.said}"
