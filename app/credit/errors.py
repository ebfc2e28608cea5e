"""What can go wrong with somebody's credit (信用的错误)."""

from app.errors import Conflict, NotFound


class PromiseBarred(Conflict):
    """The applicant has a broken promise on record, which bars until the day that is named."""

    code = "promise_barred"
    message = (
        "您有核查不实的承诺记录，{until}以前不能用告知承诺，请提交材料；对记录有异议的，可以在办件里陈述申辩"
    )


class PromiseBarredBefore(PromiseBarred):
    """The bar comes from an account that the same person closed (注销不免除限制)."""

    message = (
        "您注销前的账号有核查不实的承诺记录，{until}以前不能用告知承诺，请提交材料；"
        "有异议或者已经改正的，请带身份证向原来办理的部门提出"
    )


class RecordNotInForce(Conflict):
    """The record is not in force: it waits, was lifted or repaired, or its time is over."""

    code = "record_not_in_force"
    message = "这条失信记录现在没有生效，不用再申请，请刷新后再看"


class ReportNotFound(NotFound):
    """There is no such report, or it is another department's."""

    code = "credit_report_not_found"
    message = "没有找到这条报送，请刷新后再看"


class ReportNotRefused(Conflict):
    """The report need not be sent again: it was received, waits, or its record is not in force any more."""

    code = "credit_report_not_refused"
    message = "这条报送现在不用重新报送，请刷新后再看"


class PromiseListed(Conflict):
    """The applicant is on a list of serious breaches, and so does not promise."""

    code = "promise_listed"
    message = (
        "您被{authority}列入严重失信主体名单，{until}以前不能用告知承诺，请提交材料；"
        "对名单有异议或者要修复信用的，请向{authority}提出"
    )
