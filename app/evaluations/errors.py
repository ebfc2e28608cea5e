"""What can go wrong with a rating or its mending (评价的错误)."""

from app.errors import Conflict, Invalid, NotFound


class AlreadyRated(Conflict):
    """A case takes one rating, and so does a visit."""

    code = "already_rated"
    message = "这次服务您已经评价过了，谢谢。还有话要说，可以到“投诉建议”里留言"


class RatingTooEarly(Conflict):
    """The case has no result yet, or was never handed in."""

    code = "rating_too_early"
    message = "这件事还没有结果，办完后再来评价"


class VisitNotMade(Conflict):
    """The appointment was not checked in, so nobody has served anybody yet."""

    code = "visit_not_made"
    message = "这次预约还没有签到，到大厅办事后再来评价"


class TagsUnfit(Invalid):
    """A reason is none of those offered for this level and this kind of service."""

    code = "tags_unfit"
    message = "请从这个等级给出的原因里选择"


class EvaluationNotFound(NotFound):
    """There is no such rating, or it is somebody else's."""

    code = "evaluation_not_found"
    message = "没有找到这条评价，请返回刷新后再看"


class NothingToConfirm(Conflict):
    """No mending waits for the citizen's answer."""

    code = "nothing_to_confirm"
    message = "这条评价现在不用确认，请刷新后再看"


class TicketNotFound(NotFound):
    """There is no such mending ticket, or another department or hall mends it."""

    code = "ticket_not_found"
    message = "没有找到这条差评工单，请从列表里打开"


class TicketMoved(Conflict):
    """Somebody else has done it meanwhile, or it is not the turn of this step."""

    code = "ticket_moved"
    message = "这条工单的状态已经变了，请看过最新情况再处理"


class ExtendedBefore(Conflict):
    """A ticket gets the longer limit once."""

    code = "extended_before"
    message = "这条工单已经延长过一次，请在期限内整改"


class TooLateToExtend(Conflict):
    """A ticket that is late stays late."""

    code = "too_late_to_extend"
    message = "这条工单已经超期，不能再延长，请尽快整改并答复"


class WordsMissing(Invalid):
    """What was done, or why, is not said."""

    code = "words_missing"
    message = "请写明情况，至少五个字，最多一千字"


class OwnMending(Conflict):
    """Whoever mended something does not call back about it."""

    code = "own_mending"
    message = "这条差评是您整改的，请另一位督导人员来回访"


class CallBackUnsaid(Invalid):
    """The form of a call-back came without a result, or with one that an anonymous rating cannot have."""

    code = "call_back_unsaid"
    message = "请选择回访结果；匿名评价没有电话，只能选“无法回访”"
