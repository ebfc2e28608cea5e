"""What is said when a unit's registration changed (登记信息变更的消息)."""

from sqlalchemy.orm import Session

from app import clock
from app.enterprises import queries
from app.enterprises.events import UnitChanged
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing

_WHAT = {
    "name": ("单位名称已变更", "您在这里的证照已经改成新名称"),
    "address": ("住所已变更", "您在这里的证照已经同步更新"),
    "legal_person": ("法定代表人已变更", "您在这里的证照已经同步更新"),
    "status": ("单位已注销登记", "以它的名义领的证照已经停用"),
}


def unit_changed(session: Session, event: UnitChanged) -> Draft:
    """What changed, and what follows from it here; whoever reads over the shoulder learns no name."""
    subject, topic = queries.message_about(session, message_id=event.message_id)
    title, follows = _WHAT[topic]
    return Draft(
        citizen_id=event.citizen_id,
        subject=f"unit:{event.message_id}",
        title=title,
        text=f"市场监管登记系统通知：统一社会信用代码尾号{subject[-4:]}的{title}。{follows}，"
        "正在办的办件按新的登记信息核对。不是您单位的，请拨打12345。",
        page="pages/me/certificates",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(f"代码尾号{subject[-4:]}的单位"),
            "phrase2": "已变更",
            "time3": moment(clock.now()),
            "thing4": thing(title),
        },
    )
