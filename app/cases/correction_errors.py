"""What can go wrong while a case is corrected, or is not taken up (补正、不予受理的错误)."""

from app.errors import Conflict, Forbidden, Invalid, NotFound


class TellingOver(Conflict):
    """The day until which the office may say what is missing is over: by law the case is accepted."""

    code = "telling_over"
    message = "告知期限已过，这个办件依法自收到之日起视为受理，请直接办理"


class TellingRuns(Conflict):
    """The office may still say what is missing: nothing follows from its silence yet."""

    code = "telling_runs"
    message = "告知期限还没有过，现在不能视为受理"


class SecondNotice(Conflict):
    """The one notice of what to correct was given: the law knows no second one."""

    code = "second_notice"
    message = "补正只能一次告知，这个办件已经告知过，不能再要求补正；请按现有材料办理"


class NothingToAsk(Invalid):
    """A notice without a single point."""

    code = "nothing_to_ask"
    message = "请至少勾选一项要补正的内容"


class PointsUnclear(Invalid):
    """A point without a reason of the list, or said too long; `errors` names each."""

    code = "points_unclear"
    message = "有的补正内容没有说清楚，请按提示修改"


class BeyondGuide(Conflict):
    """A point asks for what the pinned guide does not ask of this citizen; `errors` names each."""

    code = "beyond_guide"
    message = (
        "办事指南没有要求这些内容，不能要求补正；确有法律依据的，请先提出清单外要求，由督导或审批人员确认"
    )


class PaperAskedAgain(Forbidden):
    """A point asks on paper, or once more, for what was taken in electronically."""

    code = "paper_asked_again"
    message = "这项材料已由电子证照或电子材料提供，不能再要求申请人交纸质的；请直接使用已收的电子材料"


class CorrectionFirst(Conflict):
    """Not taken up for missing papers that nobody has asked for."""

    code = "correction_first"
    message = "材料不齐全或者不符合法定形式的，要先一次告知申请人补正，不能直接不予受理"


class DemandUnfounded(Invalid):
    """A demand beyond the guide without its name, its reason or its legal basis."""

    code = "demand_unfounded"
    message = "清单外要求要写明要什么、为什么和法律依据，请按提示补全"


class DemandNotFound(NotFound):
    """There is no such demand in this case."""

    code = "demand_not_found"
    message = "没有找到这项清单外要求，请刷新后再看"


class NotYourOwnDemand(Forbidden):
    """Whoever demands something does not confirm it."""

    code = "not_your_own_demand"
    message = "清单外要求要由另一位督导或审批人员确认，不能自己确认"


class DemandSettled(Conflict):
    """Somebody else has said yes or no to the demand."""

    code = "demand_settled"
    message = "这项清单外要求已有同事处理，请刷新后再看"


class NotToCorrect(Conflict):
    """Something was changed that the notice does not name; `errors` names it."""

    code = "not_to_correct"
    message = "这一项不在补正范围，不用修改；请只改告知书列出的内容"


class CorrectionIncomplete(Invalid):
    """Something that the notice names is still missing or wrong; `errors` names every one of them at once."""

    code = "correction_incomplete"
    message = "还有要补正的内容没有改好，请按提示修改后再提交"


class CorrectionUnchanged(Invalid):
    """Something that the notice names is as it was; whoever is sure of it may hand it in as it is."""

    code = "correction_unchanged"
    message = "有的内容和原来一样，请再核对；确实不用改的，可以选择按现在的内容提交"


class CorrectionNotFound(NotFound):
    """There is no such notice."""

    code = "correction_not_found"
    message = "没有找到这份补正告知，请刷新后再看"
