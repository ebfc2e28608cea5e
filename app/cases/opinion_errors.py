"""What can go wrong when departments are asked for their opinion (征求意见的错误)."""

from app.errors import Conflict, Invalid, NotFound


class OpinionNotFound(NotFound):
    """There is no such request, or it was put to another department."""

    code = "opinion_not_found"
    message = "没有找到这件征求意见，请返回列表刷新后再看"


class OpinionUnsaid(Invalid):
    """An answer, its reason, its conditions or its legal basis is missing or too long."""

    code = "opinion_unsaid"
    message = "意见还没有写完整，请补全后再提交"


class OpinionGiven(Conflict):
    """The department has answered."""

    code = "opinion_given"
    message = "贵部门已经回复过意见，不能再改，请刷新后再看"


class OpinionTooLate(Conflict):
    """The time is over, and by the published rule silence was a yes."""

    code = "opinion_too_late"
    message = "回复期限已过，按公布的规则已视为无异议；有新情况的，请直接联系牵头部门"


class OpinionOver(Conflict):
    """The lead took the request back, or the case is decided or withdrawn."""

    code = "opinion_over"
    message = "这件已经不再征求意见，请返回列表刷新后再看"


class OpinionsMissing(Conflict):
    """Departments that must be heard have not answered."""

    code = "opinions_missing"
    message = "还有部门没有回复意见，回复齐了才能准予"


class ObjectionUnanswered(Invalid):
    """A department objects, and the lead grants without saying why."""

    code = "objection_unanswered"
    message = "有部门不同意，准予的要写明为什么仍然准予"


class ObjectionUnapproved(Conflict):
    """A department objects, and no head has approved the grant."""

    code = "objection_unapproved"
    message = "有部门不同意，仍要准予的，请先报请负责人批准"


class TakingBackUnfounded(Invalid):
    """A request is taken back without a reason."""

    code = "taking_back_unfounded"
    message = "请写明为什么不再征求这个部门的意见，二百字以内"
