"""What a grant gives (准予办理的结果): the certificate."""

from sqlalchemy.orm import Session

from app.cases import forms
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.certificates import service as certificates
from app.people import queries as people


def issue_certificate(session: Session, case: Case, *, quiet: bool) -> None:
    """Give a granted case its certificate, held by the applicant: the company, or the person (签发结果).

    `quiet`: the decision is told, and this with it.
    """
    guide = catalogue.guide_by_version(session, version_id=case.guide_version_id)
    values = forms.opened(case.sealed_form).values
    holder = people.citizen(session, citizen_id=case.citizen_id)
    certificates.issue(
        session,
        citizen_id=case.citizen_id,
        organisation_id=case.organisation_id,
        case_id=case.id,
        name=f"{case.task_name}结果凭证",
        task_code=case.task_code,
        dept_code=case.dept_code,
        dept_name=case.dept_name,
        holder_name=values.get("organisation_name") or values.get("applicant_name") or holder.name or "",
        facts={
            "case_no": case.case_no,
            "task_name": case.task_name,
            "result_type": str((guide.body.get("result") or {}).get("result_type", "")),
            "holder_number": values.get("organisation_code") or values.get("id_number") or "",
        },
        valid_years=(guide.body.get("result") or {}).get("valid_years"),
        quiet=quiet,
    )
