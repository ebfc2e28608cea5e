"""What can go wrong with telling of grants (审管联动的错误)."""

from app.errors import Conflict, Invalid, NotFound


class OversightEventNotFound(NotFound):
    """There is no such event, or it is another department's."""

    code = "oversight_event_not_found"
    message = "没有找到这条推送，请刷新列表后再看"


class NothingRefused(Conflict):
    """The event waits to be told, or was received."""

    code = "oversight_not_refused"
    message = "这条推送正在送出或已经接收，不用重新推送，请刷新后再看"


class FindingNotFound(NotFound):
    """There is no such finding, or it is about another department's licence."""

    code = "oversight_finding_not_found"
    message = "没有找到这条监管反馈，请刷新列表后再看"


class AnswerUnsaid(Invalid):
    """An answer without a word, or too long."""

    code = "oversight_answer_unsaid"
    message = "请写明怎么处理的、为什么，不超过500字"


class AnsweredBefore(Conflict):
    """Somebody answered before, or nothing was asked."""

    code = "oversight_answered_before"
    message = "这条监管反馈已经处理了，请刷新后再看"
