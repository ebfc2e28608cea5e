"""Noting what supervisors are to be told, in the order in which it is told (审管联动的事件响应).

Each subscriber may hear late, twice, and a revocation before its grant: what happened is noted once by the
database, and the grant stands first whoever is noted first.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.cases.events import CaseDecided, GrantRevoked
from app.cases.models import Case
from app.catalogue import oversight
from app.catalogue import queries as catalogue
from app.certificates import following, revoking
from app.certificates.events import CertificateRevoked
from app.certificates.models import Certificate, CertificateChange
from app.enterprises.events import UnitChanged
from app.oversight import contents
from app.oversight.models import Kind, OversightEvent, State
from app.promise_checks import pleas
from app.promise_checks import subscribers as promises
from app.promise_checks.events import PleaDecided, PromiseSettled
from app.promise_checks.models import CheckState, PromiseCheck
from app.promise_checks.plea_models import PleaKind, PleaState

_UNTRUE = {CheckState.CORRECTED.value, CheckState.REVOKED.value}


def note_grant(session: Session, event: CaseDecided) -> None:
    """A licence was granted (准予); a refusal is nobody else's business."""
    case = session.get_one(Case, event.case_id)
    if case.granted:
        note(session, case, Kind.GRANTED)


def note_revocation(session: Session, event: GrantRevoked) -> None:
    """A grant was revoked (撤销)."""
    note(session, session.get_one(Case, event.case_id), Kind.REVOKED)


def note_ending(session: Session, event: CertificateRevoked) -> None:
    """A licence ended before its day (注销); where the grant falls with it, that is told instead."""
    revocation = revoking.of(session, certificate_id=event.certificate_id)
    if revocation is not None and revocation.ground not in revoking.OF_GRANTS:
        certificate = session.get_one(Certificate, event.certificate_id)
        note(session, session.get_one(Case, certificate.case_id), Kind.CANCELLED)


def note_change(session: Session, event: UnitChanged) -> None:
    """The registry changed what a licence says of its holder (变更), or ended it with its unit (注销)."""
    asked = (
        select(CertificateChange.id, CertificateChange.field, Case)
        .join(Certificate, Certificate.id == CertificateChange.certificate_id)
        .join(Case, Case.id == Certificate.case_id)
        .where(CertificateChange.message_id == event.message_id, Certificate.citizen_id == event.citizen_id)
        .order_by(CertificateChange.id)
    )
    for change_id, field, case in session.execute(asked).all():
        if field == following.STATUS:
            note(session, case, Kind.CANCELLED)
        else:
            note(session, case, Kind.CHANGED, reference=change_id)


def note_promise(session: Session, event: PromiseSettled) -> None:
    """A promise on which a licence rests proved untrue (承诺不实); one that held is no news."""
    check = session.get_one(PromiseCheck, event.check_id)
    if check.state in _UNTRUE:
        note(session, session.get_one(Case, check.case_id), Kind.PROMISE_UNTRUE, reference=check.id)


def note_plea(session: Session, event: PleaDecided) -> None:
    """An objection was right (异议成立): who was told that a promise is untrue hears that too, after it."""
    plea = pleas.one(session, plea_id=event.plea_id)
    if plea.kind == PleaKind.OBJECTION and plea.state == PleaState.GRANTED:
        check = session.get_one(PromiseCheck, plea.check_id)
        case = session.get_one(Case, check.case_id)
        note(session, case, Kind.PROMISE_UNTRUE, reference=check.id)
        note(session, case, Kind.PROMISE_CLEARED, reference=plea.id)


def note(session: Session, case: Case, kind: Kind, *, reference: int = 0) -> None:
    """Note what happened to a case's licence, and before it that it was granted; safe to repeat."""
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    if not oversight.is_told(guide.body):
        return
    take_turns(session, case_id=case.id)
    # Their last days are told with the grant, whoever hears of it first.
    promises.begin_checks(session, CaseDecided(case.id))
    asked = select(OversightEvent.kind, OversightEvent.reference).where(OversightEvent.case_id == case.id)
    noted = [(each.kind, each.reference) for each in session.execute(asked)]
    for wanted in ((Kind.GRANTED.value, 0), (kind.value, reference)):
        if wanted not in noted:
            noted.append(wanted)
            _write(session, case, wanted, position=len(noted))


def take_turns(session: Session, *, case_id: int) -> None:
    """What happens to one licence is noted one after the other, or two would take the same place."""
    name = f"oversight\n{case_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _write(session: Session, case: Case, what: tuple[str, int], *, position: int) -> None:
    kind, reference = what
    event = OversightEvent(
        case_id=case.id,
        position=position,
        kind=kind,
        reference=reference,
        event_no=f"{case.case_no}-{position:03d}",
        state=State.WAITING.value,
        next_check_at=clock.now(),
    )
    contents.write(session, event, case)
    session.add(event)
    session.flush()
