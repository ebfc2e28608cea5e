"""What can go wrong with guides (办事指南)."""

from app.errors import Gone, NotFound, TooMany


class GuideNotFound(NotFound):
    """There is no public guide with this code; drafts and secret items look exactly the same."""

    code = "guide_not_found"
    message = "没有找到这个事项，请换个说法搜索，或拨打12345咨询"


class ItemCancelled(Gone):
    """The item has been cancelled (取消)."""

    code = "item_cancelled"
    message = "这个事项已经取消，不用再办；有疑问请拨打12345"


class ItemReplaced(ItemCancelled):
    """The item has been cancelled, and another one is handled instead (替代事项)."""

    code = "item_replaced"
    message = "这个事项已经取消，现在请办“{name}”"
    members = ("successor",)


class ItemSuspended(ItemCancelled):
    """The item cannot be handled for the time being (挂起)."""

    code = "item_suspended"
    message = "这个事项暂停办理，恢复时间请拨打12345咨询"


class ListNotFound(NotFound):
    """There is no reference list of this name."""

    code = "list_not_found"
    message = "没有找到这份清单，请检查后再试"


class TooMuchFeedback(TooMany):
    """So many unnamed remarks about one guide in one day are no longer read."""

    code = "too_much_feedback"
    message = "今天对这份指南的意见已经收满，请登录后再提，或拨打12345"
