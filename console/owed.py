"""Materials that follow later, at the desk (容缺补交): confirm, send back, end a case that waits in vain."""

from flask import request
from flask.typing import ResponseReturnValue

from app.cases.owed_checking import Looked
from app.cases.states import Step
from app.db import unit_of_work
from app.desk import duties, owed
from app.errors import DomainError
from console import callers, cases, pages
from console.callers import Staff
from console.making import console_door

door = console_door("console_owed")


@door.post("/cases/<case_no>/owed/<material_code>", auth=Staff(duties.taking(Step.CHECK_DELIVERED)))
def check_delivered(case_no: str, material_code: str) -> ResponseReturnValue:
    """Confirm what was brought, or send it back with the reason (核对补交的材料)."""
    looked = Looked(right=request.form.get("right") == "yes", why=request.form.get("why", ""))
    try:
        with unit_of_work() as session:
            owed.check(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                material_code=material_code,
                looked=looked,
            )
    except DomainError as refusal:
        return cases.mend(case_no, refusal)
    done = "owed_confirmed" if looked.right else "owed_sent_back"
    return pages.see_other("console_cases.case", case_no=case_no, done=done)


@door.post("/cases/<case_no>/terminate", auth=Staff(duties.taking(Step.TERMINATE)))
def terminate(case_no: str) -> ResponseReturnValue:
    """End a case without a decision, for what was to follow did not come (终止办理)."""
    form = request.form
    try:
        with unit_of_work() as session:
            owed.terminate(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                reason=form.get("end_reason", ""),
                legal_basis=form.get("end_basis", ""),
            )
    except DomainError as refusal:
        return cases.mend(case_no, refusal)
    return pages.see_other("console_cases.case", case_no=case_no, done="terminated")
