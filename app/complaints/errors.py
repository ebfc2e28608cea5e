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


class OrganisationMissing(Invalid):
    """A company's demand does not say which company."""

    code = "organisation_missing"
    message = "企业诉求请写上企业名称，两个字到一百个字"


class NotHandledJointly(Invalid):
    """Only a company's demand is handled by several departments."""

    code = "not_handled_jointly"
    message = "只有企业诉求由几个部门会办，其他诉求请用“转办”"


class HandledJointly(Invalid):
    """A company's demand gets its lead by asking departments, not by passing on."""

    code = "handled_jointly"
    message = "企业诉求请在“交办”里指定牵头部门和会办部门"


class PartAnswered(Conflict):
    """This department has answered, or was not asked."""

    code = "part_answered"
    message = "这个部门已经答复或不需要答复，请刷新后查看"


class PartsOpen(Conflict):
    """Somebody who was asked has not answered yet."""

    code = "parts_open"
    message = "还在等{who}的会办意见，收齐后再给最终答复；可以先说明进展"


class DepartmentUnknown(Invalid):
    """No department of that name has items here."""

    code = "department_unknown"
    message = "没有这个部门，请从列表里选择"
