"""Records of broken promises at the desk (失信记录): pleas to decide, and what the platform was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app import settings
from app.audit import service as audit
from app.cases import credit_elsewhere, credit_marks
from app.cases.credit_elsewhere import Learned, Stuck
from app.cases.models import Case
from app.cases.promise_models import CasePromise
from app.credit import reports
from app.credit.errors import ReportNotFound
from app.credit.models import CreditRecord, CreditReport, ReportKind, ReportState
from app.db import LARGEST_ID
from app.desk import duties, service
from app.desk.duties import Duty
from app.desk.errors import NotYourDuty
from app.desk.promise_checks import READING, SETTLING
from app.desk.work import visible_to
from app.promise_checks import pleas
from app.promise_checks.models import PromiseCheck
from app.promise_checks.plea_errors import PleaNotFound
from app.promise_checks.plea_models import Plea
from app.promise_checks.queries import Line
from app.staff.sessions import OnDuty

MOST: Final = 50
LEARNING: Duty = duties.AUDITING
KINDS: Final = {
    ReportKind.RECORD: "失信记录",
    ReportKind.WITHDRAWAL: "撤销记录",
    ReportKind.REPAIR: "信用修复",
    ReportKind.EXPIRY: "期满",
}
STATES: Final = {
    ReportState.WAITING: "待报送",
    ReportState.RECEIVED: "已接收",
    ReportState.REFUSED: "没有报送成",
    ReportState.DROPPED: "不再报送",
}
# Words of the platform, and of ours, for why not.
_REFUSALS: Final = {
    "no_identity": "申请人没有实名，报送不了；到窗口核验身份以后再重新报送",
    "bad_subject": "信用平台不认这个证件号码，请核对申请人身份",
    "reference_reused": "信用平台里这个编号已经有另一条记录，请联系信用平台核对",
    "unknown_record": "信用平台里没有原来的记录，请联系信用平台核对",
    "already_ended": "信用平台里这条记录已经结束",
}


_UNANSWERED: Final = {
    "bad_subject": "信用平台不认申请人的证件号码，请核对身份；更正以后再查一次",
    "bad_reference": "信用平台不认这次查询的编号，请联系信用平台核对",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A plea that waits for a decision, with the check it is about; `own`: this clerk settled that one."""

    plea: Plea
    line: Line
    own: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One report: what is told of which case, and what became of it; `note` says why it was not taken."""

    id: int
    case_no: str
    task_name: str
    kind: str
    state: ReportState
    state_text: str
    created_at: datetime
    receipt_no: str | None
    received_at: datetime | None
    note: str


def is_joined() -> bool:
    """Whether the city is joined to a credit platform."""
    return settings.current().credit is not None


def waiting(session: Session, *, clerk: OnDuty) -> list[Waiting]:
    """The pleas of the clerk's department that wait for a decision, the longest waiting first."""
    duties.refuse_unless(clerk, READING)
    found = pleas.open_ones(session, of=visible_to(clerk), limit=MOST)
    return [
        Waiting(plea, line, own=plea.kind == "objection" and line.check.settled_by == clerk.clerk_id)
        for plea, line in found
    ]


def unknown(session: Session, *, clerk: OnDuty) -> list[Stuck]:
    """The cases of the clerk's department that wait for the credit lists, and why (信用待查)."""
    duties.refuse_unless(clerk, READING)
    waiting = credit_marks.waiting(session, of=visible_to(clerk), limit=MOST)
    return credit_elsewhere.stuck(session, cases=waiting)


def unanswered(refusal: str) -> str:
    """Why the platform does not answer a question, and what to do about it."""
    return _UNANSWERED.get(refusal, f"信用平台答复不了，给的原因代码是“{refusal}”")


def ask_anew(session: Session, *, clerk: OnDuty, case_no: str) -> None:
    """Ask about an applicant once more (重新查询); raises CaseNotFound and as `credit_elsewhere`."""
    duties.refuse_unless(clerk, READING)
    case = service.case_of(session, clerk, case_no)
    credit_elsewhere.ask_anew(session, case_id=case.id)
    _note(session, clerk, "credit_asked_anew", case_no=case.case_no, citizen_id=case.citizen_id)


