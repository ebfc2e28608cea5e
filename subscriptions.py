"""Who hears what (事件订阅): every event with those who are told of it, in order."""

from app import events
from app.appointments.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentCheckedIn,
    AppointmentRescheduled,
)
from app.assistance.events import AssistanceAsked, AssistanceEnded
from app.bundles import advancing as bundle_advancing
from app.bundles.events import BundleFinished, BundleHeldUp, BundleSubmitted, BundleWithdrawn
from app.cases import co_signing, credit_marks
from app.cases import events as case_events
from app.cases import subscribers as case_subscribers
from app.cases.opinion_events import OpinionsIn, SilenceCounted
from app.certificates.events import CertificateIssued, CertificateRevoked
from app.complaints.events import ComplaintAnswered, ComplaintFiled
from app.credit.events import ListingAnswered
from app.delegations import subscribers as delegation_subscribers
from app.delegations.events import DelegateActed, DelegationAccepted, DelegationEnded
from app.deliveries import subscribers as delivery_subscribers
from app.deliveries.events import DeliveryMoved
from app.documents import promise_papers
from app.documents import subscribers as document_subscribers
from app.documents.events import DocumentCorrected
from app.double_notice import service as double_notice
from app.double_notice.events import LicencesNamed
from app.enterprises.events import NameEnding, NameRefused, NameReserved, UnitChanged
from app.evaluations.events import BadRatingAnswered, EvaluationGiven
from app.fees.events import (
    BillIssued,
    BillPaid,
    BillRefunded,
    BillVoided,
    MoneyReturned,
    RefundApproved,
    RefundArrived,
    RefundRefused,
    RefundRequested,
)
from app.figures import visits
from app.figures.events import OverVisited
from app.forecasts import scoring
from app.locker import keeping as locker
from app.materials.events import PhotoShutAway
from app.organisations.events import AgencyAccepted, ClaimSettled, StandingTaken
from app.oversight import noting as oversight
from app.people.events import AccountClosed, CitizenJoined, ClosingMoved, IdentityProven, IdentityWithdrawn
from app.promise_checks import subscribers as promise_subscribers
from app.promise_checks.events import PleaDecided, PromiseBroken, PromiseSettled
from app.queueing import events as queue_events
from app.queueing import subscribers as queue_subscribers
from app.site_visits import subscribers as visit_subscribers
from app.site_visits.events import VisitCancelled, VisitDone, VisitPlanned, VisitTomorrow
from app.supervision import watching
from app.transfers import subscribers as transfer_subscribers
from notifications.service import tell
from payments import jobs as payment_jobs
from payments.events import PaymentNeedsAttention, RefundReserved

