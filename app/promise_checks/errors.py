"""What can go wrong while a promise is looked into (承诺核查的错误)."""

from app.errors import Conflict, Forbidden, Invalid, NotFound


class CheckNotFound(NotFound):
    """There is no such check, or it is another department's or person's."""

    code = "promise_check_not_found"
    message = "没有找到这个核查任务，请刷新后再看"


class EvidenceMissing(Invalid):
    """A finding without what was seen."""

    code = "evidence_missing"
    message = "请写明怎样核查的、看到了什么，不超过500字"


class CheckedBefore(Conflict):
    """Somebody has said before whether the promise was kept."""

    code = "checked_before"
    message = "这个核查已有结论，请刷新后再看"


class NothingToObject(Conflict):
    """There is nothing to object to: the promise was kept, or somebody has settled it."""

    code = "nothing_to_object"
    message = "这项核查现在不用陈述申辩，请刷新后再看"


class ObjectionTooLate(Conflict):
    """The day until which one may object is over."""

    code = "objection_too_late"
    message = "陈述申辩的期限已过；对决定不服的，可以申请行政复议或者提起行政诉讼"


class ObjectionUnsaid(Invalid):
    """An objection without a word, or too long."""

    code = "objection_unsaid"
    message = "请写明您的理由，不超过500字"


class ObjectionRuns(Conflict):
    """The applicant may still object, so nothing is settled."""

    code = "objection_runs"
    message = "申请人还可以陈述申辩，期限过后或者收到申辩后再处理"


class NothingToSettle(Conflict):
    """The check is not at the point where somebody settles it."""

    code = "nothing_to_settle"
    message = "这个核查现在不用处理，请刷新后再看"


class SettledBySame(Forbidden):
    """Who found the promise broken does not settle it."""

    code = "settled_by_same"
    message = "要由另一位审批人员处理，作出核查结论的人不能自己处理"


class SettlementUnfounded(Invalid):
    """A settlement without its reason, or a revocation without its legal basis."""

    code = "settlement_unfounded"
    message = "请写明处理的理由；撤销决定的，还要写明法律依据"


class NotRevocable(Conflict):
    """The guide does not say that the decision falls with the promise."""

    code = "not_revocable"
    message = "这个事项的承诺书没有约定撤销决定，请责令改正"
