"""Telling the credit platform of broken promises and of their ends (失信信息报送).

Each step is: claim a row and commit → ask or tell the platform → write the outcome in a second unit of work.
A report that was told before is asked about first: when only the receipt was lost, nothing is told again.
"""

import hashlib

from app import batches, clock
from app.credit import records, reports, subjects
from app.credit.models import CreditRecord, CreditReport, ReportKind
from app.credit.reports import Claimed
from app.credit.subjects import Subject
from app.db import Session, unit_of_work
from app.promise_checks import queries as checks
from app.promise_checks.models import TEXTS, CheckState, PromiseCheck
from platforms import directory, failures
from platforms.credit import CreditPlatform
from platforms.credit import CreditReport as Told
from platforms.errors import PlatformError, Refused
from platforms.receipts import Receipt

_BATCH = 50
_LONGEST_WHAT = 300
_NOBODY = "no_identity"


def follow() -> int:
    """Tell every report whose moment has come (job); how many. Safe to repeat and in parallel."""
    client = directory.current().credit
    if client is None:
        return 0
    return batches.one_by_one(
        reports.claim, lambda found: _settle(client, found), kind="credit_report", at_most=_BATCH
    )


def _settle(client: CreditPlatform, found: Claimed) -> bool:
    """Whether the platform answered; what it answered is written down."""
    with unit_of_work() as session:
        told = _told(session, found.report_id)
    if told is None:
        _refused(found.report_id, _NOBODY)
        return True
    try:
        receipt = client.ask(told.reference) if found.told_before else None
        if receipt is None and found.may_tell:
            receipt = client.report(told)
    except Refused as error:
        failures.note(error)
        _refused(found.report_id, error.platform_code)
        return True
    except PlatformError as error:
        failures.note(error)
        return False
    _write_down(found.report_id, receipt)
    return True


def _write_down(report_id: int, receipt: Receipt | None) -> None:
    with unit_of_work() as session:
        if receipt is None:
            reports.note_never_arrived(session, report_id=report_id)
        else:
            reports.note_received(session, report_id=report_id, receipt_no=receipt.number, at=receipt.at)


def _refused(report_id: int, reason: str) -> None:
    with unit_of_work() as session:
        reports.note_refused(session, report_id=report_id, reason=reason)


def _told(session: Session, report_id: int) -> Told | None:
    """A report as it leaves, the same each time; None when nobody has checked who the person is."""
    report = session.get_one(CreditReport, report_id)
    record = session.get_one(CreditRecord, report.record_id)
    subject = subjects.of(session, citizen_id=record.citizen_id, organisation_id=record.organisation_id)
    return None if subject is None else _content(session, report, record=record, subject=subject)


def _content(session: Session, report: CreditReport, *, record: CreditRecord, subject: Subject) -> Told:
    line = checks.of_undertaking(session, undertaking_id=record.undertaking_id)
    kind, since = ReportKind(report.kind), clock.local(record.recorded_at).date()
    # What has ended changes no more, so its day stays the same however often it is told.
    ended = None if kind is ReportKind.RECORD else clock.local(record.changed_at).date()
    return Told(
        reference=reports.reference(report.id),
        kind=kind.value,
        record=reports.reference(reports.first_of(session, record_id=record.id)),
        subject_kind=subject.kind.value,
        number=subject.number,
        what=f"{line.case.task_name}：承诺代替“{line.promise.name}”"[:_LONGEST_WHAT],
        promise_sha256=line.promise.digest,
        evidence_sha256=hashlib.sha256((line.check.evidence or "").encode()).hexdigest(),
        decision=_decision(line.check, kind),
        legal_basis=line.check.legal_basis or "",
        since=since.isoformat(),
        until=(ended or records.free_again(since)).isoformat(),
    )


_ENDS = {
    ReportKind.WITHDRAWAL: "异议成立，撤销记录",
    ReportKind.REPAIR: "已纠正，完成信用修复",
    ReportKind.EXPIRY: "限制期满",
}


def _decision(check: PromiseCheck, kind: ReportKind) -> str:
    return _ENDS.get(kind) or TEXTS[CheckState(check.state)]
