"""What can be asked about licences that come after a registration (双告知查询)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.double_notice.models import LicenceLead


def of_case(session: Session, *, case_id: int) -> Sequence[LicenceLead]:
    """The licences that were named after one registration, in the order of the guide."""
    asked = select(LicenceLead).where(LicenceLead.case_id == case_id)
    return session.scalars(asked.order_by(LicenceLead.id)).all()


def of_citizen(
    session: Session, *, citizen_id: int, before_id: int | None, limit: int
) -> Sequence[LicenceLead]:
    """The licences that were named to a citizen, newest first."""
    asked = select(LicenceLead).where(LicenceLead.citizen_id == citizen_id)
    if before_id is not None:
        asked = asked.where(LicenceLead.id < before_id)
    return session.scalars(asked.order_by(LicenceLead.id.desc()).limit(limit)).all()


def registration(session: Session, *, case_id: int) -> tuple[int, str, str]:
    """Whose registration it was, its number and its item's name."""
    asked = select(Case.citizen_id, Case.case_no, Case.task_name).where(Case.id == case_id)
    citizen_id, case_no, task_name = session.execute(asked).one()
    return citizen_id, case_no, task_name
