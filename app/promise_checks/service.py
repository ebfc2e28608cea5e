"""Looking into a promise, objecting, and settling what follows (承诺核查、陈述申辩、处理).

省审批服务标准化方案（五）: 发现不符合许可条件的，要依法调查处理，并将失信违法行为记入其信用记录 (R035, R038).
《行政许可法》第七条: the applicant may state their case. So a broken promise revokes nothing by itself: the
applicant has some days, an objection holds the record, and another person than the finder settles it.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.cases import revoked, timeline
from app.cases.officers import Officer
from app.centres import working_days
from app.certificates import queries as certificates
from app.certificates import revoking
from app.certificates.models import CertificateState, RevocationGround
from app.credit import records
from app.credit.models import CreditState
from app.events import publish
from app.plain_text import readable
from app.promise_checks import queries
from app.promise_checks.errors import (
    CheckedBefore,
    CheckNotFound,
    EvidenceMissing,
    NothingToObject,
    NothingToSettle,
    NotRevocable,
    ObjectionRuns,
    ObjectionTooLate,
    ObjectionUnsaid,
    SettledBySame,
    SettlementUnfounded,
)
from app.promise_checks.events import PromiseBroken, PromiseSettled
from app.promise_checks.models import CheckState, PromiseCheck
from app.promise_checks.queries import Line

LONGEST, LONGEST_BASIS = 500, 500
# Working days in which the applicant may object (陈述申辩).
OBJECT_DAYS = 5


@dataclass(frozen=True, slots=True)
class Settlement:
    """What follows, why, and by which law."""

    to: CheckState
    reason: str
    legal_basis: str = ""


def find(session: Session, *, check_id: int, officer: Officer, met: bool, evidence: str) -> Line:
    """Say whether a promise was kept, with what was seen (核查结论); of two at once, one does.

    Raises EvidenceMissing, CheckNotFound, CheckedBefore.
    """
    seen = _said(evidence, EvidenceMissing)
    line = queries.one(session, check_id=check_id, hold=True)
    check = line.check
    if check.state != CheckState.OPEN:
        raise CheckedBefore
    until = working_days.due_date(session, start=clock.today(), days=OBJECT_DAYS, unit="WORKDAY")
    check.checked_at, check.checked_by, check.checked_by_name = clock.now(), officer.clerk_id, officer.name
    check.evidence = seen
    check.state = (CheckState.MET if met else CheckState.BROKEN).value
    check.object_until = None if met else until
    if met:
        _told(session, line, f"“{line.promise.name}”的承诺核查属实", kind="promise_met", by=officer)
    else:
        records.begin(
            session,
            undertaking_id=line.promise.undertaking_id,
            citizen_id=line.case.citizen_id,
            organisation_id=line.case.organisation_id,
        )
        sentence = f"“{line.promise.name}”的承诺核查不实，{until:%Y年%m月%d日}前可以陈述申辩"
        _told(session, line, sentence, kind="promise_broken", by=officer)
        publish(session, PromiseBroken(check.id))
    session.flush()
    return line


def object_to(session: Session, *, case_id: int, check_id: int, text: str) -> PromiseCheck:
    """Object to a finding (陈述申辩); the record is held until somebody has settled it.

    Raises ObjectionUnsaid, CheckNotFound for another case's, NothingToObject, ObjectionTooLate.
    """
    said = _said(text, ObjectionUnsaid)
    line = queries.one(session, check_id=check_id, hold=True)
    check = line.check
    if check.case_id != case_id:
        raise CheckNotFound
    if check.state != CheckState.BROKEN or check.object_until is None:
        raise NothingToObject
    if clock.today() > check.object_until:
        raise ObjectionTooLate
    check.state, check.objected_at, check.objection = CheckState.OBJECTED.value, clock.now(), said
    records.hold(session, undertaking_id=line.promise.undertaking_id)
    timeline.note(
        session,
        case_id=case_id,
        kind="promise_objected",
        actor=timeline.CITIZEN,
        sentence=f"对“{line.promise.name}”的核查结论提出陈述申辩，失信记录暂缓报送",
    )
    session.flush()
    return check


def settle(session: Session, *, check_id: int, officer: Officer, settlement: Settlement) -> Line:
    """Clear the applicant, have them correct it, or revoke the decision (处理); once, by another person.

    Raises SettlementUnfounded, CheckNotFound, NothingToSettle, ObjectionRuns, SettledBySame, NotRevocable.
    """
    reason, basis = _founded(settlement)
    line = queries.one(session, check_id=check_id, hold=True)
    _refuse_unsettled(line, officer, settlement.to)
    check = line.check
    check.state, check.settled_at = settlement.to.value, clock.now()
    check.settled_by, check.settled_by_name = officer.clerk_id, officer.name
    check.settlement, check.legal_basis = reason, basis or None
    if settlement.to is CheckState.CLEARED:
        records.end(session, undertaking_id=line.promise.undertaking_id, to=CreditState.LIFTED)
    else:
        records.confirm(session, undertaking_id=line.promise.undertaking_id)
    if settlement.to is CheckState.REVOKED:
        _revoke(session, line, officer, reason=reason)
    _told(
        session, line, _SENTENCES[settlement.to].format(line.promise.name), kind="promise_settled", by=officer
    )
    publish(session, PromiseSettled(check.id))
    session.flush()
    return line


_SENTENCES = {
    CheckState.CLEARED: "“{}”的陈述申辩成立，不记失信记录",
    CheckState.CORRECTED: "“{}”的承诺不实，已责令改正",
    CheckState.REVOKED: "“{}”的承诺不实，准予决定已依法撤销",
}


def _revoke(session: Session, line: Line, officer: Officer, *, reason: str) -> None:
    """The certificate falls with the decision; one that has ended by itself stays as it is."""
    revoked.note(session, case_id=line.case.id, why=reason)
    given = certificates.of_case(session, case_id=line.case.id)
    if given is not None and given.state_on(clock.today()) == CertificateState.VALID:
        revoking.revoke(
            session,
            certificate_id=given.id,
            ground=RevocationGround.NOT_QUALIFIED.value,
            said=reason,
            clerk_id=officer.clerk_id,
            clerk_name=officer.name,
        )


def _refuse_unsettled(line: Line, officer: Officer, to: CheckState) -> None:
    check = line.check
    if check.state not in {CheckState.BROKEN, CheckState.OBJECTED} or to not in _SENTENCES:
        raise NothingToSettle
    over = check.object_until is not None and clock.today() > check.object_until
    if check.state == CheckState.BROKEN and not over:
        raise ObjectionRuns
    if check.checked_by == officer.clerk_id:
        raise SettledBySame
    if to is CheckState.REVOKED and not line.promise.revocable:
        raise NotRevocable


def _founded(settlement: Settlement) -> tuple[str, str]:
    reason, basis = readable(settlement.reason), readable(settlement.legal_basis)
    unfounded = not 0 < len(reason) <= LONGEST or len(basis) > LONGEST_BASIS
    if unfounded or (settlement.to is CheckState.REVOKED and not basis):
        raise SettlementUnfounded
    return reason, basis


def _said(text: str, missing: type[EvidenceMissing | ObjectionUnsaid]) -> str:
    said = readable(text)
    if not 0 < len(said) <= LONGEST:
        raise missing
    return said


def _told(session: Session, line: Line, sentence: str, *, kind: str, by: Officer) -> None:
    timeline.note(session, case_id=line.case.id, kind=kind, actor=timeline.clerk(by), sentence=sentence)
