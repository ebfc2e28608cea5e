"""What can go wrong with a payment."""

from app.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable


class PaymentNotFound(NotFound):
    """There is no such payment, or it is somebody else's."""

    code = "payment_not_found"
    message = "没有找到这笔支付，请在“我的缴费”里查看"


class AlreadyPaid(Conflict):
    """The bill was paid in the meantime."""

    code = "already_paid"
    message = "这笔费用已经缴过了，不用再付"


class PaymentRunning(Conflict):
    """One of the bills is being paid in another way right now."""

    code = "payment_running"
    message = "这笔费用正在支付中，请稍候几秒再看结果"


class ChannelNeedsLogin(Forbidden):
    """The payer has no account at this channel here."""

    code = "channel_needs_login"
    message = "请在{channel_name}里打开本服务后再缴费"


class ChannelAway(Unavailable):
    """The channel does not answer; nothing was charged, and the same tap may be repeated."""

    code = "channel_away"
    message = "支付渠道暂时没有响应，没有扣款，请稍后再点一次“去缴费”"


class ChannelRefused(Conflict):
    """The channel will not take this payment."""

    code = "channel_refused"
    message = "支付渠道没有受理这笔缴费，请换一种支付方式，或拨打12345"


class PaymentNotPaid(Conflict):
    """Nothing was paid, so nothing can go back."""

    code = "payment_not_paid"
    message = "这笔支付还没有完成，没有可以退的款项"


class RefundBillUnsaid(Invalid):
    """The payment holds several bills and none was named."""

    code = "refund_bill_unsaid"
    message = "这次支付包含几笔费用，请选择要退的那一笔"


class RefundRunning(Conflict):
    """The bill was paid in another way; this money goes back by itself."""

    code = "refund_running"
    message = "这笔款项是多付的，不用申请，由系统原路退回，进度请看退款记录"


class NothingToRefund(Conflict):
    """All of it went back, or is on its way."""

    code = "nothing_to_refund"
    message = "这笔费用没有可以再退的款项，有疑问请拨打12345"


class RefundTooMuch(Invalid):
    """More was asked back than is left."""

    code = "refund_too_much"
    message = "申请的金额超过了可以退的金额，最多可以退{most}元"


class RefundAfterDecision(Conflict):
    """The work that the fee is for has been done."""

    code = "refund_after_decision"
    message = "这件事已经作出决定，不能在手机上申请退费；如有多收错收，请带身份证到{unit}窗口办理"


class PostageSent(Conflict):
    """The courier has had the parcel that the postage is for."""

    code = "postage_sent"
    message = "邮件已经交给快递，邮费不能退；没有收到邮件的，请联系寄出的部门"


class PostageNeeded(Conflict):
    """The result is still to be sent for it."""

    code = "postage_needed"
    message = "结果还要邮寄，邮费现在不能退；在办件里改成窗口领取，多缴的邮费会申请退还"


class RefundTooLate(Conflict):
    """The channels give nothing back after a year."""

    code = "refund_too_late"
    message = "缴费已超过一年，支付渠道不能原路退回，请带身份证到窗口办理，或拨打12345"


class CaseMovedOn(Conflict):
    """The case has another state than the one that the clerk saw when they approved."""

    code = "case_moved_on"
    message = "办件的状态刚刚有变化，请看清现在的情况后再决定"


class ExceptionNotFound(NotFound):
    """There is no such difference, or it is another department's."""

    code = "payment_exception_not_found"
    message = "没有找到这条差异，请从列表进入"


class ExceptionResolved(Conflict):
    """A colleague was quicker."""

    code = "payment_exception_resolved"
    message = "这条差异已经有同事处理过了，请刷新后查看"


class NoteMissing(Invalid):
    """A difference was closed without saying how."""

    code = "payment_note_missing"
    message = "请写明是怎么处理的，不超过200字"
