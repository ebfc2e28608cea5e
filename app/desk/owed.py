"""Materials that follow later, at the desk (容缺核对、终止办理); each act is written into the audit log."""

from typing import Any

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases import owed_checking
from app.cases.models import Case
from app.cases.owed_checking import Looked
from app.desk import duties, service
from app.staff.sessions import OnDuty


def check(session: Session, *, clerk: OnDuty, case_no: str, material_code: str, looked: Looked) -> None:
    """Confirm what was brought, or send it back (核对补交); raises what cases raise."""
    case = service.case_of(session, clerk, case_no)
    row = owed_checking.check(
        session,
        case_no=case.case_no,
        officer=duties.officer(clerk),
        material_code=material_code,
        looked=looked,
    )
    if looked.right:
        _note(session, clerk, "owed_confirmed", case=case, material=row.material_code)
    else:
        _note(session, clerk, "owed_sent_back", case=case, material=row.material_code)


def terminate(session: Session, *, clerk: OnDuty, case_no: str, reason: str, legal_basis: str) -> None:
    """End a case without a decision (终止办理); raises what cases raise."""
    case = service.case_of(session, clerk, case_no)
    before = case.state
    case = owed_checking.terminate(
        session,
        case_no=case.case_no,
        officer=duties.officer(clerk),
        reason=reason,
        legal_basis=legal_basis,
    )
    _note(session, clerk, "case_terminated", case=case, before=before, after=case.state)


def _note(session: Session, clerk: OnDuty, action: str, *, case: Case, **details: Any) -> None:
    audit.record(
        session,
        actor=clerk.actor,
        action=action,
        subject=f"case:{case.case_no}",
        details=details,
        citizen_id=case.citizen_id,
    )
