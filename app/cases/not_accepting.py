"""Not taking a case up (不予受理): only the approver may say so, with basis and remedies (窗口无否决权).

《行政许可法》第三十二条、第七十八条 name when. Missing papers alone are none of it: they are asked for first.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app import clock
from app.cases import queries, steps, taken_in, timeline
from app.cases.correction_errors import CorrectionFirst
from app.cases.errors import DeskReasonTooLong
from app.cases.events import CaseNotAccepted
from app.cases.models import Case
from app.cases.needs import Asked
from app.cases.officers import Officer
from app.cases.states import Step
from app.events import publish
from app.plain_text import readable

REASON_LENGTH, BASIS_LENGTH = 1000, 500


class Ground(StrEnum):
    """Why a case is not taken up (不予受理的情形)."""

    NOT_NEEDED = "not_needed"
    NOT_OURS = "not_ours"
    STILL_INCOMPLETE = "still_incomplete"
    FALSE_PAPERS = "false_papers"
    BARRED = "barred"


GROUND_TEXTS: dict[Ground, str] = {
    Ground.NOT_NEEDED: "依法不需要办理",
    Ground.NOT_OURS: "不属于本部门职权范围",
    Ground.STILL_INCOMPLETE: "补正以后材料仍然不齐全或者不符合法定形式",
    Ground.FALSE_PAPERS: "隐瞒有关情况或者提供虚假材料",
    Ground.BARRED: "法律规定现在不能申请",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the approver says: the ground's code, why, by which law, and what can be done against it."""

    code: str
    reason: str
    legal_basis: str
    remedies: str


def not_accept(session: Session, *, case_no: str, officer: Officer, refusal: Refusal) -> Case:
    """Say that the office does not take a case up (不予受理); it is over with that.

    Raises RefusalUnfounded with everything that is missing, DeskReasonTooLong, PaperAskedAgain,
    CorrectionFirst, TellingOver, NotYourStep, or a StepRefused.
    """
    said = {
        "decision_reason": readable(refusal.reason),
        "legal_basis": readable(refusal.legal_basis),
        "remedies": readable(refusal.remedies),
    }
    if len(said["decision_reason"]) > REASON_LENGTH or len(said["remedies"]) > REASON_LENGTH:
        raise DeskReasonTooLong
    if len(said["legal_basis"]) > BASIS_LENGTH:
        raise DeskReasonTooLong
    case = queries.for_clerk(session, officer=officer, case_no=case_no)
    taken_in.refuse_paper_again(session, case, said["decision_reason"], said["remedies"])
    code = refusal.code if refusal.code in set(Ground) else ""
    asked = Asked(
        session,
        case,
        reason_code=code,
        reason=said["decision_reason"],
        legal_basis=said["legal_basis"],
        remedies=said["remedies"],
    )
    values = {"not_accepted_at": clock.now(), "not_accepted_code": code, "decided_by": officer.name, **said}
    actor = timeline.clerk(officer)
    steps.take(asked, Step.NOT_ACCEPT, actor=actor, values=values)
    if code == Ground.STILL_INCOMPLETE and case.correct_by is None:
        raise CorrectionFirst
    sentence = "经审查不予受理，原因、依据和救济途径见办件详情"
    timeline.note(session, case_id=case.id, kind="not_accepted", actor=actor, sentence=sentence)
    publish(session, CaseNotAccepted(case.id))
    return case
