"""What can go wrong with hand-overs (材料移交的错误)."""

from app.errors import Conflict, Invalid, NotFound


class TransferNotFound(NotFound):
    """There is no such hand-over, or it goes to another hall."""

    code = "transfer_not_found"
    message = "没有找到转到本大厅的这个办件，请刷新列表后再看"


class NotSentYet(Conflict):
    """The bus has not acknowledged the hand-over."""

    code = "transfer_not_sent_yet"
    message = "省平台还没有转出回执，暂时不能接收；材料请先保管好，回执到了再点“接收”"


class CaseOver(Conflict):
    """The case was withdrawn or closed while its materials were on their way."""

    code = "transfer_case_over"
    message = "这个办件已经撤回或办结，不用再接收；材料已经到了的，请联系转出的大厅退回"


class SentBack(Conflict):
    """The bus does not take the hand-over."""

    code = "transfer_sent_back"
    message = "省平台没有接受这次移交，不能接收；请联系转出的大厅重新转出"


class OnItsWay(Conflict):
    """The case is already going somewhere."""

    code = "transfer_on_its_way"
    message = "这个办件正在移交，等对方大厅接收后才能再转"


class NotToBeHandedOver(Conflict):
    """Only a case that waits for acceptance or decision goes from hall to hall."""

    code = "not_to_be_handed_over"
    message = "只有待受理和办理中的办件可以移交，请刷新后查看"


class WhereToInvalid(Invalid):
    """It does not say where to, or says the same hall."""

    code = "where_to_invalid"
    message = "请写对方大厅的编码和名称；不能转给自己的大厅"
