"""What is said about each happening (消息内容): the one table from event to message.

Sentences are those a friendly clerk would say; template fields keep to the platforms' types and lengths.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.appointments import queries as appointments
from app.appointments.events import AppointmentBooked, AppointmentCancelled, AppointmentRescheduled
from app.bundles.events import BundleFinished, BundleHeldUp
from app.cases.events import (
    CaseAccepted,
    CaseClockChanged,
    CaseClosed,
    CaseCorrected,
    CaseDecided,
    CaseLeftToPerson,
    CaseNotAccepted,
    CaseSubmitted,
    CaseWithdrawn,
    CorrectionAsked,
    CorrectionNearlyDue,
    CoSignMoved,
    PrecheckAnswered,
)
from app.certificates.events import CertificateIssued, CertificateRevoked
from app.complaints.events import ComplaintAnswered
from app.deliveries.events import DeliveryMoved
from app.documents.events import DocumentCorrected
from app.evaluations.events import BadRatingAnswered
from app.events import Event
from app.fees import queries as fees
from app.fees.events import (
    BillIssued,
    BillPaid,
    MoneyReturned,
    RefundApproved,
    RefundArrived,
    RefundRefused,
)
from app.materials.events import PhotoShutAway
from app.people.events import ClosingMoved, IdentityProven, IdentityWithdrawn
from app.queueing.events import PlaceOffered, TicketCalled, TicketNearlyDue, TicketPassed
from notifications import (
    assistance_wording,
    clock_wording,
    delegation_wording,
    opinion_wording,
    owed_wording,
    promise_wording,
    queries,
    registry_wording,
    visit_wording,
)
from notifications.answer_wording import bad_rating_answered, complaint_answered
from notifications.bundle_wording import bundle_finished, bundle_held_up
from notifications.case_wording import (
    case_accepted,
    case_clock_changed,
    case_closed,
    case_decided,
    case_left_to_person,
    case_submitted,
    case_withdrawn,
    document_corrected,
    photo_shut_away,
)
from notifications.certificate_wording import certificate_issued, certificate_revoked
from notifications.closing_wording import closing_moved
from notifications.co_sign_wording import co_sign_moved
from notifications.correction_wording import (
    case_corrected,
    case_not_accepted,
    correction_asked,
    correction_nearly_due,
)
from notifications.delivery_wording import delivery_moved
from notifications.drafts import (
    APPOINTMENT_BOOKED,
    CASE_PROGRESS,
    PAYMENT_RESULT,
    TEMPLATES,
    Draft,
    company,
    moment,
    thing,
    yuan,
)
from notifications.hall_wording import place_offered, ticket_called, ticket_nearly_due, ticket_passed
from notifications.identity_wording import identity_proven, identity_withdrawn
from notifications.precheck_wording import precheck_answered
from notifications.refund_wording import refund_approved, refund_arrived, refund_refused

# What a message is made of is named here too, where whoever looks for the wording looks first.
__all__ = ["CASE_PROGRESS", "MESSAGES", "TEMPLATES", "Draft"]


def _appointment(session: Session, *, appointment_id: int, happening: str, title: str) -> Draft:
    facts = appointments.facts(session, appointment_id=appointment_id)
    when = moment(facts.starts_at)
    return Draft(
        citizen_id=facts.citizen_id,
        subject=f"appointment:{appointment_id}:{happening}",
        title=title,
        text=f"{title}：{when}，{facts.centre_name}，办理“{facts.task_name}”。请提前十分钟到，网上已经交过的材料不用再带纸质的。"
        if happening != "cancelled"
        else f"{title}：{when}，{facts.centre_name}，“{facts.task_name}”。需要时可重新预约。",
        page=f"pages/booking/ticket?id={appointment_id}",
        template=APPOINTMENT_BOOKED,
        fields={
            "thing1": thing(facts.task_name),
            "thing2": thing(facts.centre_name),
            "time3": when,
            "character_string4": str(appointment_id),
        },
        must_arrive=happening == "booked",
    )


def appointment_booked(session: Session, event: AppointmentBooked) -> Draft:
    """Booked; when and where."""
    return _appointment(session, appointment_id=event.appointment_id, happening="booked", title="预约成功")


def appointment_rescheduled(session: Session, event: AppointmentRescheduled) -> Draft:
    """Moved; the new time and place. Each move is told, also the one back to an earlier time."""
    draft = _appointment(
        session, appointment_id=event.appointment_id, happening="rescheduled", title="预约已改期"
    )
    told = queries.told_about(session, citizen_id=draft.citizen_id, subject=draft.subject)
    # Of two quick moves both are told as the last one; once is enough.
    number = len(told) if told and told[-1].text == draft.text else len(told) + 1
    return replace(draft, subject=f"{draft.subject}:{number}:{draft.fields['time3']}")


def appointment_cancelled(session: Session, event: AppointmentCancelled) -> Draft:
    """Cancelled; one may book again."""
    return _appointment(
        session, appointment_id=event.appointment_id, happening="cancelled", title="预约已取消"
    )


def bill_issued(session: Session, event: BillIssued) -> Draft:
    """Something has to be paid."""
    facts = fees.facts(session, bill_id=event.bill_id)
    hint = f"请缴纳{yuan(facts.amount_fen)}元"
    return Draft(
        citizen_id=facts.citizen_id,
        company=company(facts.organisation_id, facts.task_code),
        subject=f"bill:{event.bill_id}:issued",
        title="有一笔费用待缴",
        text=f"“{facts.title}”需缴纳{yuan(facts.amount_fen)}元，缴费后继续办理。缴款通知：{facts.bill_no}",
        page=f"pages/bills/pay?no={facts.bill_no}",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(facts.title),
            "phrase2": "待缴费",
            "time3": moment(clock.now()),
            "thing4": thing(hint),
        },
        must_arrive=True,
    )


def bill_paid(session: Session, event: BillPaid) -> Draft:
    """Paid, proven by the channel."""
    facts = fees.facts(session, bill_id=event.bill_id)
    return _payment(
        facts,
        subject=f"bill:{event.bill_id}:paid",
        title="缴费成功",
        state="缴费成功",
        amount_fen=facts.amount_fen,
    )


def _payment(facts: fees.BillFacts, *, subject: str, title: str, state: str, amount_fen: int) -> Draft:
    return Draft(
        citizen_id=facts.citizen_id,
        company=company(facts.organisation_id, facts.task_code),
        subject=subject,
        title=title,
        text=f"“{facts.title}”{title}，金额{yuan(amount_fen)}元。",
        page=f"pages/bills/detail?no={facts.bill_no}",
        template=PAYMENT_RESULT,
        fields={
            "thing1": thing(facts.title),
            "amount2": f"{yuan(amount_fen)}元",
            "phrase3": state,
            "time4": moment(clock.now()),
        },
    )


def bill_refunded(session: Session, event: MoneyReturned) -> Draft:
    """What was paid twice came back."""
    facts = fees.facts(session, bill_id=event.bill_id)
    return _payment(
        facts,
        subject=f"refund:{event.refund_no}",
        title="多付的款项已退回",
        state="已退款",
        amount_fen=event.amount_fen,
    )


MESSAGES: Mapping[type[Event], Callable[[Session, Any], Draft | None]] = {
    AppointmentBooked: appointment_booked,
    AppointmentRescheduled: appointment_rescheduled,
    AppointmentCancelled: appointment_cancelled,
    CaseSubmitted: case_submitted,
    CaseAccepted: case_accepted,
    CorrectionAsked: correction_asked,
    CorrectionNearlyDue: correction_nearly_due,
    CaseCorrected: case_corrected,
    CaseNotAccepted: case_not_accepted,
    CaseClockChanged: case_clock_changed,
    CaseDecided: case_decided,
    CaseLeftToPerson: case_left_to_person,
    PhotoShutAway: photo_shut_away,
    CoSignMoved: co_sign_moved,
    PrecheckAnswered: precheck_answered,
    CaseClosed: case_closed,
    CaseWithdrawn: case_withdrawn,
    DocumentCorrected: document_corrected,
    DeliveryMoved: delivery_moved,
    BundleHeldUp: bundle_held_up,
    BundleFinished: bundle_finished,
    BillIssued: bill_issued,
    BillPaid: bill_paid,
    MoneyReturned: bill_refunded,
    RefundApproved: refund_approved,
    RefundRefused: refund_refused,
    RefundArrived: refund_arrived,
    CertificateIssued: certificate_issued,
    CertificateRevoked: certificate_revoked,
    TicketCalled: ticket_called,
    TicketNearlyDue: ticket_nearly_due,
    TicketPassed: ticket_passed,
    PlaceOffered: place_offered,
    BadRatingAnswered: bad_rating_answered,
    ComplaintAnswered: complaint_answered,
    ClosingMoved: closing_moved,
    IdentityProven: identity_proven,
    IdentityWithdrawn: identity_withdrawn,
    **clock_wording.MESSAGES,
    **assistance_wording.MESSAGES,
    **delegation_wording.MESSAGES,
    **opinion_wording.MESSAGES,
    **visit_wording.MESSAGES,
    **owed_wording.MESSAGES,
    **promise_wording.MESSAGES,
    **registry_wording.MESSAGES,
}
