"""What is said when a bad rating or a complaint is answered (差评整改、诉求答复的消息)."""

from sqlalchemy.orm import Session

from app import clock
from app.complaints import queries as complaints
from app.complaints.events import ComplaintAnswered
from app.evaluations import queries as evaluations
from app.evaluations.events import BadRatingAnswered
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing


def bad_rating_answered(session: Session, event: BadRatingAnswered) -> Draft:
    """Mended, or found to be otherwise; what was done is one tap away."""
    facts = evaluations.answer_facts(session, step_id=event.step_id)
    hint = "点开看整改情况，并告诉我们是否满意" if facts.mended else "点开看核实情况和理由"
    title = "您的评价已整改" if facts.mended else "您的评价已答复"
    about = f"no={facts.case_no}" if facts.case_no else f"appointment={facts.appointment_id}"
    return Draft(
        citizen_id=facts.citizen_id,
        subject=f"rating:{event.step_id}:answered",
        title=title,
        text=f"您对“{facts.task_name}”的评价，我们已经处理。{hint}。",
        page=f"pages/cases/rate?{about}",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(facts.task_name),
            "phrase2": "已整改" if facts.mended else "已答复",
            "time3": moment(clock.now()),
            "thing4": thing(hint),
        },
    )


def complaint_answered(session: Session, event: ComplaintAnswered) -> Draft:
    """Answered for good, or how it goes on."""
    facts = complaints.answer_facts(session, answer_id=event.answer_id)
    title = "您的诉求已答复" if facts.final else "您的诉求有新进展"
    return Draft(
        citizen_id=facts.citizen_id,
        subject=f"complaint:{event.answer_id}:answered",
        title=title,
        text=f"您提交的{facts.kind_text}（编号{facts.complaint_no}）{title[4:]}，点开查看。",
        page=f"pages/me/complaint?no={facts.complaint_no}",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(facts.complaint_no),
            "phrase2": "已答复" if facts.final else "有新进展",
            "time3": moment(clock.now()),
            "thing4": "点开查看答复",
        },
    )