def may_learn(clerk: OnDuty) -> bool:
    """Whether a clerk may say what was learned elsewhere: never who could then grant on it."""
    return bool(clerk.roles & LEARNING) and not clerk.roles & duties.DECIDING


def learn(session: Session, *, clerk: OnDuty, case_no: str, learned: Learned) -> None:
    """Write down what was learned elsewhere (另行核实); raises CaseNotFound and as `credit_elsewhere`."""
    if not may_learn(clerk):
        raise NotYourDuty(who="督导（不兼审批）")
    case = service.case_of(session, clerk, case_no)
    credit_elsewhere.learn(session, case_id=case.id, officer=duties.officer(clerk), learned=learned)
    _note(
        session,
        clerk,
        "credit_learned",
        case_no=case.case_no,
        citizen_id=case.citizen_id,
        listed=learned.entry is not None,
    )


def told(session: Session, *, clerk: OnDuty) -> list[Told]:
    """The newest reports of the clerk's department, what was not taken first."""
    duties.refuse_unless(clerk, READING)
    refused_first = (CreditReport.state == ReportState.REFUSED.value).desc()
    asked = _rows(clerk).order_by(refused_first, CreditReport.id.desc()).limit(MOST)
    return [_told(row.CreditReport, row.case_no, row.task_name) for row in session.execute(asked)]


def counts(session: Session, *, clerk: OnDuty) -> dict[str, int]:
    """How many reports there are of each state, by its words."""
    duties.refuse_unless(clerk, READING)
    rows = _rows(clerk).with_only_columns(CreditReport.state, func.count()).group_by(CreditReport.state)
    found = {ReportState(row[0]): int(row[1]) for row in session.execute(rows)}
    return {words: found[state] for state, words in STATES.items() if state in found}


def decide(session: Session, *, clerk: OnDuty, plea_id: int, granted: bool, reason: str) -> None:
    """Say yes or no to a plea (处理); raises PleaNotFound and what `pleas.decide` raises."""
    duties.refuse_unless(clerk, SETTLING)
    plea = pleas.one(session, plea_id=plea_id)
    case_of = select(PromiseCheck.case_id).where(PromiseCheck.id == plea.check_id).scalar_subquery()
    if session.scalar(select(Case.id).where(Case.id == case_of, visible_to(clerk))) is None:
        raise PleaNotFound
    line = pleas.decide(
        session, plea_id=plea_id, officer=duties.officer(clerk), granted=granted, reason=reason
    )
    _note(session, clerk, "credit_plea_decided", case_no=line.case.case_no, citizen_id=line.case.citizen_id)


def again(session: Session, *, clerk: OnDuty, report_id: int) -> None:
    """Tell once more what was not taken (重新报送); raises ReportNotFound, ReportNotRefused."""
    duties.refuse_unless(clerk, SETTLING)
    found = None
    if report_id <= LARGEST_ID:
        found = session.execute(_rows(clerk).where(CreditReport.id == report_id)).one_or_none()
    if found is None:
        raise ReportNotFound
    reports.again(session, report_id=report_id)
    _note(session, clerk, "credit_report_again", case_no=found.case_no, citizen_id=found.citizen_id)


def _rows(clerk: OnDuty) -> Select[*tuple[Any, ...]]:
    return (
        select(CreditReport, Case.case_no, Case.task_name, Case.citizen_id)
        .join(CreditRecord, CreditRecord.id == CreditReport.record_id)
        .join(CasePromise, CasePromise.undertaking_id == CreditRecord.undertaking_id)
        .join(Case, Case.id == CasePromise.case_id)
        .where(visible_to(clerk))
    )


def _told(report: CreditReport, case_no: str, task_name: str) -> Told:
    state = ReportState(report.state)
    reason = report.refusal
    return Told(
        id=report.id,
        case_no=case_no,
        task_name=task_name,
        kind=KINDS[ReportKind(report.kind)],
        state=state,
        state_text=STATES[state],
        created_at=report.created_at,
        receipt_no=report.receipt_no,
        received_at=report.received_at,
        note=""
        if reason is None
        else _REFUSALS.get(reason, f"信用平台没有接收，给的原因代码是“{reason}”，可以重新报送"),
    )


def _note(
    session: Session, clerk: OnDuty, action: str, *, case_no: str, citizen_id: int, **details: Any
) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case_no}",
        citizen_id=citizen_id,
        details=details,
    )
