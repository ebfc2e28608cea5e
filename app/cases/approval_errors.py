"""What can go wrong when the head is asked (报请负责人批准的错误)."""

from app.errors import Conflict, NotFound


class ApprovalPending(Conflict):
    """The head has been asked and has not answered."""

    code = "approval_pending"
    message = "已经报请负责人批准，请等负责人处理"


class ApprovalNotFound(NotFound):
    """There is no such request, or it is another department's."""

    code = "approval_not_found"
    message = "没有找到这件报批，请返回列表刷新后再看"


class ApprovalSettled(Conflict):
    """The head has answered."""

    code = "approval_settled"
    message = "这件报批已经处理过，请返回列表刷新后再看"


class NotYourOwnApproval(Conflict):
    """Whoever asks does not approve."""

    code = "not_your_own_approval"
    message = "报请批准的人不能自己批准，请由另一位负责人处理"
