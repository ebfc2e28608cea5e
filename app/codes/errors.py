"""What can go wrong with a code (扫码错误)."""

from app.errors import Conflict, Forbidden, Gone, NotFound, TooMany


class CodeUnknown(NotFound):
    """Not one of our codes, a forged one, one that was taken down, or one of somebody else's things."""

    code = "code_unknown"
    message = "这不是可用的一码办码，请核对后再扫"


class CodeExpired(Gone):
    """A personal code lives for a minute only."""

    code = "code_expired"
    message = "这个码已过期，请刷新后重新出示"


class CodeUsed(Conflict):
    """A personal code works once."""

    code = "code_used"
    message = "这个码已经用过了，请刷新后重新出示"


class CodeForStaff(Forbidden):
    """A personal code was scanned by a citizen."""

    code = "code_for_staff"
    message = "这是个人码，请出示给窗口工作人员扫描"


class TooManyCodes(TooMany):
    """More living codes than a person can show."""

    code = "too_many_codes"
    message = "刷新太频繁，请稍等一分钟再试"
