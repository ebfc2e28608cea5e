"""The clock of a case at the desk (办理时限): what may be done to it, who was warned, why it is late.

An approver pauses, resumes and extends; who handles a case says why it is late; supervision settles. Each is
written into the audit log.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.cases import explained, extending, head_approvals, numbers, pausing
from app.cases import queries as case_queries
from app.cases.approval_models import ApprovalKind, HeadApproval
from app.cases.errors import CaseNotFound
from app.cases.explained import ClockShown
from app.cases.models import Case
from app.cases.pausing import SpecialStep
from app.catalogue.queries import Guide
from app.desk import duties
from app.desk.duties import Duty
from app.staff.models import Role
from app.staff.sessions import OnDuty
from app.supervision import queries as supervision
from app.supervision import tickets
from app.supervision.models import SupervisionTicket, TicketState
from app.supervision.queries import AlertLine, TicketLine

SUPERVISING: Duty = frozenset({Role.SUPERVISOR})
EXPLAINING: Duty = frozenset({Role.FRONT_DESK, Role.APPROVER})


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """A clock as a clerk sees it; `most_days` is what the law allows besides now, or 0."""

    shown: ClockShown | None
    special_steps: list[SpecialStep]
    most_days: int
    alerts: list[AlertLine]
    ticket: SupervisionTicket | None
    may_explain: bool
    asked: HeadApproval | None
    refused: HeadApproval | None


def seen(session: Session, *, clerk: OnDuty, case: Case, guide: Guide) -> ClockSeen:
    """The clock of a case that the clerk may see."""
    shown = explained.of(session, case)
    ticket = tickets.of_case(session, case_id=case.id)
    open_to_words = tickets.is_late(session, case) if ticket is None else ticket.state == TicketState.OPENED
    over = case.statutory_due_on is None or case.statutory_due_on < clock.today()
    extended = shown is not None and shown.extension is not None
    return ClockSeen(
        shown=shown,
        special_steps=pausing.special_steps(guide.body),
        most_days=0 if over or extended else extending.most_days(guide),
        alerts=supervision.alerts_of_case(session, case_id=case.id),
        ticket=ticket,
        asked=head_approvals.waiting(session, case_id=case.id, kind=ApprovalKind.EXTENSION),
        refused=head_approvals.refused(session, case_id=case.id, kind=ApprovalKind.EXTENSION),
        may_explain=open_to_words and bool(clerk.roles & EXPLAINING),
    )


def pause(session: Session, *, clerk: OnDuty, case_no: str, kind: str, days: int | None, reason: str) -> None:
    """Stop the clock for a special procedure (暂停计时); raises what pausing raises."""
    begun = pausing.pause(
        session,
        case_no=_number(case_no),
        officer=duties.officer(clerk),
        kind=kind,
        days=days,
        reason=reason,
    )
    _note(session, clerk, "case_clock_paused", case_id=begun.case_id, step=begun.name)


def resume(session: Session, *, clerk: OnDuty, case_no: str) -> None:
    """Let the clock run again (恢复计时); raises what pausing raises."""
    ended = pausing.resume(session, case_no=_number(case_no), officer=duties.officer(clerk))
    _note(session, clerk, "case_clock_resumed", case_id=ended.case_id, step=ended.name)


def ask_extension(session: Session, *, clerk: OnDuty, case_no: str, days: int | None, reason: str) -> None:
    """Ask the head to extend the limits (报请批准延期); raises what asking raises."""
    asked = head_approvals.ask_extension(
        session,
        case_no=_number(case_no),
        officer=duties.officer(clerk),
        days=days,
        reason=reason,
    )
    _note(session, clerk, "extension_asked", case_id=asked.case_id, days=str(asked.days))


def explain(session: Session, *, clerk: OnDuty, case_no: str, text: str) -> None:
    """Say why a case is late (说明超期原因); raises NotYourDuty, CaseNotFound and what tickets raise."""
    duties.refuse_unless(clerk, EXPLAINING)
    officer = duties.officer(clerk)
    case = case_queries.for_clerk(session, officer=officer, case_no=_number(case_no))
    tickets.explain(session, case=case, officer=officer, text=text)
    _note(session, clerk, "case_lateness_explained", case_id=case.id)


def look_at_ticket(session: Session, *, clerk: OnDuty, ticket_id: int) -> TicketLine:
    """One ticket (查看督办); raises NotYourDuty, TicketNotFound."""
    duties.refuse_unless(clerk, SUPERVISING)
    return supervision.ticket(session, ticket_id=ticket_id)


def settle(session: Session, *, clerk: OnDuty, ticket_id: int, text: str) -> None:
    """Close a ticket that was explained (核实办结); raises NotYourDuty, TicketNotFound and TicketMoved."""
    found = look_at_ticket(session, clerk=clerk, ticket_id=ticket_id)
    tickets.settle(session, ticket_id=found.ticket.id, officer=duties.officer(clerk), text=text)
    _note(session, clerk, "supervision_settled", case_id=found.ticket.case_id)


def note_export(session: Session, *, clerk: OnDuty, days: str) -> None:
    """Write down that the alerts of some days were taken out (导出监察数据)."""
    audit.record(
        session, actor=clerk.actor, action="supervision_exported", subject="alerts:", details={"day": days}
    )


def _number(typed: str) -> str:
    number = numbers.case_no(typed)
    if number is None:
        raise CaseNotFound
    return number


def _note(session: Session, clerk: OnDuty, action: str, *, case_id: int, **details: str) -> None:
    case = session.get_one(Case, case_id)
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )
