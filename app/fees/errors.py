"""What can go wrong with a bill."""

from app.errors import Conflict, Invalid, NotFound


class BillNotFound(NotFound):
    """There is no such bill, or it is somebody else's."""

    code = "bill_not_found"
    message = "没有找到这张缴款通知，请在“我的缴费”里查看"


class BillNotPayable(Conflict):
    """The bill is paid, void or refunded already."""

    code = "bill_not_payable"
    message = "这笔费用现在不需要缴纳，请刷新后查看"


class ReceiptNotFound(NotFound):
    """There is no such receipt, or it is somebody else's."""

    code = "receipt_not_found"
    message = "没有找到这张缴费凭证，请在“我的缴费”里查看"


class RefundNotFound(NotFound):
    """There is no such request, or it is somebody else's, or another department's."""

    code = "refund_not_found"
    message = "没有找到这笔退费申请，请在“我的缴费”里查看"


class RefundAlreadyAsked(Conflict):
    """One request for this bill is being looked at, or its money is on its way."""

    code = "refund_already_asked"
    message = "这笔费用已经申请过退费，正在处理，请在“我的缴费”里看进度"


class RefundAlreadyDecided(Conflict):
    """A colleague was quicker."""

    code = "refund_already_decided"
    message = "这笔退费申请已经有同事处理过了，请刷新后查看"


class RefusalUnexplained(Invalid):
    """A refusal came without a reason that the citizen can read."""

    code = "refund_refusal_unexplained"
    message = "请写明不予退费的理由，申请人会看到"
