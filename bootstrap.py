"""Puts the rooms together; the only module that knows them all."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from rq import SimpleWorker, Worker
from rq.cron import CronScheduler
from rq.worker import BaseWorker

import platform_clients
from app import db, events, idempotency, inbox, logs, queues, settings
from app.appointments import upkeep as appointments_upkeep
from app.appointments.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentCheckedIn,
    AppointmentRescheduled,
)
from app.audit import upkeep as audit_upkeep
from app.bundles import advancing as bundle_advancing
from app.bundles import upkeep as bundles_upkeep
from app.bundles.events import BundleFinished, BundleHeldUp, BundleSubmitted, BundleWithdrawn
from app.cases import events as case_events
from app.cases import recounting, tracking
from app.cases import subscribers as case_subscribers
from app.cases import upkeep as case_upkeep
from app.catalogue import item_files
from app.certificates.events import CertificateIssued
from app.checklists import upkeep as checklists_upkeep
from app.codes import upkeep as codes_upkeep
from app.complaints import upkeep as complaints_upkeep
from app.complaints.events import ComplaintAnswered, ComplaintFiled
from app.desk import upkeep as desk_upkeep
from app.documents import checking as document_checking
from app.documents import jobs as document_jobs
from app.documents import subscribers as document_subscribers
from app.documents.events import DocumentCorrected
from app.double_notice import service as double_notice
from app.double_notice.events import LicencesNamed
from app.enterprises import upkeep as enterprises_upkeep
from app.enterprises.events import NameEnding, NameRefused, NameReserved, UnitChanged
from app.evaluations import upkeep as evaluations_upkeep
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
from app.figures import upkeep as figures_upkeep
from app.figures import visits
from app.figures.events import OverVisited
from app.materials import jobs as material_jobs
from app.materials import scanning
from app.materials.events import PhotoShutAway
from app.organisations.events import AgencyAccepted, ClaimSettled, StandingTaken
from app.own_data import matters as city_matters
from app.papers import upkeep as papers_upkeep
from app.partners import upkeep as partners_upkeep
from app.people import closing
from app.people import upkeep as people_upkeep
from app.people.events import AccountClosed, CitizenJoined, ClosingMoved, IdentityProven, IdentityWithdrawn
from app.publishing import jobs as publishing_jobs
from app.publishing import queries as publishing_queries
from app.queueing import events as queue_events
from app.queueing import subscribers as queue_subscribers
from app.queueing import upkeep as queueing_upkeep
from app.queues import Queue
from app.spot_checks import upkeep as spot_checks_upkeep
from app.staff import upkeep as staff_upkeep
from app.supervision import watching
from app.transfers import subscribers as transfer_subscribers
from bots import chat, wechat
from commands.groups import COMMANDS
from console import doors as console_doors
from miniprogram_api import doors as citizen_doors
from notifications import jobs as message_jobs
from notifications import own_data as own_messages
from notifications.service import tell
from partner_api import doors as partner_doors
from payments import jobs as payment_jobs
from payments import own_data as own_payments
from payments import webhooks as payment_webhooks
from payments.events import PaymentNeedsAttention, RefundReserved
from platforms import directory
from provincial import transfers as provincial_transfers
from registry import names as registry_names
from registry import representatives
from registry import webhooks as registry_webhooks
from web import openapi, service
from web.door import Door
from web.flask_app import YimaFlask, make

# Who may be called over HTTP.
DOORS: tuple[Door, ...] = (
    service.door,
    openapi.door,
    *citizen_doors.DOORS,
    *partner_doors.DOORS,
    chat.door,
    wechat.door,
    payment_webhooks.door,
    registry_webhooks.door,
    *console_doors.DOORS,
)

# Who hears what. Every event is listed, also one that nobody hears yet.
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
    case_events.CaseSubmitted: (tell, double_notice.take_up),
    # Documents first, so that the message names their numbers.
    case_events.CaseAccepted: (document_subscribers.issue_acceptance, tell, watching.note_silence),
    case_events.CorrectionAsked: (document_subscribers.issue_correction, tell),
    case_events.CorrectionNearlyDue: (tell,),
    case_events.CaseCorrected: (tell,),
    case_events.CaseNotAccepted: (
        document_subscribers.issue_not_accepted,
        tell,
        bundle_advancing.carry_on,
        transfer_subscribers.end_with_case,
    ),
    case_events.CaseClockChanged: (tell,),
    case_events.CaseClockPaused: (document_subscribers.issue_special, tell),
    case_events.CaseClockResumed: (tell,),
    case_events.CaseExtended: (document_subscribers.issue_extension, tell),
    case_events.CaseRecounted: (tell,),
    case_events.CaseDecided: (
        document_subscribers.issue_decision,
        tell,
        bundle_advancing.carry_on,
        double_notice.tell_of_licences,
        watching.note_decision,
    ),
    DocumentCorrected: (tell,),
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
    case_events.CaseWithdrawn: (tell, bundle_advancing.carry_on, transfer_subscribers.end_with_case),
    BundleSubmitted: (),
    BundleHeldUp: (tell,),
    BundleFinished: (tell,),
    BundleWithdrawn: (),
    CertificateIssued: (tell,),
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
    UnitChanged: (tell,),
    ClaimSettled: (tell,),
    AgencyAccepted: (tell,),
    StandingTaken: (tell,),
}


@dataclass(frozen=True)
class Periodic:
    """A job that runs again and again; each may run twice, late and in parallel."""

    job: Callable[[], object]
    queue: Queue
    every_s: int


SCHEDULE: tuple[Periodic, ...] = (
    Periodic(events.deliver, Queue.EVENTS, 5),
    Periodic(events.forget_told, Queue.UPKEEP, 3600),
    Periodic(payment_jobs.forget_old_notices, Queue.UPKEEP, 3600),
    Periodic(message_jobs.send_waiting, Queue.MESSAGES, 10),
    Periodic(payment_jobs.check_open_payments, Queue.PAYMENTS, 5),
    Periodic(payment_jobs.send_refunds, Queue.PAYMENTS, 10),
    Periodic(idempotency.forget_old_keys, Queue.UPKEEP, 3600),
    Periodic(audit_upkeep.log_head, Queue.UPKEEP, 3600),
    Periodic(staff_upkeep.forget_old, Queue.UPKEEP, 3600),
    Periodic(desk_upkeep.forget_old, Queue.UPKEEP, 3600),
    Periodic(inbox.forget_old, Queue.UPKEEP, 3600),
    Periodic(evaluations_upkeep.escalate_overdue, Queue.UPKEEP, 3600),
    Periodic(complaints_upkeep.escalate_overdue, Queue.UPKEEP, 3600),
    Periodic(appointments_upkeep.open_more_slots, Queue.UPKEEP, 3600),
    Periodic(queueing_upkeep.keep_waitlist, Queue.UPKEEP, 20),
    Periodic(queueing_upkeep.end_days, Queue.UPKEEP, 3600),
    Periodic(people_upkeep.forget_old, Queue.UPKEEP, 3600),
    Periodic(people_upkeep.close_accounts, Queue.UPKEEP, 600),
    Periodic(codes_upkeep.forget_old, Queue.UPKEEP, 600),
    Periodic(publishing_jobs.publish_due, Queue.UPKEEP, 30),
    Periodic(figures_upkeep.follow_guides, Queue.UPKEEP, 60),
    Periodic(provincial_transfers.follow, Queue.UPKEEP, 20),
    Periodic(registry_names.ask_about_names, Queue.UPKEEP, 20),
    Periodic(representatives.ask_again, Queue.UPKEEP, 20),
    Periodic(enterprises_upkeep.watch_retention, Queue.UPKEEP, 3600),
    Periodic(enterprises_upkeep.forget_counts, Queue.UPKEEP, 3600),
    Periodic(checklists_upkeep.forget_old, Queue.UPKEEP, 3600),
    Periodic(bundles_upkeep.forget_old_lists, Queue.UPKEEP, 3600),
    Periodic(spot_checks_upkeep.draw_days, Queue.UPKEEP, 1800),
    Periodic(case_upkeep.deem_accepted, Queue.UPKEEP, 60),
    Periodic(case_upkeep.remind_of_corrections, Queue.UPKEEP, 3600),
    Periodic(tracking.forget_tries, Queue.UPKEEP, 900),
    Periodic(recounting.recount, Queue.UPKEEP, 300),
    Periodic(watching.watch, Queue.UPKEEP, 60),
    Periodic(material_jobs.scan_again, Queue.PHOTOS, 60),
    Periodic(material_jobs.clear_loose_files, Queue.UPKEEP, 300),
    Periodic(papers_upkeep.clear, Queue.UPKEEP, 3600),
    Periodic(document_jobs.draw_waiting, Queue.UPKEEP, 30),
    Periodic(document_checking.forget_tries, Queue.UPKEEP, 900),
    Periodic(partners_upkeep.forget_old, Queue.UPKEEP, 600),
)


def start() -> settings.Settings:
    """Connect this process to its servers and platforms, and wire the events."""
    found = settings.current()
    logs.configure()
    db.connect(found.database_url)
    queues.connect(found.redis_url)
    directory.install(platform_clients.build(found))
    scanning.wire(platform_clients.scanner(found.clamav_url))
    events.wire(SUBSCRIPTIONS)
    papers_upkeep.wire((item_files.named_by_versions, publishing_queries.named_files))
    closing.wire((city_matters.ROOM, own_payments.ROOM, own_messages.ROOM))
    return found


def create_app() -> YimaFlask:
    """The web program."""
    start()
    return assemble()


def assemble() -> YimaFlask:
    """The web program without its servers: enough to write its contract down."""
    flask_app = make(partner_doors.MANNERS)
    for door in DOORS:
        flask_app.register_blueprint(door)
    for command in COMMANDS:
        flask_app.cli.add_command(command)  # type: ignore[arg-type]
    return flask_app


def create_worker(queue: Queue) -> BaseWorker:
    """The worker of one queue: trusted batches run in its own process, risky files in a child each."""
    start()
    kind: type[BaseWorker] = Worker if queue in queues.FORKING else SimpleWorker
    return kind([queue], connection=queues.connection(), name=f"{queue}-{os.getpid()}")


def create_scheduler() -> CronScheduler:
    """The clockwork that puts periodic jobs into their queues."""
    start()
    scheduler = CronScheduler(queues.connection())
    for periodic in SCHEDULE:
        scheduler.register(
            periodic.job,
            queue_name=periodic.queue,
            interval=periodic.every_s,
            job_timeout=120,
            result_ttl=0,
            ttl=2 * periodic.every_s + 60,  # runs that nobody could take do not pile up
        )
    return scheduler
