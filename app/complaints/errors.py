"""What can go wrong with a complaint (投诉建议的错误)."""

from app.errors import Conflict, Invalid, NotFound, TooMany


class ComplaintNotFound(NotFound):
    """There is no such complaint, or it is not for this person's eyes."""

    code = "complaint_not_found"
    message = "没有找到这条诉求，请核对编号"


class ComplaintsTooMany(TooMany):
    """More complaints of one person on one day than a city can answer well."""

    code = "complaints_too_many"
    message = "今天已经提交了{most}条，请明天再来；紧急的事请拨打12345"


class ComplaintTextUnfit(Invalid):
    """The text is too short to act on, or too long."""

    code = "complaint_text_unfit"
    message = "请写明情况，至少五个字，最多一千字"


class AnswerUnfit(Invalid):
    """A clerk's answer says nothing, or too much."""

    code = "answer_unfit"
    message = "请写明答复，至少五个字，最多一千字"


class AlreadyAnswered(Conflict):
    """Somebody else has answered it meanwhile."""

    code = "already_answered"
    message = "这条诉求已经答复，请刷新后查看"


class DepartmentUnknown(Invalid):
    """No department of that name has items here."""

    code = "department_unknown"
    message = "没有这个部门，请从列表里选择"
