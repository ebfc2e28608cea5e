"""What can go wrong with a bill."""

from app.errors import Conflict, NotFound


class BillNotFound(NotFound):
    """There is no such bill, or it is somebody else's."""

    code = "bill_not_found"
    message = "没有找到这张缴款通知，请在“我的缴费”里查看"


class BillNotPayable(Conflict):
    """The bill is paid, void or refunded already."""

    code = "bill_not_payable"
    message = "这笔费用现在不需要缴纳，请刷新后查看"
