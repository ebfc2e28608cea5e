"""What can go wrong when a citizen is called back (办理回访的错误)."""

from app.errors import Conflict, Invalid, NotFound


class CallBackNotFound(NotFound):
    """There is no such call-back, or it is another department's."""

    code = "call_back_not_found"
    message = "没有找到这件回访，请返回列表刷新后再看"


class CalledAlready(Conflict):
    """Somebody has called and written down what was said."""

    code = "call_back_done"
    message = "这件已经回访过，请返回列表刷新后再看"


class CallBackUnsaid(Invalid):
    """No result was chosen, or a complaint was not written down."""

    code = "call_back_unsaid"
    message = "请选择回访结果；不满意的写明市民说了什么，五百字以内"
