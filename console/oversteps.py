"""What a clerk asks for though it may not be asked for is kept in the audit log (越界留痕)."""

from app.cases.correction_errors import BeyondGuide, PaperAskedAgain, SecondNotice
from app.cases.precheck_errors import PassedBefore
from app.db import unit_of_work
from app.desk import correcting
from app.errors import DomainError
from console import callers

_KINDS = (SecondNotice, BeyondGuide, PaperAskedAgain, PassedBefore)


def written_down(case_no: str, refusal: DomainError) -> bool:
    """Whether a refusal is one of those that are kept, whoever tries; then it is kept."""
    if not isinstance(refusal, _KINDS):
        return False
    with unit_of_work() as session:
        correcting.note_refusal(session, clerk=callers.current_clerk(), case_no=case_no, code=refusal.code)
    return True
