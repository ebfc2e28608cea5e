"""What can go wrong with the clock of a case (办理时限的错误)."""

from app.errors import Conflict, Invalid


class ClockPaused(Conflict):
    """A special procedure of the case is open."""

    code = "clock_paused"
    message = "办件正在进行特别程序，时限已经暂停，请先恢复计时再操作"


class ClockNotPaused(Conflict):
    """No special procedure of the case is open."""

    code = "clock_not_paused"
    message = "办件的时限没有暂停，请刷新后再看"


class SpecialStepUnknown(Invalid):
    """The pinned guide names no such special procedure, so nothing may stop the clock for it."""

    code = "special_step_unknown"
    message = "办件所依据的办事指南没有这个特别程序，不能据此暂停时限"


class PauseDaysUnfit(Invalid):
    """How long the special procedure is expected to take is not a number of days."""

    code = "pause_days_unfit"
    message = "请填写预计需要的天数，1到{most}之间的整数"


class ClockReasonUnfit(Invalid):
    """Why the clock stands or a limit is extended was not said, or at too great a length."""

    code = "clock_reason_unfit"
    message = "请写明原因，至少五个字，最多五百字，申请人会看到"


class HeadMissing(Invalid):
    """Nobody is named who approved the extension."""

    code = "head_missing"
    message = "延长办理时限要经本机关负责人批准，请填写批准人的姓名"


class ExtensionDaysUnfit(Invalid):
    """More working days than the law allows, or none."""

    code = "extension_days_unfit"
    message = "这个办件最多延长{most}个工作日，请填写1到{most}之间的整数"


class ExtendedBefore(Conflict):
    """The limits of the case were extended once; the law knows no second time."""

    code = "extended_before"
    message = "办件已经延长过一次，不能再延长"


class TooLateToExtend(Conflict):
    """The statutory limit is over."""

    code = "too_late_to_extend"
    message = "法定时限已经过了，不能再延长，请尽快作出决定"


class NotExtendable(Conflict):
    """Only licences are extended under the licensing law."""

    code = "not_extendable"
    message = "这个事项不是行政许可，不能依照行政许可法延长时限"
