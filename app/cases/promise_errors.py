"""What can go wrong with a promise that stands for a material (告知承诺的错误)."""

from app.errors import Conflict, Invalid, NotFound


class NoPromiseHere(Conflict):
    """The guide offers no promise for this material."""

    code = "no_promise_here"
    message = "这项材料不能用告知承诺代替，请上传材料"


class PromiseEnded(Conflict):
    """The guide has been changed meanwhile and offers this promise no more, or in other words."""

    code = "promise_ended"
    message = "办事指南已经更新，这份承诺书停用了，请上传材料"


class CreditUnknown(Conflict):
    """Whether the applicant is on a credit list is not known, so nothing is granted on their promise."""

    code = "credit_unknown"
    message = (
        "申请人的信用名单还没有查到，暂不能凭告知承诺准予；系统会接着查，一直没有结果的请到“失信记录”里处理"
    )


class CreditSettled(Conflict):
    """The case waits for no answer about its applicant's credit: it is there, or was never wanted."""

    code = "credit_settled"
    message = "这个办件的信用名单已经有结果，不用再办，请刷新后再看"


class CreditStillAsked(Conflict):
    """The platform is asked and may answer yet, so nothing from elsewhere is written down."""

    code = "credit_still_asked"
    message = "信用平台还在查，一天以内没有结果或者平台答复不了的，才能登记另行核实的结果"


class CreditOfNobody(Conflict):
    """Nobody has proven who the applicant is, so there is no number to ask about."""

    code = "credit_of_nobody"
    message = "申请人现在没有实名，请先到窗口核验身份，再重新查询"


class LearnedUnfounded(Invalid):
    """What was learned elsewhere must say what, from where and why."""

    code = "learned_unfounded"
    message = "请写明从哪里核实的、为什么另行核实；列入名单的，还要写明由哪个部门列入、从哪天起"


class PromiseNotFound(NotFound):
    """No promise was signed for this material."""

    code = "promise_not_found"
    message = "这项材料没有签承诺书，请刷新后再看"
