"""What can go wrong with a plea about a record (异议、信用修复的错误)."""

from app.errors import Conflict, Forbidden, Invalid, NotFound


class PleaNotFound(NotFound):
    """There is no such plea, or it is another department's."""

    code = "credit_plea_not_found"
    message = "没有找到这个申请，请刷新后再看"


class PleaUnsaid(Invalid):
    """A plea without a word, or too long."""

    code = "credit_plea_unsaid"
    message = "请写明理由或者怎样改正的，不超过500字"


class PleaOpen(Conflict):
    """Another plea about the same record waits."""

    code = "credit_plea_open"
    message = "您的申请还在处理，有了结果会通知您"


class ObjectedBefore(Conflict):
    """An objection to this record was heard."""

    code = "credit_objected_before"
    message = "这条记录的异议已经处理过；不服的，可以申请行政复议或者提起行政诉讼，改正以后可以申请信用修复"


class PleaUnfounded(Invalid):
    """A decision without its reason."""

    code = "credit_plea_unfounded"
    message = "请选择同意或者不同意，并写明理由，不超过500字"


class PleaDecidedBefore(Conflict):
    """Somebody has decided it."""

    code = "credit_plea_decided_before"
    message = "这个申请已经处理过了，请刷新后再看"


class PleaDecidedBySettler(Forbidden):
    """Who settled the matter does not hear the objection to it."""

    code = "credit_plea_decided_by_settler"
    message = "要由另一位审批人员处理，作出原处理的人不能自己复核异议"
