"""What can go wrong with a payment."""

from app.errors import Conflict, Forbidden, NotFound, Unavailable


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
