"""What can go wrong with telling of grants (审管联动的错误)."""

from app.errors import Conflict, NotFound


class OversightEventNotFound(NotFound):
    """There is no such event, or it is another department's."""

    code = "oversight_event_not_found"
    message = "没有找到这条推送，请刷新列表后再看"


class NothingRefused(Conflict):
    """The event waits to be told, or was received."""

    code = "oversight_not_refused"
    message = "这条推送正在送出或已经接收，不用重新推送，请刷新后再看"
