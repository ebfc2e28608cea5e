"""What is said after a registration (双告知的消息): one message with every licence that comes next."""

from sqlalchemy.orm import Session

from app import clock
from app.double_notice import queries
from app.double_notice.events import LicencesNamed
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing


def licences_named(session: Session, event: LicencesNamed) -> Draft:
    """Which licences are needed before trading begins; each guide is one tap away on the case's page."""
    citizen_id, case_no, task_name = queries.registration(session, case_id=event.case_id)
    named = queries.of_case(session, case_id=event.case_id)
    leads = [lead for lead in named if lead.taken_up_at is None] or named
    listed = "；".join(f"{place}.{lead.task_name}（{lead.dept_name}）" for place, lead in enumerate(leads, 1))
    return Draft(
        citizen_id=citizen_id,
        subject=f"case:{event.case_id}:licences",
        title="开业前还要办的许可",
        text=f"您的“{task_name}”已经办成。按您的经营范围，开业前还要办：{listed}。"
        f"点开可以看每一项的办事指南，也已告知主管部门。办件编号：{case_no}",
        page=f"pages/cases/detail?no={case_no}",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(task_name),
            "phrase2": "待办许可",
            "time3": moment(clock.now()),
            "thing4": thing(f"还有{len(leads)}项许可要办"),
        },
        must_arrive=True,
    )
