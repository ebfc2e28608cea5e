"""What cases do when something else has happened (办件的事件响应)."""

from sqlalchemy.orm import Session

from app.cases import billing, machine, revoked, timeline
from app.certificates import revoking
from app.certificates.events import CertificateRevoked
from app.certificates.models import Certificate
from app.fees import queries as fees
from app.fees import refunding
from app.fees.events import BillPaid, BillRefunded, RefundArrived
from app.fees.models import BillState


def note_revocation(session: Session, event: CertificateRevoked) -> None:
    """Keep that a grant fell with its certificate (撤销), where the law calls it so; safe to repeat."""
    revocation = revoking.of(session, certificate_id=event.certificate_id)
    if revocation is None or revocation.ground not in revoking.OF_GRANTS:
        return
    case_id = session.get_one(Certificate, event.certificate_id).case_id
    if case_id is not None and revoked.note(session, case_id=case_id, why=revoking.sentence(revocation)):
        timeline.note(
            session,
            case_id=case_id,
            kind="grant_revoked",
            actor=timeline.SYSTEM,
            sentence=f"准予决定已依法撤销：{revoking.sentence(revocation)}",
        )


def note_payment(session: Session, event: BillPaid) -> None:
    """Write into the timeline that a bill of the case is paid; once per bill."""
    bill = fees.facts(session, bill_id=event.bill_id)
    if bill.case_id is not None:
        timeline.note(
            session,
            case_id=bill.case_id,
            kind="bill_paid",
            actor=timeline.CITIZEN,
            sentence=f"已缴费{billing.yuan(bill.amount_fen)}元",
            reference=f"bill:{event.bill_id}",
        )


def decide_when_paid(session: Session, event: BillPaid) -> None:
    """Let the machine decide a case that waited for this bill (秒批); safe to repeat."""
    bill = fees.facts(session, bill_id=event.bill_id)
    if bill.case_id is not None:
        machine.decide_when_paid(session, case_id=bill.case_id)


def note_refund(session: Session, event: BillRefunded) -> None:
    """Write into the timeline that a bill of the case was given back; once per bill."""
    bill = fees.facts(session, bill_id=event.bill_id)
    if bill.case_id is not None:
        timeline.note(
            session,
            case_id=bill.case_id,
            kind="bill_refunded",
            actor=timeline.SYSTEM,
            sentence=f"费用已全部退回，共{billing.yuan(bill.amount_fen)}元",
            reference=f"bill:{event.bill_id}",
        )


def note_part_refund(session: Session, event: RefundArrived) -> None:
    """Write into the timeline that a part of a bill was given back; the whole has a line of its own."""
    request = refunding.by_no(session, refund_no=event.refund_no)
    if request.bill.case_id is not None and request.bill.state != BillState.REFUNDED:
        timeline.note(
            session,
            case_id=request.bill.case_id,
            kind="bill_refunded_in_part",
            actor=timeline.SYSTEM,
            sentence=f"已退费{billing.yuan(request.amount_fen)}元",
            reference=f"refund:{event.refund_no}",
        )
