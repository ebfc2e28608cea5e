"""What the office does with materials that follow later (容缺核对、终止办理).

A clerk confirms what was brought, or sends it back with the reason. What does not come by its day is overdue:
that decides nothing. The approver ends the case without a decision, with reason and basis, and the applicant
may apply anew.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.cases import billing, ending, owed, pausing, queries, steps, taken_in, timeline
from app.cases.errors import DeskReasonTooLong
from app.cases.events import CaseTerminated, OwedConfirmed, OwedSentBack
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.officers import Officer
from app.cases.owed_errors import NotDelivered, OwedNotFound, SendingBackUnsaid
from app.cases.owed_models import OwedMaterial
from app.cases.states import Step
from app.centres import working_days
from app.events import publish
from app.plain_text import readable

LONGEST_WHY, LONGEST_REASON, LONGEST_BASIS = 200, 1000, 500
# Working days that whoever is sent something back has at least.
AGAIN_DAYS = 3


@dataclass(frozen=True, slots=True)
class Looked:
    """What a clerk says of one thing that was brought: it is right, or why not."""

    right: bool
    why: str = ""


def check(
    session: Session, *, case_no: str, officer: Officer, material_code: str, looked: Looked
) -> OwedMaterial:
    """Confirm what was brought, or send it back (核对补交的材料); of two clerks at once, one does.

    Raises SendingBackUnsaid, PaperAskedAgain, OwedNotFound, NotDelivered, NotYourStep, or a StepRefused.
    """
    why = readable(looked.why)
    if not looked.right and not 0 < len(why) <= LONGEST_WHY:
        raise SendingBackUnsaid
    case = queries.for_clerk(session, officer=officer, case_no=case_no, hold=True)
    taken_in.refuse_paper_again(session, case, why)
    rows = {one.material_code: one for one in owed.of_case(session, case_id=case.id)}
    if material_code not in rows:
        raise OwedNotFound
    row, actor = rows[material_code], timeline.clerk(officer)
    if row.delivered_at is None or row.confirmed_at is not None:
        raise NotDelivered
    steps.take(Asked(session, case), Step.CHECK_DELIVERED, actor=actor, values={})
    if looked.right:
        row.confirmed_at, row.confirmed_by = clock.now(), officer.clerk_id
        row.confirmed_by_name = officer.name
        _confirmed(session, case, row, actor=actor)
    else:
        row.delivered_at, row.sent_back_at, row.sent_back_why = None, clock.now(), why
        again = working_days.due_date(session, start=clock.today(), days=AGAIN_DAYS, unit="WORKDAY")
        row.due_on = max(again, row.due_on or again)
        sentence = f"“{row.name}”核对不符合，请在{row.due_on:%Y年%m月%d日}前重新补交"
        timeline.note(session, case_id=case.id, kind="owed_sent_back", actor=actor, sentence=sentence)
        publish(session, OwedSentBack(case.id, row.id, row.sent_back_at.isoformat()))
    session.flush()
    return row


def terminate(session: Session, *, case_no: str, officer: Officer, reason: str, legal_basis: str) -> Case:
    """End an accepted case without a decision, for what was to follow did not come (终止办理、退件).

    What was paid can be asked back. Raises RefusalUnfounded, NotOverdue, DeskReasonTooLong, PaperAskedAgain,
    NotYourStep, or a StepRefused.
    """
    why, basis = readable(reason), readable(legal_basis)
    if len(why) > LONGEST_REASON or len(basis) > LONGEST_BASIS:
        raise DeskReasonTooLong
    case = queries.for_clerk(session, officer=officer, case_no=case_no, hold=True)
    taken_in.refuse_paper_again(session, case, why)
    actor = timeline.clerk(officer)
    values = {
        "terminated_at": clock.now(),
        "decided_by": officer.name,
        "decision_reason": why,
        "legal_basis": basis,
        "clock_paused_on": None,
    }
    asked = Asked(session, case, reason=why, legal_basis=basis)
    steps.take(asked, Step.TERMINATE, actor=actor, values=values)
    pausing.end_with_case(session, case, actor=actor, cause="终止办理")
    ending.end_what_waits(session, case)
    paid = billing.void_open_bills(session, case_id=case.id)
    refund = "，已缴的费用可在“我的缴费”里申请退费" if paid else ""
    sentence = f"容缺的材料没有按期补交，已终止办理，可以重新申请{refund}"
    timeline.note(session, case_id=case.id, kind="terminated", actor=actor, sentence=sentence)
    publish(session, CaseTerminated(case.id))
    return case


def _confirmed(session: Session, case: Case, row: OwedMaterial, *, actor: timeline.Actor) -> None:
    session.flush()
    open_ones = [one for one in owed.of_case(session, case_id=case.id) if one.confirmed_at is None]
    rest = "" if open_ones else "，容缺的材料已经补齐"
    sentence = f"“{row.name}”核对符合{rest}"
    timeline.note(session, case_id=case.id, kind="owed_confirmed", actor=actor, sentence=sentence)
    publish(session, OwedConfirmed(case.id, row.id, complete=not open_ones))
