"""What can go wrong with a lead (双告知)."""

from app.errors import Conflict, Invalid, NotFound


class LeadNotFound(NotFound):
    """There is no such lead, or it is another department's."""

    code = "lead_not_found"
    message = "没有找到这条告知，请刷新列表后再看"


class LeadTakenUp(Conflict):
    """The lead was taken up before."""

    code = "lead_taken_up"
    message = "这条告知已经有人处理了，请刷新后再看"


class LeadNoteWrong(Invalid):
    """What was done must be said, and briefly."""

    code = "lead_note_wrong"
    message = "请写明怎么处理的，不超过200个字"
