"""Remarks of clerks beside materials (材料批注); each is written into the audit log."""

from sqlalchemy.orm import Session

from app.audit import service as audit
from app.cases import remarks
from app.desk import duties, service
from app.desk.duties import Duty
from app.staff.sessions import OnDuty

REMARKING: Duty = duties.ACCEPTING


def write(session: Session, *, clerk: OnDuty, case_no: str, material_code: str, text: str) -> None:
    """Write a remark (批注); raises CaseNotFound and what cases raise. Nothing of the material changes."""
    case = service.case_of(session, clerk, case_no)
    officer = duties.officer(clerk)
    remark = remarks.write(session, case, officer=officer, material_code=material_code, text=text)
    audit.record(
        session,
        actor=clerk.actor,
        action="material_remarked",
        subject=f"case:{case.case_no}",
        details={"material": remark.material_code},
        citizen_id=case.citizen_id,
    )
