"""What can go wrong with a promise that stands for a material (告知承诺的错误)."""

from app.errors import Conflict, NotFound


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
    message = "申请人的信用名单还没有查到，暂不能凭告知承诺准予；系统会接着查，有结果会显示在这里"


class PromiseNotFound(NotFound):
    """No promise was signed for this material."""

    code = "promise_not_found"
    message = "这项材料没有签承诺书，请刷新后再看"