# Every event is listed, also one that nobody hears yet.
SUBSCRIPTIONS: events.Subscriptions = {
    CitizenJoined: (),
    ClosingMoved: (tell,),
    AccountClosed: (),
    IdentityProven: (tell,),
    IdentityWithdrawn: (tell,),
    AppointmentBooked: (tell,),
    AppointmentCancelled: (tell,),
    AppointmentRescheduled: (tell,),
    AppointmentCheckedIn: (queue_subscribers.give_number, visits.note_check_in),
    queue_events.TicketCalled: (tell, queue_subscribers.warn_next),
    queue_events.TicketCancelled: (queue_subscribers.warn_next,),
    queue_events.TicketNearlyDue: (tell,),
    queue_events.TicketPassed: (tell,),
    queue_events.PlaceOffered: (tell,),
    case_events.CaseSubmitted: (promise_papers.issue_undertakings, tell, double_notice.take_up),
    # Documents first, so that the message names their numbers.
    case_events.CaseAccepted: (
        document_subscribers.issue_acceptance,
        tell,
        watching.note_silence,
        scoring.forecast,
        locker.follow_case,
    ),
    case_events.CorrectionAsked: (
        document_subscribers.issue_correction,
        tell,
        co_signing.tell_of_correction,
    ),
    case_events.CorrectionNearlyDue: (tell,),
    case_events.CaseCorrected: (promise_papers.issue_undertakings, tell),
    case_events.CaseNotAccepted: (
        document_subscribers.issue_not_accepted,
        tell,
        bundle_advancing.carry_on,
        transfer_subscribers.end_with_case,
        visit_subscribers.end_with_case,
    ),
    PromiseBroken: (promise_papers.issue_finding, tell),
    PromiseSettled: (promise_papers.issue_outcome, tell, oversight.note_promise),
    PleaDecided: (oversight.note_plea, tell),
    ListingAnswered: (credit_marks.follow,),
    case_events.PromiseFell: (tell,),
    case_events.GrantRevoked: (oversight.note_revocation,),
    case_events.OwedNearlyDue: (tell,),
    case_events.OwedDelivered: (tell,),
    case_events.OwedSentBack: (tell,),
    case_events.OwedConfirmed: (tell, locker.follow_case),
    case_events.OwedOverdue: (tell,),
    case_events.CaseTerminated: (
        document_subscribers.issue_termination,
        tell,
        bundle_advancing.carry_on,
        transfer_subscribers.end_with_case,
        visit_subscribers.end_with_case,
    ),
    case_events.CaseClockChanged: (tell,),
    case_events.CaseClockPaused: (document_subscribers.issue_special, tell),
    case_events.CaseClockResumed: (tell,),
    case_events.CaseExtended: (document_subscribers.issue_extension, tell),
    case_events.CaseRecounted: (tell,),
    case_events.CaseDecided: (
        document_subscribers.issue_decision,
        promise_subscribers.begin_checks,
        oversight.note_grant,
        tell,
        delivery_subscribers.begin,
        bundle_advancing.carry_on,
        double_notice.tell_of_licences,
        watching.note_decision,
        scoring.score,
        locker.follow_case,
        visit_subscribers.end_with_case,
    ),
    VisitPlanned: (tell,),
    VisitTomorrow: (tell,),
    VisitCancelled: (tell,),
    VisitDone: (tell,),
    OpinionsIn: (document_subscribers.issue_opinions, tell),
    SilenceCounted: (tell,),
    DocumentCorrected: (tell,),
    DeliveryMoved: (tell,),
    case_events.CaseLeftToPerson: (tell,),
    LicencesNamed: (tell,),
    case_events.CaseClosed: (
        document_subscribers.issue_delivery,
        tell,
        visits.note_closing,
        transfer_subscribers.end_with_case,
    ),
    PhotoShutAway: (tell,),
    OverVisited: (),
    case_events.CaseWithdrawn: (
        tell,
        bundle_advancing.carry_on,
        transfer_subscribers.end_with_case,
        visit_subscribers.end_with_case,
        co_signing.end_with_case,
    ),
    case_events.CoSignMoved: (tell,),
    case_events.PrecheckAnswered: (tell,),
    BundleSubmitted: (),
    BundleHeldUp: (tell,),
    BundleFinished: (tell,),
    BundleWithdrawn: (),
    CertificateIssued: (tell,),
    CertificateRevoked: (
        case_subscribers.note_revocation,
        oversight.note_ending,
        tell,
        delivery_subscribers.let_off,
    ),
    BillIssued: (tell,),
    BillPaid: (case_subscribers.note_payment, tell, case_subscribers.decide_when_paid),
    BillVoided: (payment_jobs.stop_paying_for,),
    BillRefunded: (case_subscribers.note_refund,),
    RefundReserved: (payment_jobs.hurry_refunds,),
    MoneyReturned: (tell,),
    RefundRequested: (),
    RefundApproved: (tell,),
    RefundRefused: (tell,),
    RefundArrived: (case_subscribers.note_part_refund, tell),
    PaymentNeedsAttention: (),
    EvaluationGiven: (),
    BadRatingAnswered: (tell,),
    ComplaintFiled: (),
    ComplaintAnswered: (tell,),
    NameReserved: (tell,),
    NameRefused: (tell,),
    NameEnding: (tell,),
    UnitChanged: (oversight.note_change, tell, delivery_subscribers.let_off_unit),
    ClaimSettled: (tell,),
    AgencyAccepted: (tell,),
    StandingTaken: (tell,),
    AssistanceAsked: (tell,),
    AssistanceEnded: (tell,),
    DelegationAccepted: (tell,),
    DelegationEnded: (delegation_subscribers.write_end_down, tell),
    DelegateActed: (delegation_subscribers.write_down, tell),
}
