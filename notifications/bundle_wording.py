"""What is said about applications for bundles (一件事的消息)."""

from sqlalchemy.orm import Session

from app import clock
from app.bundles import news
from app.bundles.events import BundleFinished, BundleHeldUp
from app.bundles.news import Obstacle
from notifications.drafts import CASE_PROGRESS, Draft, company, moment, thing

_SAID = {
    Obstacle.REFUSED: (
        "有一项没有办成",
        "后续暂停",
        "“{name}”不予办理，{waiting}先留在草稿里。您可以按决定写明的原因补正后重新申请，也可以单独提交后面的事项。",
    ),
    Obstacle.WITHDRAWN: (
        "有一项已撤回",
        "后续暂停",
        "“{name}”已撤回，{waiting}不再自动提交，留在草稿里。您可以单独提交，也可以撤回。",
    ),
    Obstacle.INCOMPLETE: (
        "轮到下一项了",
        "待补全",
        "轮到办理“{name}”，还有内容没有填好。请打开申请补全后再提交。",
    ),
}


def bundle_held_up(session: Session, event: BundleHeldUp) -> Draft | None:
    """A part keeps later ones waiting; what can be done. Nothing when it goes on again already."""
    told = news.of_part(session, part_id=event.part_id)
    if told.obstacle is None:
        return None
    title, state, text = _SAID[told.obstacle]
    waiting = "、".join(f"“{name}”" for name in told.waiting)
    return _draft(
        told,
        subject=f"held:{event.part_id}:{told.obstacle}",
        title=title,
        state=state,
        text=text.format(name=told.task_name, waiting=waiting),
    )


def bundle_finished(session: Session, event: BundleFinished) -> Draft:
    """Every part was granted."""
    told = news.of_application(session, application_id=event.application_id)
    also = f"“{told.licence}”也已生成，一个码就能查到全部许可。" if told.licence else ""
    text = f"“{told.name}”的各事项都已办成，结果可在“我的证照”里查看。{also}"
    return _draft(told, subject="finished", title="全部办结", state="全部办结", text=text)


def _draft(told: news.News, *, subject: str, title: str, state: str, text: str) -> Draft:
    return Draft(
        citizen_id=told.citizen_id,
        company=company(told.organisation_id, *told.task_codes),
        subject=f"bundle:{told.application_no}:{subject}",
        title=title,
        text=text,
        page=f"pages/bundles/progress?no={told.application_no}",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(told.name),
            "phrase2": state,
            "time3": moment(clock.now()),
            "thing4": thing(title),
        },
        must_arrive=True,
    )
