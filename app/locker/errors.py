"""What can go wrong with the document locker (材料库的错误)."""

from app.errors import Conflict, Invalid, NotFound


class LockerItemNotFound(NotFound):
    """There is no such entry, it has expired or was removed, or it is somebody else's."""

    code = "locker_item_not_found"
    message = "材料库里没有这份材料，可能已经到期或删除，请重新拍照"


class LockerNotAgreed(Conflict):
    """The citizen has not agreed to the locker, or took that back."""

    code = "locker_not_agreed"
    message = "您还没有同意使用材料库，请先在“我的材料库”里打开，或者直接拍照"


class LockerItemUnfit(Invalid):
    """The entry is another kind of material than the one that is asked for."""

    code = "locker_item_unfit"
    message = "这份材料和要交的不是同一种，请换一份或者重新拍照"
