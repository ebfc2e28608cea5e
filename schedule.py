"""What runs again and again (定时任务)."""

from collections.abc import Callable
from dataclasses import dataclass

from app import events, idempotency, inbox
from app.appointments import upkeep as appointments_upkeep
from app.archives import making as archive_making
from app.assistance import upkeep as assistance_upkeep
from app.audit import upkeep as audit_upkeep
from app.bundles import upkeep as bundles_upkeep
from app.call_backs import drawing as call_back_drawing
from app.case_proof import days as case_proof_days
from app.case_proof import gathering as case_proof_gathering
from app.cases import credit_marks, opinion_silence, owed_upkeep, recounting, tracking
from app.cases import upkeep as case_upkeep
from app.certificates import looking as certificate_looking
from app.checklists import upkeep as checklists_upkeep
from app.codes import upkeep as codes_upkeep
from app.complaints import upkeep as complaints_upkeep
from app.credit import lists as credit_lists
from app.credit import records as credit_records
from app.deliveries import pickup
from app.desk import upkeep as desk_upkeep
from app.documents import checking as document_checking
from app.documents import jobs as document_jobs
from app.enterprises import upkeep as enterprises_upkeep
from app.evaluations import upkeep as evaluations_upkeep
from app.figures import upkeep as figures_upkeep
from app.forecasts import counting as forecast_counting
from app.locker import keeping as locker_keeping
from app.materials import jobs as material_jobs
from app.papers import upkeep as papers_upkeep
from app.partners import upkeep as partners_upkeep
from app.people import upkeep as people_upkeep
from app.publishing import jobs as publishing_jobs
from app.queueing import upkeep as queueing_upkeep
from app.queues import Queue
from app.site_visits import upkeep as visits_upkeep
from app.spot_checks import upkeep as spot_checks_upkeep
from app.staff import upkeep as staff_upkeep
from app.supervision import watching
from city_archive import transfers as city_archive_transfers
from city_oversight import events as oversight_events
from couriers import parcels as courier_parcels
from credit_system import lists as credit_asking
from credit_system import reports as credit_reports
from notifications import jobs as message_jobs
from payments import jobs as payment_jobs
from provincial import transfers as provincial_transfers
from registry import names as registry_names
from registry import representatives


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
    Periodic(archive_making.archive_closed, Queue.UPKEEP, 3600),
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
    Periodic(assistance_upkeep.close_over, Queue.UPKEEP, 60),
    Periodic(people_upkeep.forget_old, Queue.UPKEEP, 3600),
    Periodic(people_upkeep.close_accounts, Queue.UPKEEP, 600),
    Periodic(codes_upkeep.forget_old, Queue.UPKEEP, 600),
    Periodic(publishing_jobs.publish_due, Queue.UPKEEP, 30),
    Periodic(figures_upkeep.follow_guides, Queue.UPKEEP, 60),
    Periodic(provincial_transfers.follow, Queue.UPKEEP, 20),
    Periodic(courier_parcels.follow, Queue.UPKEEP, 10),
    Periodic(city_archive_transfers.follow, Queue.UPKEEP, 60),
    Periodic(oversight_events.follow, Queue.UPKEEP, 20),
    Periodic(credit_reports.follow, Queue.UPKEEP, 30),
    Periodic(credit_asking.follow, Queue.UPKEEP, 10),
    Periodic(credit_lists.forget_old, Queue.UPKEEP, 3600),
    Periodic(credit_marks.ask_again, Queue.UPKEEP, 3600),
    Periodic(credit_records.expire, Queue.UPKEEP, 3600),
    Periodic(pickup.forget_tries, Queue.UPKEEP, 900),
    Periodic(registry_names.ask_about_names, Queue.UPKEEP, 20),
    Periodic(representatives.ask_again, Queue.UPKEEP, 20),
    Periodic(enterprises_upkeep.watch_retention, Queue.UPKEEP, 3600),
    Periodic(enterprises_upkeep.forget_counts, Queue.UPKEEP, 3600),
    Periodic(checklists_upkeep.forget_old, Queue.UPKEEP, 3600),
    Periodic(bundles_upkeep.forget_old_lists, Queue.UPKEEP, 3600),
    Periodic(spot_checks_upkeep.draw_days, Queue.UPKEEP, 1800),
    Periodic(case_upkeep.deem_accepted, Queue.UPKEEP, 60),
    Periodic(forecast_counting.count, Queue.UPKEEP, 3600),
    Periodic(call_back_drawing.draw_days, Queue.UPKEEP, 1800),
    Periodic(opinion_silence.count_silence, Queue.UPKEEP, 600),
    Periodic(case_upkeep.remind_of_corrections, Queue.UPKEEP, 3600),
    Periodic(visits_upkeep.remind, Queue.UPKEEP, 1800),
    Periodic(owed_upkeep.remind_of_owed, Queue.UPKEEP, 3600),
    Periodic(owed_upkeep.note_overdue, Queue.UPKEEP, 300),
    Periodic(tracking.forget_tries, Queue.UPKEEP, 900),
    Periodic(recounting.recount, Queue.UPKEEP, 300),
    Periodic(watching.watch, Queue.UPKEEP, 60),
    Periodic(material_jobs.scan_again, Queue.PHOTOS, 60),
    Periodic(material_jobs.clear_loose_files, Queue.UPKEEP, 300),
    Periodic(locker_keeping.forget_expired, Queue.UPKEEP, 3600),
    Periodic(papers_upkeep.clear, Queue.UPKEEP, 3600),
    Periodic(document_jobs.draw_waiting, Queue.UPKEEP, 30),
    Periodic(document_checking.forget_tries, Queue.UPKEEP, 900),
    Periodic(certificate_looking.forget_old, Queue.UPKEEP, 3600),
    Periodic(case_proof_gathering.follow, Queue.UPKEEP, 15),
    Periodic(case_proof_days.end_days, Queue.UPKEEP, 600),
    Periodic(partners_upkeep.forget_old, Queue.UPKEEP, 600),
)
