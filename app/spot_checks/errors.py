"""What can go wrong when a decision of the machine is looked at again (秒批抽查的错误)."""

from app.errors import Conflict, Forbidden, Invalid, NotFound


class CheckNotFound(NotFound):
    """There is no such check, or it is another department's."""

    code = "spot_check_not_found"
    message = "没有找到这件抽查，请返回列表刷新后再看"


class CheckedAlready(Conflict):
    """Somebody has said what they found."""

    code = "spot_check_done"
    message = "这件抽查已经有结论，请返回列表刷新后再看"


class NothingToFollow(Conflict):
    """Nothing wrong was found, or what follows is settled already."""

    code = "spot_check_settled"
    message = "这件抽查不用再处理，请返回列表刷新后再看"


class PointsAreYourOwn(Forbidden):
    """Whoever wrote or released the points does not check what followed from them."""

    code = "spot_check_own_points"
    message = "这件按您编写或审核的审查要点办结，请由另一位审批人员抽查"


class FindingMissing(Invalid):
    """Something is said to be wrong without saying what, or something follows without saying why."""

    code = "spot_check_finding_missing"
    message = "请写明情况，二百字以内"
