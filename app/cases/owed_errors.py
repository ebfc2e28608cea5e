"""What can go wrong with materials that follow later (容缺的错误)."""

from app.errors import Conflict, Invalid, NotFound


class MayNotFollow(Conflict):
    """The guide does not let this material follow later."""

    code = "may_not_follow"
    message = "这项材料不能稍后补交，请现在上传"


class OwedNotFound(NotFound):
    """The case does not owe this material."""

    code = "owed_not_found"
    message = "这个办件没有要补交的这项材料，请刷新后再看"


class NothingToDeliver(Conflict):
    """Everything that was to follow has been brought."""

    code = "nothing_to_deliver"
    message = "现在没有要补交的材料，请刷新后再看"


class DeliveredWithoutPages(Invalid):
    """What is handed over has not a single page."""

    code = "delivered_without_pages"
    message = "请先拍照上传“{name}”，再点“补交”"


class AlreadyDelivered(Conflict):
    """It has been handed over and waits for the office, or is confirmed."""

    code = "already_delivered"
    message = "这项材料已经补交，正在核对或已核对，不能再改"


class DeliveryOver(Conflict):
    """The day until which it was to follow is over."""

    code = "delivery_over"
    message = "补交期限已过，不能再补交；部门处理后会告诉您，备齐材料可以重新申请"


class NotDelivered(Conflict):
    """There is nothing to look at: it has not been brought, or somebody has looked at it."""

    code = "not_delivered"
    message = "这项材料没有待核对的补交，请刷新后再看"


class StillOwed(Conflict):
    """What was to follow is not there or not confirmed, so nothing is granted."""

    code = "still_owed"
    message = "容缺的材料还没有补齐、核对，现在不能准予办理"


class NotOverdue(Conflict):
    """A case ends without a decision only once what it owes is overdue."""

    code = "not_overdue"
    message = "容缺的材料还没有逾期，不能终止办理"


class SendingBackUnsaid(Invalid):
    """Nobody said what is wrong with what was brought."""

    code = "sending_back_unsaid"
    message = "请写明补交的材料哪里不符合、怎样改，不超过200字"
