"""What is said about a result on its way to its applicant (送达消息)."""

from sqlalchemy.orm import Session

from app.deliveries import queries
from app.deliveries.events import DeliveryMoved
from app.deliveries.models import DeliveryState
from notifications.case_wording import of_case
from notifications.drafts import Draft

# What is missed at a cost goes by short message too: somebody has to come, or to say where to.
_TITLES = {
    DeliveryState.WAITING: ("结果可以领取了", "待领取"),
    DeliveryState.SENDING: ("结果已寄出", "已寄出"),
    DeliveryState.RETURNED: ("邮件退回了", "已退回"),
}


def delivery_moved(session: Session, event: DeliveryMoved) -> Draft | None:
    """The result waits at a hall, is with the courier, or came back; nothing once that is over.

    The code of a pick-up is never written into a message: it is shown to its owner alone.
    """
    facts = queries.facts(session, delivery_id=event.delivery_id)
    if facts.state != event.happening:
        return None
    state = DeliveryState(event.happening)
    hints = {
        DeliveryState.WAITING: f"请凭办件里的取件码到{facts.centre_name or '部门窗口'}领取。",
        DeliveryState.SENDING: f"运单号{facts.waybill}，到哪里了可在办件里看。",
        DeliveryState.RETURNED: "请在办件里改地址再寄，或改为窗口领取。",
    }
    title, short = _TITLES[state]
    return of_case(
        session,
        case_id=facts.case_id,
        happening=f"delivery_{state.value}:{event.occasion}",
        title=title,
        state=short,
        hint=hints[state],
        must_arrive=state is not DeliveryState.SENDING,
    )
