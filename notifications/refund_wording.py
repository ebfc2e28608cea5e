"""What is said about a fee that was asked back (退费消息): agreed, not agreed and why, arrived."""

from sqlalchemy.orm import Session

from app import clock
from app.fees import refunding
from app.fees.events import RefundApproved, RefundArrived, RefundRefused
from app.fees.models import RefundRequest, RequestState
from notifications.drafts import PAYMENT_RESULT, Draft, moment, thing, yuan


def refund_approved(session: Session, event: RefundApproved) -> Draft | None:
    """The unit agreed; the money goes back the way it came. Nothing when its way has ended already."""
    request = refunding.by_no(session, refund_no=event.refund_no)
    if request.state != RequestState.APPROVED:
        return None
    text = f"“{request.bill.title}”的退费申请已同意，{yuan(request.amount_fen)}元将原路退回，到账后再通知您。"
    return _draft(request, happening="approved", title="退费申请已同意", state="同意退费", text=text)


def refund_refused(session: Session, event: RefundRefused) -> Draft:
    """The unit did not agree; the reason is in the message that only its reader sees."""
    request = refunding.by_no(session, refund_no=event.refund_no)
    text = (
        f"“{request.bill.title}”的退费申请没有通过。理由：{request.decision_reason}。"
        "有疑问请到窗口咨询，或拨打12345。"
    )
    return _draft(request, happening="refused", title="退费申请没有通过", state="未同意", text=text)


def refund_arrived(session: Session, event: RefundArrived) -> Draft:
    """The channel has proven that the money is back."""
    request = refunding.by_no(session, refund_no=event.refund_no)
    text = f"“{request.bill.title}”的费用{yuan(request.amount_fen)}元已退回您的付款账户。"
    return _draft(request, happening="arrived", title="费用已退回", state="已退款", text=text)


def _draft(request: RefundRequest, *, happening: str, title: str, state: str, text: str) -> Draft:
    return Draft(
        citizen_id=request.citizen_id,
        subject=f"refund:{request.refund_no}:{happening}",
        title=title,
        text=text.replace("。。", "。"),
        page=f"pages/bills/detail?no={request.bill.bill_no}",
        template=PAYMENT_RESULT,
        fields={
            "thing1": thing(request.bill.title),
            "amount2": f"{yuan(request.amount_fen)}元",
            "phrase3": state,
            "time4": moment(clock.now()),
        },
        must_arrive=True,
    )
